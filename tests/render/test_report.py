"""The five formats of a report of a handmade account, compared with the files in `golden/`."""

import csv
import io
import json
import re
from pathlib import Path

import msgspec
import pytest

from lambdatop.model.reading import COUNTED_BY_INSIGHTS
from lambdatop.model.snapshot import Snapshot, TraceStatistics
from lambdatop.model.source_status import TailLedger
from lambdatop.model.statistics import Note
from lambdatop.render.report_csv import report_csv
from lambdatop.render.report_document import report_document
from lambdatop.render.report_markdown import report_markdown
from lambdatop.render.report_prometheus import report_prometheus
from lambdatop.render.report_table import report_table
from lambdatop.render.span import line_text, line_width
from tests.render.snapshots import END_MS, QUIET, SNAPSHOT, START_MS

GOLDEN = Path(__file__).parent / "golden"
REPORT = report_document(SNAPSHOT)
COUNTERS = {
    "invocations", "errors", "error_rate", "error_kinds", "application_errors", "throttles", "throttle_rate",
    "cold_starts", "cold_start_rate", "restores", "duration_ms", "init_duration_ms", "restore_duration_ms",
    "max_memory_used_mb", "billed_duration_ms", "cost_usd",
}  # fmt: skip
SOURCE_KEYS = {"name", "status", "lag_s", "detail", "remedy", "reading", "expires_at", "ledger", "log_groups"}
PERCENTILES = {"p50", "p95", "p99", "max"}


def table(width: int) -> str:
    return "".join(f"{line_text(line)}\n" for line in report_table(REPORT, width))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("report.json", json.dumps(REPORT, indent=2) + "\n"),
        ("report_80.txt", table(80)),
        ("report_200.txt", table(200)),
        ("report.csv", report_csv(REPORT)),
        ("report.md", report_markdown(REPORT)),
        ("report.prom", report_prometheus(REPORT)),
    ],
)
def test_a_known_account_is_reported_to_the_letter(name: str, text: str) -> None:
    assert text == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_schema_has_the_agreed_keys() -> None:
    agreed = {
        "schema",
        "generated_at",
        "window",
        "accounts",
        "functions",
        "queues",
        "traces",
        "errors",
        "sources",
        "api",
    }
    assert set(REPORT) == agreed | {"total", "notes"}
    assert REPORT["schema"] == "lambdatop.report/1"
    assert set(REPORT["window"]) == {"start", "end"}
    assert set(REPORT["accounts"][0]) == {"account_id", "region", "concurrency"}
    assert set(REPORT["accounts"][0]["concurrency"]) == {"limit", "unreserved", "in_use", "peak"}
    function = REPORT["functions"][0]
    identity = {"account_id", "region", "name", "runtime", "memory_size_mb"}
    assert set(function) == identity | COUNTERS | {"concurrency", "dead_letter_queue", "versions", "notes", "health"}
    assert set(function["concurrency"]) == {"now", "peak", "metric_max", "reserved", "provisioned"}
    assert set(function["dead_letter_queue"]) == {"name", "depth", "age_of_oldest_s"}
    assert set(function["versions"][0]) == COUNTERS | {"version"}
    assert all(set(function[f"{name}duration_ms"]) == PERCENTILES for name in ("", "init_", "restore_"))
    queue_keys = {"name", "arn", "depth", "in_flight", "age_of_oldest_s", "sources"}
    assert set(REPORT["queues"][0]) == queue_keys | {"notes"}
    assert set(REPORT["traces"]) == {"count", "faults", "errors", "throttles", "duration_s", "slowest", "notes"}
    assert set(REPORT["traces"]["duration_s"]) == PERCENTILES - {"max"}
    assert set(REPORT["traces"]["slowest"][0]) == {"id", "duration_s", "status", "entry_point"}
    error_keys = {"signature", "kind", "message", "count", "first_seen", "last_seen", "functions"}
    added = {
        "error_type",
        "frame",
        "function_count",
        "versions",
        "rate_per_minute",
        "trend",
        "is_new",
        "sample",
        "new_reason",
        "deployed_at",
    }
    assert set(REPORT["errors"][0]) == error_keys | added
    reference_keys = {"function", "version", "log_group", "log_stream", "timestamp", "request_id"}
    assert set(REPORT["errors"][0]["sample"]) == reference_keys
    assert set(REPORT["sources"][0]) == SOURCE_KEYS
    assert set(REPORT["sources"][0]["ledger"]) == set(TailLedger.__struct_fields__)
    log_group_keys = {"log_group", "complete_to", "unread_s", "trouble", "ledger"}
    assert set(REPORT["sources"][0]["log_groups"][0]) == log_group_keys
    assert set(REPORT["api"]) == {"calls", "throttled", "cost_usd", "max_cost_usd_per_hour", "slowed"}


