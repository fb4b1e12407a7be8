"""What the engine says of an error group, made up."""

from lambdatop.model.question import ErrorAnswer, ErrorFailure, ErrorPlace
from lambdatop.model.snapshot import ErrorGroup, LogEventReference
from tests.ui import pictures


def error_answer(group: ErrorGroup, topic: str = "error", number: int = 0) -> ErrorAnswer:
    """What the engine says of an error group: three failures, of which the last one names no request."""
    failures = tuple(
        ErrorFailure(
            reference=LogEventReference(
                log_group="/aws/lambda/checkout-api",
                log_stream="2026/11/21/[42]0d9e1c6b5f7a4e0f9a1b2c3d4e5f6a7b",
                timestamp_ms=pictures.NOW_MS - 800 - back * 1_000,
                function=group.functions[0],
                request_id=f"7f3c2a{back:02x}-0b1d-4c5e-8f6a-9b8c7d6e5f4a" if back < 2 else None,
                version="42",
            ),
            failed_ms=pictures.NOW_MS - 800 - back * 1_000,
            message=group.message,
        )
        for back in range(3)
    )
    text = f"[ERROR] {group.error_type}: {group.message}\nTraceback (most recent call last):\n"
    return ErrorAnswer(
        topic=topic,
        number=number,
        group=group,
        failures=failures,
        places=(
            ErrorPlace(function=group.functions[0], version="42", count=group.count - 1),
            ErrorPlace(function=group.functions[0], version="41", count=1),
        ),
        sample_text=text + '  File "/var/task/orders/price.py", line 41, in total',
    )
