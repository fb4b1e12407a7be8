"""No text makes a parser raise, however it is damaged, nested or long, nor take long."""

import json
import time
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.record import Application, End
from lambdatop.parsers.error_signature import error_identity
from lambdatop.parsers.event_input import input_events
from lambdatop.parsers.log_line import parse_for_counting, parse_log_line
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.parsers.normalised_message import normalised_message
from lambdatop.parsers.time_text import epoch_ms

_ID = "c3252230-c73d-49f6-8844-968c01d1e2e1"
_ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text(alphabet='{}[]":,\\u0D8\t\n\r \x00\ud800E-1')
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**400), 10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
_KEYS = st.sampled_from([
    "type", "record", "time", "timestamp", "level", "log_level", "message", "msg", "event", "error", "err", "errorType",
    "errorMessage", "stackTrace", "metrics", "requestId", "status", "tracing", "value", "durationMs",
    "billedDurationMs", "memorySizeMB", "instant", "epochSecond", "nanoOfSecond", "_aws", "Timestamp",
    "CloudWatchMetrics", "Namespace", "Dimensions", "Metrics", "Name", "Properties", "MessageTemplate", "@t", "@mt",
    "@l", "log", "logger", "fields", "span", "pid", "hostname", "v", "thrown", "exception", "stack_trace",
    "stack", "frames", "cause", "source", "location", "caller", "filename", "class", "function",
])  # fmt: skip
_JSON = st.recursive(
    _SCALARS | st.sampled_from(["platform.report", "platform.start", "ERROR", "INFO", "Root=1;Parent;Sampled=1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=6),
    max_leaves=12,
)


def _assert_agree(text: str) -> None:
    record = parse_log_line(text)
    assert record.text == text
    is_quiet = isinstance(record, Application) and record.level not in ("ERROR", "FATAL")
    is_quiet = is_quiet or (isinstance(record, End) and record.type is None and len(text) <= 52)
    assert parse_for_counting(text) == (None if is_quiet else record)


@given(_ANY_TEXT)
def test_any_text_lone_surrogates_included(text: str) -> None:
    _assert_agree(text)
    list(input_events(text.split("\n")))
    error_identity(parse_log_line(text))
    normalised_message(text, text)
    parse_log_stream(text)
    epoch_ms(text)


@given(st.dictionaries(_KEYS, _JSON, max_size=8))
def test_any_object_of_the_keys_that_are_read(fields: dict[str, object]) -> None:
    text = json.dumps(fields)
    _assert_agree(text)
    error_identity(parse_log_line(text))
    msgspec.json.encode(msgspec.structs.replace(parse_log_line(text), fields=None))


@given(
    st.sampled_from(["report", "start", "runtimeDone", "initStart", "initReport", "restoreReport", "extension", "x"]),
    _JSON,
)
def test_any_platform_record(event: str, record: object) -> None:
    _assert_agree(json.dumps({"time": "2026-10-08T07:30:29.470Z", "type": f"platform.{event}", "record": record}))


@given(_SCALARS)
def test_any_value_of_a_time(value: object) -> None:
    moment = epoch_ms(value)
    assert moment is None or isinstance(moment, int)


@pytest.mark.parametrize(
    "text",
    [
        '{"level":"INFO","message":' + "[" * 100_000,
        '{"level":"ERROR","message":' + '{"message":' * 5_000 + "1" + "}" * 5_001,
        '{"level":"ERROR","message":NaN}',
        '{"level":"ERROR","value":-Infinity}',
        '{"level":"ERROR","time":1e400}',
        '{"level":"ERROR","time":' + "9" * 5_000 + "}",
        '{"level":' + "9" * 400 + "}",
        '{"type":"platform.report","record":{"requestId":"r","metrics":{"durationMs":' + "9" * 400 + "}}}",
        '{"time":"2026-10-08T07:30:29.470Z","type":"platform.report","record":{"requestId":"r","metrics":{"durationMs":1e308}}}',
        '{"instant":{"epochSecond":1e18,"nanoOfSecond":1e30},"message":"m"}',
        '{"timestamp":"9999-99-99T99:99:99.999Z","message":"m"}',
        '{"timestamp":"0000-01-01T00:00:00+99:99","message":"m"}',
        '{"message":"\\ud800"}',
        '{"message":"\x00"}',
        "\x00",
        "\ud800",
        "﻿{}",
    ],
)
def test_known_traps(text: str) -> None:
    _assert_agree(text)


_MEGABYTE = 1024 * 1024
_LONG: dict[str, Callable[[], str]] = {
    "letters": lambda: "a" * _MEGABYTE,
    "logfmt": lambda: "time=" + "a" * _MEGABYTE,
    "logfmt quotes": lambda: "time=x level=info " + 'a="' * (_MEGABYTE // 3),
    "braces": lambda: "{" * _MEGABYTE,
    "quoted braces": lambda: '{"' * (_MEGABYTE // 2),
    "columns": lambda: "\t" * _MEGABYTE,
    "node": lambda: f"2020-11-03T00:25:24.988Z\t{_ID}\tERROR\t" + "\t{" * (_MEGABYTE // 2),
    "python": lambda: "[ERROR] A: " + "\nTraceback" * (_MEGABYTE // 10),
    "java": lambda: "a: " * 600 + "a.b" * (_MEGABYTE // 3) + "\n\tat x",
    "java types": lambda: "m: " + "a." * (_MEGABYTE // 2) + "\n\tat x",
    "pattern": lambda: "2024-06-17 " + "[" * _MEGABYTE,
    "rust": lambda: "2" + "Z" * _MEGABYTE,
    "rust blanks": lambda: " " * _MEGABYTE,
    "ruby": lambda: "E, [" + "-" * _MEGABYTE,
    "panic": lambda: "thread '" + "panicked at '" * (_MEGABYTE // 13),
    "report": lambda: f"REPORT RequestId: {_ID}\tDuration: 1 ms" + "\tDuration: 1" * (_MEGABYTE // 12),
    "report blanks": lambda: f"REPORT RequestId: {_ID}\t" + " " * _MEGABYTE,
    "start blanks": lambda: f"START RequestId: {_ID} " + " " * _MEGABYTE + "x",
    "extension": lambda: "EXTENSION\tName: " + "a " * (_MEGABYTE // 2),
    "template": lambda: json.dumps({"@t": "2016-06-07T03:44:57Z", "@mt": "{a" * (_MEGABYTE // 2)}),
    "stack": lambda: json.dumps({"level": "ERROR", "stack": "a." * (_MEGABYTE // 2)}),
    "keys": lambda: json.dumps({"level": "ERROR", **{f"request_id{i}": "x" for i in range(60_000)}}),
    "timeout": lambda: "2024-04-14T01:17:35.426Z Task timed out after " + "1" * _MEGABYTE,
}


@pytest.mark.parametrize("name", _LONG)
def test_a_megabyte_takes_no_long_time(name: str) -> None:
    text = _LONG[name]()
    before = time.process_time()
    _assert_agree(text)
    error_identity(parse_log_line(text))
    error_identity(Application(text=text, message=text))
    assert time.process_time() - before < 10.0, "tens of milliseconds are usual, a quadratic way takes minutes"
