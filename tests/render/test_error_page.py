"""The page of an error group: what it is, why it is new, where it is seen, its newest line and its failures."""

import pytest
from msgspec.structs import replace

from lambdatop.model.question import ErrorAnswer, ErrorFailure, ErrorPlace
from lambdatop.model.snapshot import ErrorGroup, LogEventReference
from lambdatop.render.drawing import drawing_of
from lambdatop.render.error_page import error_page, newness_words, normalised_text
from lambdatop.render.page import Page
from lambdatop.render.span import line_text, line_width
from tests.ui import pictures
from tests.ui.error_material import error_answer

SNAPSHOT = pictures.incident()
DRAWING = drawing_of(SNAPSHOT, pictures.NOW_MS, is_utc=True)
GROUP = SNAPSHOT.error_groups[0]
ANSWER = error_answer(GROUP)


def shown(group: ErrorGroup | None = GROUP, answer: ErrorAnswer | None = ANSWER, width: int = 120) -> Page:
    return error_page(group, answer, SNAPSHOT, DRAWING, width)


def texts(page: Page) -> list[str]:
    return [line_text(row).rstrip() for row in page.lines]


def test_the_head_says_what_fails_since_when_and_how_often() -> None:
    assert texts(shown())[:6] == [
        "■ exception  KeyError  in orders/price.py:total",
        "'payment_method' in cart <value>",
        "new since 02:50:12: seen in version 42 alone, and not in older ones",
        "702 failures  92 a minute  15m ▁▁▁▁▁▁▁▂▃▆▇▇██▅",
        "first seen 02:50:12, 3 min ago  last seen 02:53:21, 0 s ago",
        "",
    ]


def test_functions_have_their_counts_by_version() -> None:
    lines = texts(shown())
    at = lines.index("Where  1 function")

    assert lines[at + 1] == "  checkout-api  702  42: 701, 41: 1"


def test_many_functions_and_versions_are_counted_and_unknown_versions_said() -> None:
    key = GROUP.functions[0]
    places = [ErrorPlace(function=key._replace(name=f"f{at}"), version=None, count=1) for at in range(8)]
    versions = [ErrorPlace(function=key, version=str(40 - at), count=9) for at in range(8)]
    lines = texts(shown(answer=replace(ANSWER, places=(*versions, *places))))
    at = next(at for at, one in enumerate(lines) if one.startswith("Where"))

    assert lines[at + 1] == "  checkout-api  72  40: 9, 39: 9, 38: 9, 37: 9, 36: 9, 35: 9, and 2 more"
    assert lines[at + 2] == "  f0             1  no version is known"
    assert lines[at + 7] == "  and 3 more"


def test_the_newest_line_is_shown_with_its_stack_and_the_failures_follow() -> None:
    lines = texts(shown())
    at = lines.index("Newest  at 02:53:21")

    assert lines[at + 1 : at + 4] == [
        "  [ERROR] KeyError: 'payment_method' in cart 8812",
        "  Traceback (most recent call last):",
        '    File "/var/task/orders/price.py", line 41, in total',
    ]
    assert lines[at + 5] == "Failures  the newest 3; enter opens the request"
    assert lines[at + 7] == (
        "  02:53:21  checkout-api  42       7f3c2a00-0b1d-4c5e-8f6a-9b8c7d6e5f4a  'payment_method' in cart 8812"
    )


def test_failures_are_what_the_page_leads_to() -> None:
    page = shown()
    first = texts(page).index("Failures  the newest 3; enter opens the request") + 2

    assert page.targets == {first + at: failure for at, failure in enumerate(ANSWER.failures)}


def test_a_narrow_page_has_the_beginnings_of_request_ids() -> None:
    assert "  02:53:21  checkout-api  42       7f3c2a00    'payment_method' in cart 8812" in texts(shown(width=80))


def test_a_line_that_is_not_held_is_said_to_be_gone() -> None:
    lines = texts(shown(answer=replace(ANSWER, sample_text=None)))

    assert "  'payment_method' in cart 8812" in lines
    assert "  the line itself is not held any more" in lines


def test_before_the_answer_the_list_s_knowledge_is_shown() -> None:
    lines = texts(shown(answer=None))

    assert lines[0].startswith("■ exception  KeyError")
    assert lines.count("  looking") == 2
    assert "  the line itself is not held any more" not in lines
    assert not shown(answer=None).targets


def test_an_error_that_is_gone_is_said_to_be() -> None:
    assert texts(shown(group=None))[0].startswith("This error is not known any more")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_new": None}, "whether it is new cannot be told"),
        ({"is_new": False}, "not new: first seen at 02:50:12"),
        (
            {"new_reason": "changed_function", "deployed_ms": pictures.NOW_MS - 200_000},
            "new since 02:50:12: never seen before the function was changed at 02:50:02",
        ),
        ({"new_reason": "not_seen_before"}, "new since 02:50:12: not seen in the 56 min before"),
    ],
)
def test_newness_has_a_reason(changes: dict[str, object], words: str) -> None:
    assert newness_words(replace(GROUP, **changes), SNAPSHOT, DRAWING).startswith(words)


def test_a_signature_without_message_says_nothing_but_its_kind() -> None:
    timed_out = SNAPSHOT.error_groups[1]

    assert normalised_text(timed_out) == ""
    assert texts(shown(timed_out))[:2] == ["■ timeout", "not new: first seen at 02:50:12"]


@pytest.mark.parametrize("width", [58, 80, 99, 100, 160])
def test_every_line_fits_and_is_safe(width: int) -> None:
    hostile = "\x1b]52;c;cm0=\x07" + "界" * 600
    key = GROUP.functions[0]._replace(name=hostile[:140])
    reference = LogEventReference(
        log_group="g", log_stream="s", timestamp_ms=1, function=key, request_id=hostile, version=hostile
    )
    failure = ErrorFailure(reference=reference, failed_ms=1, message=hostile)
    place = ErrorPlace(function=key, version=hostile, count=10**9)
    group = replace(GROUP, signature=f"x|{hostile}", message=hostile, error_type=hostile, frame=hostile)
    page = shown(group, replace(ANSWER, failures=(failure,), places=(place,), sample_text=hostile), width)

    for row in page.lines:
        assert line_width(row) <= width, line_text(row)
        assert line_text(row).isprintable()


def test_lines_of_an_application_are_not_called_failures() -> None:
    logged = replace(GROUP, kind="application")
    lines = texts(shown(logged, replace(ANSWER, group=logged)))
    assert lines[0].startswith("■ application line at ERROR")
    assert lines[3].startswith("702 lines  92 a minute")
    assert "Lines  the newest 3; enter opens the request" in lines
