import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lambdatop.cli.parse import parse_command

_END = "END RequestId: c3252230-c73d-49f6-8844-968c01d1e2e1"


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        (f"{_END}\nhello\n".encode(), ["end", "application"]),
        (
            b"[ERROR] KeyError: x\nTraceback (most recent call last):\n  F\nKeyError: x\nhi\n",
            ["unhandled_error", "application"],
        ),
        (b"\xff\xfe\n", ["application"]),
        (b'{\n "events": [\n  {"message": "a"},\n  {"message": "b"}\n ]\n}\n', ["application", "application"]),
        (b"", []),
    ],
)
def test_one_object_an_event(given: bytes, kinds: list[str]) -> None:
    result = CliRunner().invoke(parse_command, input=given)
    assert [json.loads(line)["kind"] for line in result.stdout.splitlines()] == kinds


def test_what_the_input_says_of_an_event_is_carried_along() -> None:
    line = json.dumps({"message": _END, "timestamp": 5, "logStreamName": "s", "eventId": "e", "ingestionTime": 6})
    found = json.loads(CliRunner().invoke(parse_command, input=line).stdout)
    assert (found["timestamp"], found["log_stream"], found["event_id"], found["ingestion_time"]) == (5, "s", "e", 6)


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(parse_command, [str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "cannot be read: No such file" in result.stderr
