"""What one event costs to parse, beside `json.loads` of a JSON report: `python tests/benchmarks/bench_parsers.py`."""

import json
import timeit

from lambdatop.parsers.log_line import parse_for_counting

_ID = "c3252230-c73d-49f6-8844-968c01d1e2e1"
_JSON_REPORT = (
    f'{{"time":"2026-10-08T07:30:29.470Z","type":"platform.report","record":{{"requestId":"{_ID}","metrics":'
    '{"durationMs":12.5,"billedDurationMs":13,"memorySizeMB":256,"maxMemoryUsedMB":123},"status":"success"}}'
)
_LINES = {
    "START": f"START RequestId: {_ID} Version: $LATEST\n",
    "END": f"END RequestId: {_ID}\n",
    "REPORT": f"REPORT RequestId: {_ID}\tDuration: 2.90 ms\tBilled Duration: 3 ms\tMemory Size: 128 MB"
    "\tMax Memory Used: 36 MB\t\n",
    "REPORT cold X-Ray": f"REPORT RequestId: {_ID}\tDuration: 2.46 ms\tBilled Duration: 417 ms\tMemory Size: 1024 MB"
    "\tMax Memory Used: 95 MB\tInit Duration: 413.61 ms\t\nXRAY TraceId: 1-6ac7c67a-1c0aa43118a5d54708c0da61"
    "\tSegmentId: 2d54219895e821dd\tSampled: true\t\n",
    "REPORT timeout": f"REPORT RequestId: {_ID}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB"
    "\tMax Memory Used: 36 MB\tStatus: timeout\n",
    "platform.report": _JSON_REPORT,
    "JSON INFO": json.dumps(
        {"timestamp": "2026-10-08T07:30:29Z", "level": "INFO", "message": "x" * 230, "requestId": _ID}
    ),
    "text INFO": f"2020-11-03T00:25:24.988Z\t{_ID}\tINFO\tcart checked\n",
    "print": "checked cart 8812 of customer 17 in 23 ms\n",
}


def _microseconds(statement: str, names: dict[str, object]) -> float:
    return min(timeit.repeat(statement, globals=names, number=20_000, repeat=5)) / 20_000 * 1e6


if __name__ == "__main__":
    yardstick = _microseconds("loads(text)", {"loads": json.loads, "text": _JSON_REPORT})
    print(f"{'json.loads':18} {yardstick:6.2f} µs")
    for name, text in _LINES.items():
        taken = _microseconds("parse(text)", {"parse": parse_for_counting, "text": text})
        print(f"{name:18} {taken:6.2f} µs  {taken / yardstick:5.2f}x")
