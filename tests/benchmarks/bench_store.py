"""What the store costs: reading a full page, beside botocore's decoding of it, and snapshots of 2,000 functions.

python -m tests.benchmarks.bench_store
"""

import gc
import time
from collections.abc import Callable

import botocore.session
from botocore.parsers import create_parser
from msgspec import Struct
from msgspec.json import Decoder

from lambdatop.model.delivery import FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.view import WINDOWS, View
from lambdatop.parsers.log_line import parse_for_counting
from lambdatop.store.store import Store
from tests.benchmarks.log_pages import MOST_PAGE_EVENTS, LogPage
from tests.benchmarks.measured import Row, median, print_rows

SCOPE = Scope("123456789012", "us-east-1")
SECOND = 1_795_000_000
FUNCTIONS, ACTIVE = 2_000, 200
PAGES = 15
SNAPSHOT_AIM_MS = 40.0


class Page(Struct):
    """The part of a response that the store reads."""

    events: list[LogEvent]


DECODE = Decoder(Page).decode


def catalogue() -> tuple[LambdaFunction, ...]:
    return tuple(
        LambdaFunction(key=FunctionKey(*SCOPE, name), memory_size_mb=512, timeout_s=30, log_group=f"/aws/lambda/{name}")
        for name in (f"function-{number:04d}" for number in range(FUNCTIONS))
    )


def store_of(functions: tuple[LambdaFunction, ...]) -> Store:
    store = Store((SECOND - 1) * 1000)
    store.apply(FunctionsDelivered(scope=SCOPE, functions=functions), SECOND * 1000)
    return store


def delivery(function: LambdaFunction, events: list[LogEvent], second: int) -> LogEventsDelivered:
    swept_to_ms = (second + 1) * 1000
    return LogEventsDelivered(
        scope=SCOPE, log_group=function.log_group, events=events, depth="full", swept_to_ms=swept_to_ms
    )


def seconds_of(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def page_rows() -> list[Row]:
    """Decoding, parsing and counting pages of one busy function, a second each."""
    functions = catalogue()
    page = LogPage(MOST_PAGE_EVENTS)
    model = botocore.session.get_session().get_service_model("logs").operation_model("FilterLogEvents")
    botocore_parser = create_parser("json")
    store = store_of(functions)
    found: dict[str, list[float]] = {name: [] for name in ("botocore", "decode", "parse", "apply")}
    for serial in range(PAGES):
        second = SECOND + serial
        body = page.stamped(serial, second)
        response = {"status_code": 200, "headers": {}, "body": body}
        found["botocore"].append(seconds_of(lambda: botocore_parser.parse(response, model.output_shape)))  # noqa: B023
        found["decode"].append(seconds_of(lambda: DECODE(body)))  # noqa: B023  run at once
        events = DECODE(body).events
        found["parse"].append(seconds_of(lambda: [parse_for_counting(event.message) for event in events]))  # noqa: B023
        delivered = delivery(functions[0], events, second)
        found["apply"].append(seconds_of(lambda: store.apply(delivered, second * 1000)))  # noqa: B023
        store.snapshot((second + 1) * 1000, View())
    milliseconds = {name: median(values[2:]) * 1000 for name, values in found.items()}
    whole = milliseconds["decode"] + milliseconds["apply"]
    added_us = (milliseconds["apply"] - milliseconds["parse"]) * 1000 / page.events
    return [
        Row("botocore's decoding of a page", milliseconds["botocore"], "ms"),
        Row("decoding by msgspec", milliseconds["decode"], "ms"),
        Row("parsing alone", milliseconds["parse"], "ms"),
        Row("apply: parsing and counting", milliseconds["apply"], "ms"),
        Row("counting an event", added_us, "us", aim=1.5),
        Row("decoding, parsing and counting", whole, "ms", yardstick=milliseconds["botocore"], aim=0.6),
    ]


def snapshot_rows() -> list[Row]:
    """Snapshots while 200 of 2,000 functions are active, after fifteen minutes of it."""
    functions = catalogue()
    store = store_of(functions)
    page = LogPage(40)
    serial = 0
    rows = []
    for minute in range(16):
        for second in range(SECOND + minute * 60, SECOND + minute * 60 + 60, 5):
            for function in functions[:ACTIVE]:
                serial += 1
                store.apply(delivery(function, DECODE(page.stamped(serial, second)).events, second), second * 1000)
            store.snapshot((second + 1) * 1000, View())
    second = SECOND + 16 * 60
    for window in WINDOWS:
        times = []
        for _ in range(12):
            second += 1
            for function in functions[:ACTIVE]:
                serial += 1
                store.apply(delivery(function, DECODE(page.stamped(serial, second)).events, second), second * 1000)
            now_ms, view = (second + 1) * 1000, View(window=window)
            times.append(seconds_of(lambda: store.snapshot(now_ms, view)) * 1000)  # noqa: B023  run at once
        rows.append(
            Row(f"snapshot over {window}, {ACTIVE} of {FUNCTIONS} changed", median(times), "ms", aim=SNAPSHOT_AIM_MS)
        )
        rows.append(Row(f"snapshot over {window}, slowest of twelve", max(times), "ms"))
    rows.append(Row("snapshot, nothing changed", seconds_of(lambda: store.snapshot(now_ms, view)) * 1000, "ms"))
    return rows


def main() -> None:
    """Measure and print."""
    gc.freeze()
    print_rows(f"The store and a page of {MOST_PAGE_EVENTS} events", page_rows())
    print_rows("Snapshots", snapshot_rows())


if __name__ == "__main__":
    main()