def test_what_hidden_reports_hide_is_null_with_a_note() -> None:
    quiet = REPORT["functions"][1]
    for field in ("invocations", "error_rate", "cold_starts", "cold_start_rate", "restores", "cost_usd"):
        assert quiet[field] is None, field
    assert quiet["duration_ms"] == dict.fromkeys(("p50", "p95", "p99", "max"))
    assert quiet["errors"] == 0
    assert "system log level WARN" in quiet["notes"][0]


def test_zeros_that_nobody_has_read_are_null() -> None:
    unread = msgspec.structs.replace(
        QUIET,
        function=msgspec.structs.replace(QUIET.function, system_log_level=None),
        notes=(Note(field="invocations", text="its log group has not been read yet"),),
    )
    measured = msgspec.structs.replace(
        unread, window=msgspec.structs.replace(unread.window, metric_invocations=50, metric_errors=1)
    )
    report = report_document(msgspec.structs.replace(SNAPSHOT, functions=(unread, measured)))
    function, by_metrics = report["functions"]
    assert function["invocations"] is function["errors"] is function["error_rate"] is None
    assert set(function["error_kinds"].values()) == {None}
    assert function["notes"] == ["invocations: its log group has not been read yet"]
    assert (by_metrics["invocations"], by_metrics["errors"], by_metrics["error_rate"]) == (50, 1, 0.02)
    assert by_metrics["cold_starts"] is None
    assert report["total"]["cold_starts"] is None


def test_zeros_that_insights_counted_are_zeros() -> None:
    counted = msgspec.structs.replace(
        QUIET,
        function=msgspec.structs.replace(QUIET.function, system_log_level=None),
        notes=(Note(field="invocations", text=COUNTED_BY_INSIGHTS),),
    )
    (function,) = report_document(msgspec.structs.replace(SNAPSHOT, functions=(counted,)))["functions"]
    assert (function["invocations"], function["errors"]) == (0, 0)
    assert function["notes"] == ["invocations: counted by Insights, a minute at a time"]


def test_traces_that_cannot_be_read_are_not_none_at_all() -> None:
    unread = report_document(msgspec.structs.replace(SNAPSHOT, traces=TraceStatistics()))
    assert unread["traces"]["count"] is unread["traces"]["faults"] is None
    assert unread["traces"]["notes"] == ["traces: xray:GetTraceSummaries is denied"]
    working = msgspec.structs.replace(SNAPSHOT.sources[1], state="working")
    read = report_document(msgspec.structs.replace(SNAPSHOT, traces=TraceStatistics(), sources=(working,)))
    assert read["traces"]["count"] == 0


def test_an_account_of_which_nothing_is_known_yet_is_reported() -> None:
    empty = report_document(Snapshot(taken_at_ms=END_MS, started_at_ms=START_MS, window_start_ms=START_MS))
    assert empty["total"] is None
    assert report_csv(empty) == "account_id,region,name\n"
    assert "No functions." in [line_text(line) for line in report_table(empty, 80)]
    assert report_markdown(empty).startswith("# lambdatop: no account")
    assert report_prometheus(empty).endswith("\n")


@pytest.mark.parametrize("width", [40, 80, 99, 120, 200])
def test_no_line_of_the_table_is_wider_than_asked(width: int) -> None:
    assert all(line_width(line) <= width for line in report_table(REPORT, width))


def test_the_narrowest_table_keeps_what_matters_most() -> None:
    heading = next(text for text in table(50).splitlines() if text.startswith("function"))
    assert heading.split() == ["function", "invocations", "error", "%", "throttles"]


def test_nothing_foreign_drives_a_terminal() -> None:
    for text in (table(120), report_markdown(REPORT)):
        assert all(character == "\n" or character.isprintable() for character in text)


def test_csv_reads_back() -> None:
    rows = list(csv.DictReader(io.StringIO(report_csv(REPORT))))
    assert [row["name"] for row in rows] == ["checkout", "quiet|pipe"]
    assert rows[0]["duration_ms_p99"] == "3000.0"
    assert rows[1]["invocations"] == ""


def test_csv_cells_are_no_formulas() -> None:
    report = json.loads(json.dumps(REPORT))
    report["functions"][0]["name"] = "=cmd|'/c calc'!A0"
    assert ",'=cmd|" in report_csv(report)


LABELS = r'\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*\}'
SAMPLE = re.compile(rf"lambdatop_[a-z_]+(?:{LABELS})? -?[0-9.e+-]+")


def test_prometheus_text_follows_the_exposition_format() -> None:
    report = json.loads(json.dumps(REPORT))
    report["functions"][0]["name"] = 'a"b\\c\nd'
    seen: set[str] = set()
    family = ""
    for line in report_prometheus(report).splitlines():
        if line.startswith("# HELP "):
            family = line.split()[2]
            assert family not in seen
            seen.add(family)
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {family} gauge"
        else:
            assert SAMPLE.fullmatch(line), line
            assert re.split("[{ ]", line)[0] == family
    assert 'function="a\\"b\\\\c\\nd"' in report_prometheus(report)
