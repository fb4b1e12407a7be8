"""A page's bytes → decoded → parsed → store updated, beside botocore's own decoding of the same bytes and no more.

python -m tests.benchmarks.bench_page [--pages 30]
"""

import argparse
import time
from typing import Any

import botocore.session
from botocore.parsers import ResponseParserFactory

from lambdatop.model.delivery import FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.sources.fast_decode import FastParserFactory, log_events_page
from lambdatop.store.store import Store
from tests.benchmarks.log_pages import MOST_PAGE_EVENTS, LogPage
from tests.benchmarks.measured import Row, median, print_rows

_FIRST_SECOND = 1_795_000_000
_SCOPE = Scope("123456789012", "us-east-1")
_GROUP = "/aws/lambda/checkout"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=30)
    pages = parser.parse_args().pages
    operation = botocore.session.get_session().get_service_model("logs").operation_model("FilterLogEvents")
    fast, stock = FastParserFactory().create_parser("json"), ResponseParserFactory().create_parser("json")
    page = LogPage(MOST_PAGE_EVENTS)
    store = Store(_FIRST_SECOND * 1000)
    function = LambdaFunction(key=FunctionKey(*_SCOPE, "checkout"), memory_size_mb=512, log_group=_GROUP)
    store.apply(FunctionsDelivered(scope=_SCOPE, functions=(function,)), _FIRST_SECOND * 1000)
    decoding, ours, botocores = [], [], []
    for serial in range(pages):
        second = _FIRST_SECOND + serial
        now_ms = (second + 1) * 1000
        answer: dict[str, Any] = {"body": page.stamped(serial, second), "headers": {}, "status_code": 200}
        began = time.perf_counter()
        events = log_events_page(fast.parse(answer, operation.output_shape)).events
        decoded = time.perf_counter()
        store.apply(LogEventsDelivered(scope=_SCOPE, log_group=_GROUP, events=events, depth="full"), now_ms)
        applied = time.perf_counter()
        stock.parse(answer, operation.output_shape)
        botocores.append((time.perf_counter() - applied) * 1000)
        decoding.append((decoded - began) * 1000)
        ours.append((applied - began) * 1000)
    yardstick = median(botocores)
    print_rows(
        f"A page of {page.events} events (yardstick: botocore's decoding alone)",
        [
            Row("decoded, parsed, store updated", median(ours), "ms", yardstick, 0.6),
            Row("of that, decoded", median(decoding), "ms", yardstick),
            Row("events a second on one core", page.events / median(ours) * 1000, "/s"),
        ],
    )


if __name__ == "__main__":
    main()
