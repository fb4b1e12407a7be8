"""Every line of the corpus gives exactly the object beside it, and counting agrees with parsing."""

import random
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.record import Application, Report
from lambdatop.parsers.log_line import parse_for_counting, parse_log_line

_LINES: list[tuple[str, dict[str, Any]]] = [
    (f"{path.stem}: {line['name']}", line)
    for path in sorted((Path(__file__).parents[1] / "lines").glob("*.toml"))
    for line in tomllib.loads(path.read_text())["line"]
]
_ID = "c3252230-c73d-49f6-8844-968c01d1e2e1"
_LABELS = {
    "Duration": ("2.46 ms", "duration_ms", 2.46),
    "Billed Duration": ("417 ms", "billed_duration_ms", 417),
    "Memory Size": ("1024 MB", "memory_size_mb", 1024),
    "Max Memory Used": ("95 MB", "max_memory_used_mb", 95),
    "Init Duration": ("413.61 ms", "init_duration_ms", 413.61),
    "Restore Duration": ("325.93 ms", "restore_duration_ms", 325.93),
    "Billed Restore Duration": ("26 ms", "billed_restore_duration_ms", 26),
    "XRAY TraceId": ("1-6ac7c67a-1c0a", "trace_id", "1-6ac7c67a-1c0a"),
    "Status": ("error", "status", "error"),
    "Error Type": ("Runtime.ExitError", "error_type", "Runtime.ExitError"),
}


def _assert_counting_agrees(text: str) -> None:
    record = parse_log_line(text)
    is_quiet = isinstance(record, Application) and record.level not in ("ERROR", "FATAL")
    assert parse_for_counting(text) == (None if is_quiet else record)


@pytest.mark.parametrize(("name", "line"), _LINES, ids=[name for name, _ in _LINES])
def test_line(name: str, line: dict[str, Any]) -> None:
    found = msgspec.json.decode(msgspec.json.encode(parse_log_line(line["text"])))
    assert found.pop("text") == line["text"]
    assert found == line["expected"], name
    _assert_counting_agrees(line["text"])


@pytest.mark.parametrize(("name", "line"), _LINES, ids=[name for name, _ in _LINES])
def test_mutations_of_a_line_never_raise(name: str, line: dict[str, Any]) -> None:
    chance = random.Random(name)
    for _ in range(60):
        text = line["text"]
        here, there = sorted(chance.choices(range(len(text) + 1), k=2))
        for mutant in (text[:here], text[:here] + text[there:], text[:there] + text[here:], text[there:] + text[:here]):
            _assert_counting_agrees(mutant)


@given(st.text() | st.from_regex(r"\A(START|END|REPORT|INIT_START|\[ERROR\]|\{\"level\":|panic: ).*"))
def test_any_text_is_a_record(text: str) -> None:
    _assert_counting_agrees(text)


@given(st.permutations(sorted(_LABELS)), st.sampled_from(["\t", " ", "  ", "\n", "\t\n"]))
def test_labels_of_a_report_are_found_in_any_order(labels: list[str], gap: str) -> None:
    text = gap.join([f"REPORT RequestId: {_ID}", *(f"{label}: {_LABELS[label][0]}" for label in labels)])
    record = parse_log_line(text)
    assert isinstance(record, Report)
    assert [getattr(record, name) for _, name, _ in _LABELS.values()] == [value for _, _, value in _LABELS.values()]


@given(st.text(min_size=1))
def test_a_report_inside_other_text_is_none(before: str) -> None:
    assert not isinstance(parse_log_line(f"{before}REPORT RequestId: {_ID}\tDuration: 2.46 ms\n"), Report)
