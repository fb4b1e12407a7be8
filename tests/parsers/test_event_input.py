"""Events out of text: which lines belong together, and which JSON is an envelope around a log line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.parsers.event_input import InputEvent, input_events

_ID = "c3252230-c73d-49f6-8844-968c01d1e2e1"
_END = f"END RequestId: {_ID}"


def _messages(text: str) -> list[str]:
    return [event.message for event in input_events(text.splitlines(keepends=True))]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", []),
        ("\n\n", []),
        ("a\nb\n", ["a", "b"]),
        ("a\r\nb", ["a", "b"]),
        ("a\n\n\nb\n", ["a", "b"]),
        (
            f"REPORT RequestId: {_ID}\tDuration: 1.00 ms\t\nXRAY TraceId: 1-a\tSegmentId: b\tSampled: true\t\n{_END}\n",
            [f"REPORT RequestId: {_ID}\tDuration: 1.00 ms\t\nXRAY TraceId: 1-a\tSegmentId: b\tSampled: true\t", _END],
        ),
        (
            f"RequestId: {_ID} Error: Runtime exited without providing a reason\nRuntime.ExitError\nnext",
            [f"RequestId: {_ID} Error: Runtime exited without providing a reason\nRuntime.ExitError", "next"],
        ),
        (
            '[ERROR] KeyError: x\nTraceback (most recent call last):\n\u00a0\u00a0File "a.py"\nhello',
            ['[ERROR] KeyError: x\nTraceback (most recent call last):\n\u00a0\u00a0File "a.py"', "hello"],
        ),
        (
            "bad: a.B\na.B: bad\n\tat c.D(E.java:1)\nCaused by: f.G: no\n\tat h.I(J.java:2)\nnext",
            ["bad: a.B", "a.B: bad\n\tat c.D(E.java:1)\nCaused by: f.G: no\n\tat h.I(J.java:2)", "next"],
        ),
        (
            'Error raised from handler method\n{\n  "errorMessage": "b",\n  "errorType": "Function<E>"\n}\nnext',
            ['Error raised from handler method\n{\n  "errorMessage": "b",\n  "errorType": "Function<E>"\n}', "next"],
        ),
        (
            'x\n{"level":"INFO","message":"m"}\n  at y',
            ["x", '{"level":"INFO","message":"m"}\n  at y'],
        ),
    ],
)
def test_lines_that_belong_together(text: str, messages: list[str]) -> None:
    assert _messages(text) == messages


def test_an_envelope_of_every_tool() -> None:
    lines = [
        {"logStreamName": "s", "timestamp": 5, "message": "a", "ingestionTime": 6, "eventId": "e"},
        {"log_stream": "s", "log_group": "g", "timestamp": 5, "message": "b", "ingestion_time": 6, "event_id": "e"},
        {"logGroupIdentifier": "g", "@message": "c"},
        {"message": "d"},
    ]
    assert list(input_events(json.dumps(line) for line in lines)) == [
        InputEvent("a", 5, 6, None, "s", "e"),
        InputEvent("b", 5, 6, "g", "s", "e"),
        InputEvent("c", None, None, "g"),
        InputEvent("d"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        '{"message":"m","level":"INFO"}',
        '{"message":{"a":1},"timestamp":5}',
        '{"message":"m","timestamp":5,"cart":7}',
        '{"events":[],"message":"m"}',
        '{"events":[{"message":"m"}],"level":"INFO"}',
        '{"events":[{"name":"m"}]}',
        '{"events":"message"}',
        '[{"message":"m","level":"INFO"}]',
        '{"message":"cut',
        '{"message":"\\ud800"}',
    ],
)
def test_an_applications_own_json_is_the_log_line(line: str) -> None:
    assert list(input_events([line])) == [InputEvent(line)]


def test_an_applications_line_of_an_envelopes_keys_is_read_as_one() -> None:
    assert list(input_events(['{"message": "x", "timestamp": 123}'])) == [InputEvent("x", 123)]


_PAGE = {"events": [{"message": "a", "timestamp": 1, "eventId": "e"}, {"message": "b\n  c"}], "searchedLogStreams": []}


@pytest.mark.parametrize("indent", [None, 4])
@pytest.mark.parametrize("document", [_PAGE, {**_PAGE, "nextToken": "t"}, _PAGE["events"]])
def test_what_the_aws_cli_prints(document: object, indent: int | None) -> None:
    found = list(input_events(json.dumps(document, indent=indent).splitlines()))
    assert found == [InputEvent("a", 1, event_id="e"), InputEvent("b\n  c")]


def test_pages_one_a_line() -> None:
    line = json.dumps(_PAGE)
    assert len(list(input_events([line, '{"events":[]}', line]))) == 4


def test_a_pretty_document_that_is_cut_is_text() -> None:
    assert _messages('{\n  "events": [\n    {') == ['{\n  "events": [\n    {']


def test_an_event_of_very_many_lines_is_cut_and_nothing_is_lost() -> None:
    lines = ["Traceback", *["  at x"] * 4_500]
    messages = list(input_events(lines))
    assert len(messages) > 1
    assert "\n".join(event.message for event in messages).split("\n") == lines


@given(st.lists(st.text(st.characters(exclude_characters="\r\n{["), max_size=12), max_size=12))
def test_no_line_is_lost_or_repeated(lines: list[str]) -> None:
    read = "\n".join(event.message for event in input_events(f"{line}\n" for line in lines)).split("\n")
    assert [line for line in read if line.strip()] == [line for line in lines if line.strip()]
