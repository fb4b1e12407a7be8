"""What `query` writes of its rows."""

import pytest

from lambdatop.cli import character_set
from lambdatop.cli.query_output import Output, QueryFormat, write_estimate, write_rows
from lambdatop.model.query import QueryProgress
from lambdatop.render.redaction import Redaction

MINUTES = [f"2026-11-21 18:0{minute}:00.000" for minute in range(5)]
COUNTS = QueryProgress(
    number=1,
    status="complete",
    columns=("bin(1m)", "user", "n"),
    rows=tuple((minute, user, "3") for minute in MINUTES for user in ("ann@example.com", "AKIAIOSFODNN7EXAMPLE")),
)


@pytest.mark.parametrize(
    ("query_format", "is_chart"),
    [("table", False), ("table", True), ("json", False), ("jsonl", False), ("csv", False), ("markdown", False)],
)
def test_no_format_nor_chart_has_a_secret_that_is_to_be_taken_out(
    capsys: pytest.CaptureFixture[str], query_format: QueryFormat, is_chart: bool
) -> None:
    write_rows(COUNTS, Output(query_format, is_chart, is_utc=True))
    plain = capsys.readouterr().out
    write_rows(COUNTS, Output(query_format, is_chart, is_utc=True, redaction=Redaction.of(None, ())))
    redacted = capsys.readouterr().out
    for secret in ("ann@", "AKIAIOSFODNN7"):
        assert (secret in plain, secret in redacted) == (True, False), redacted
    assert "AWS key ID" in redacted


@pytest.mark.parametrize("query_format", ["table", "jsonl", "csv", "markdown"])
def test_no_rows_write_nothing(capsys: pytest.CaptureFixture[str], query_format: QueryFormat) -> None:
    write_rows(QueryProgress(number=1, status="complete"), Output(query_format, is_chart=False, is_utc=True))
    assert capsys.readouterr().out == ""


def test_no_rows_are_an_empty_list_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    write_rows(QueryProgress(number=1, status="complete"), Output("json", is_chart=False, is_utc=True))
    assert capsys.readouterr().out == "[]\n"


def test_an_estimate_can_be_read_by_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    for query_format in ("csv", "jsonl", "table"):
        write_estimate(3.4e9, 0.017, Output(query_format, is_chart=False, is_utc=True))
    assert capsys.readouterr().out == (
        "estimated_bytes,cost_usd\n3400000000,0.017000\n"
        '{"estimated_bytes":"3400000000","cost_usd":"0.017000"}\n'
        "would scan about 3.4 GB, $0.017\n"
    )


def test_a_locale_without_other_characters_gets_charts_in_ascii(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(character_set, "is_ascii", lambda: True)
    write_rows(COUNTS, Output("table", is_chart=True, is_utc=True))
    written = capsys.readouterr().out
    assert written.isascii()
    assert len(written.splitlines()) > 5
