"""What the parser in front of botocore's saves: `python -m tests.benchmarks.bench_decode`.

Both start from an HTTP answer's bytes and end with what a source reads: events or points.
"""

import json
import time
from collections.abc import Callable
from typing import Any

import botocore.session
from botocore.parsers import ResponseParserFactory

from lambdatop.sources.fast_decode import FastParserFactory, log_events_page, metric_data_page
from tests.benchmarks.log_pages import MOST_PAGE_EVENTS, LogPage
from tests.benchmarks.measured import Row, median, print_rows

SECOND = 1_795_000_000
QUERIES, POINTS = 500, 60
ROUNDS = 15


def metric_body() -> bytes:
    """Return a GetMetricData answer of 500 metrics, an hour each."""
    times = [SECOND - 60 * place for place in range(POINTS)]
    results = [
        {
            "Id": f"m{number}",
            "Label": "Invocations",
            "StatusCode": "Complete",
            "Timestamps": times,
            "Values": [float(number + place) for place in range(POINTS)],
        }
        for number in range(QUERIES)
    ]
    return json.dumps({"MetricDataResults": results}).encode()


def milliseconds(factory: ResponseParserFactory, operation: Any, body: bytes, read: Callable[[Any], object]) -> float:  # noqa: ANN401  botocore has no types
    """Return the median time of an answer's way from bytes to what is read."""
    response = {"status_code": 200, "headers": {}, "body": body}
    protocol = operation.service_model.resolved_protocol
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        read(factory.create_parser(protocol).parse(response, operation.output_shape))
        times.append((time.perf_counter() - start) * 1000)
    return median(times)


def main() -> None:
    """Measure and print."""
    session = botocore.session.get_session()
    rows = []
    for name, service, operation, body, read, aim in (
        (
            f"FilterLogEvents, {MOST_PAGE_EVENTS} events",
            "logs",
            "FilterLogEvents",
            LogPage(MOST_PAGE_EVENTS).stamped(1, SECOND),
            log_events_page,
            0.3,
        ),
        (f"GetMetricData, {QUERIES} x {POINTS}", "cloudwatch", "GetMetricData", metric_body(), metric_data_page, 0.1),
    ):
        model = session.get_service_model(service).operation_model(operation)
        stock = milliseconds(ResponseParserFactory(), model, body, lambda answer: answer)
        fast = milliseconds(FastParserFactory(), model, body, read)
        rows.append(Row(name, fast, "ms", yardstick=stock, aim=aim))
    print_rows("Decoding answers, beside botocore's own parser", rows)


if __name__ == "__main__":
    main()
