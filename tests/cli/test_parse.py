"""`lambdatop parse` as a filter: on pipes, on a terminal, and where input or output fails."""

import json
import os
import pty
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.cli.parse import for_terminal, parse_command

_PROGRAM = [sys.executable, "-m", "lambdatop", "parse"]

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


def test_help_says_what_an_envelope_is() -> None:
    words = " ".join(CliRunner().invoke(parse_command, ["--help"]).stdout.split())
    assert "an application's own line of just those keys looks the same and is read so too" in words


def test_huge_and_undecodable_lines() -> None:
    given = b"a" * 5_000_000 + b"\nEND\xff\xfe\n\x00\n" + b"b" * 3_000_000
    lines = CliRunner().invoke(parse_command, input=given).stdout.splitlines()
    assert [len(json.loads(line)["message"]) for line in lines] == [5_000_000, 5, 1, 3_000_000]


def test_lone_surrogates_of_json_input() -> None:
    found = json.loads(CliRunner().invoke(parse_command, input=b'{"message":"\\ud800"}').stdout)
    assert found["text"] == '{"message":"\\ud800"}'


_HOSTILE = "a\x1b]52;c;cm0=\x07 \x9b2J\x7f \u202etxt\u200b\u2028\U000e0041\ufe0f\xad \u00e9\u4f60\U0001f600 \tz"


def test_a_terminal_gets_escapes_and_a_pipe_the_characters() -> None:
    given = json.dumps({"message": _HOSTILE, "eventId": "\x9b"}, ensure_ascii=False).encode()
    piped = subprocess.run(_PROGRAM, input=given, capture_output=True, check=True).stdout
    assert "\x9b2J\x7f \u202etxt".encode() in piped
    shown = _on_a_terminal(given)
    assert json.loads(shown) == json.loads(piped)
    assert json.loads(shown)["message"] == _HOSTILE
    assert "\u00e9\u4f60\U0001f600" in shown
    assert all(unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp") for character in shown.strip())


def _on_a_terminal(given: bytes) -> str:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(_PROGRAM, stdin=subprocess.PIPE, stdout=theirs, stderr=theirs)
    os.close(theirs)
    assert process.stdin is not None
    process.stdin.write(given)
    process.stdin.close()
    written = b""
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:  # the terminal's other end is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(30) == 0
    return written.decode()


@given(st.text())
def test_escapes_for_a_terminal_are_faithful(text: str) -> None:
    line = json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n"
    shown = for_terminal(line)
    assert json.loads(shown) == {"text": text}
    assert shown.decode()[:-1].isprintable()


def test_a_pile_of_marks_is_written_as_escapes_on_a_terminal() -> None:
    text = "Z" + "\u0301" * 5 + " Z\u0301"
    line = json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n"
    assert for_terminal(line).decode() == '{"text": "Z' + "\u0301" * 3 + "\\u0301" * 2 + ' Z\u0301"}\n'


def test_an_event_is_passed_on_before_its_pipe_ends() -> None:
    with subprocess.Popen(_PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{_END}\nhello\n".encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["kind"] == "end"
        process.stdin.close()
        assert json.loads(process.stdout.readline())["message"] == "hello"
    assert process.returncode == 0


def test_a_reader_that_has_enough_is_no_failure() -> None:
    with subprocess.Popen(_PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(b"hello\n" * 2)
        process.stdin.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is simulated by a device of Linux")
def test_a_full_disk_is_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        found = subprocess.run(_PROGRAM, input=b"hello\n", stdout=full, stderr=subprocess.PIPE, check=False)
    assert (found.returncode, found.stderr.decode().count("\n")) == (2, 1)
    assert "stdout cannot be written to: No space left on device" in found.stderr.decode()


@pytest.mark.parametrize(
    ("closed", "sentence"), [(">&-", "stdout is closed, so there is nowhere to write to"), ("<&-", "stdin is closed")]
)
def test_a_closed_end_is_one_sentence(closed: str, sentence: str) -> None:
    found = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *_PROGRAM], input=b"hello\n", capture_output=True, check=False
    )
    assert (found.returncode, found.stderr.decode().count("\n")) == (2, 1)
    assert sentence in found.stderr.decode()


def test_a_directory_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(parse_command, [str(tmp_path)])
    assert result.exit_code == 2
    assert "cannot be read: Is a directory" in result.stderr
