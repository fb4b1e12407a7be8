"""What `tail` writes: safe where people read it, faithful where programs do, without secrets where asked."""

import io
import json
import re
import sys

import pytest

from lambdatop.cli.tail_formats import TailFormat, writer_of
from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.render.redaction import Redaction
from lambdatop.render.tail_lines import TailedEvent
from tests.hostile_text import HOSTILE

SECRET = '{"level":"info","message":"paid","card":4242424242424242,"password":"hunter2","tenant":"t-7"}\n'


def written(capsys: pytest.CaptureFixture[str], tail_format: TailFormat, message: str, **options: Redaction) -> str:
    event = LogEvent(log_stream="s", timestamp_ms=1_795_230_000_123, message=message)
    writer_of(tail_format, is_utc=True, **options)([TailedEvent(event, Scope("1", "r"), "/a", "a")])
    return capsys.readouterr().out


@pytest.mark.parametrize("name", HOSTILE)
def test_pretty_lines_pass_the_gate_in_a_pipe_too_and_raw_ones_stay_as_they_came(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    message = HOSTILE[name].encode("utf-8", "replace").decode() + "\n"
    pretty = written(capsys, "pretty", message)
    assert all(character.isprintable() for line in pretty.split("\n") for character in line)
    assert written(capsys, "raw", message) == message.rstrip("\n") + "\n"
    assert json.loads(written(capsys, "json", message))["text"] == message


def test_secrets_stay_unless_they_are_to_be_taken_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert written(capsys, "raw", SECRET) == SECRET
    pretty = written(capsys, "pretty", SECRET)
    assert pretty == "03:00:00.123 · a paid card=4242424242424242 password=hunter2 tenant=t-7\n"
    for tail_format in ("pretty", "json", "raw"):
        own = written(capsys, tail_format, SECRET, redaction=Redaction.of((), [re.compile("t-[0-9]")]))
        assert ("hunter2" in own, "t-7" in own, "⟨redacted⟩" in own) == (True, False, True)
        every = written(capsys, tail_format, SECRET, redaction=Redaction.of())
        assert not {"hunter2", "4242424242424242"} & set(re.findall(r"\w+", every))


def test_json_without_secrets_has_the_fields_it_had(capsys: pytest.CaptureFixture[str]) -> None:
    fields = json.loads(written(capsys, "json", SECRET, redaction=Redaction.of()))
    assert fields["message"] == "paid"
    assert fields["fields"] == {"card": "⟨card …4242⟩", "password": "⟨password⟩", "tenant": "t-7"}
    assert json.loads(fields["text"])["tenant"] == "t-7"


def test_secrets_are_taken_out_before_the_message_is_worded(capsys: pytest.CaptureFixture[str]) -> None:
    message = json.dumps({"level": "ERROR", "message": "denied", "detail": json.dumps({"password": "hunter2 tea"})})
    assert "hunter2 tea" in written(capsys, "pretty", message).replace("\\", "")
    assert not re.search("hunter2|tea", written(capsys, "pretty", message, redaction=Redaction.of()))


@pytest.mark.parametrize(("encoding", "shape"), [("utf-8", "✖"), ("ascii", "E"), ("latin-1", "E")])
def test_levels_are_letters_where_stdout_cannot_have_shapes(
    encoding: str, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdout = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stdout)
    event = LogEvent(log_stream="s", timestamp_ms=1_795_230_000_123, message="[ERROR] boom\n")
    writer_of("pretty", is_utc=True)([TailedEvent(event, Scope("1", "r"), "/a", "a")])
    stdout.flush()
    assert stdout.buffer.getvalue().decode(encoding).split()[1:3] == [shape, "a"]


def test_a_functions_name_is_whole_however_long_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    names = ("production-order-fulfilment-service-payment-confirmation-worker", "production-order-worker-2")
    write = writer_of("pretty", is_utc=True)
    for name in names:
        event = LogEvent(log_stream="s", timestamp_ms=1_795_230_000_123, message="paid\n")
        write([TailedEvent(event, Scope("1", "r"), f"/aws/lambda/{name}", name)])
    assert [line.split()[1:] for line in capsys.readouterr().out.splitlines()] == [[name, "paid"] for name in names]
