"""Platform lines are read the same by their places as by their labels, and only where they are platform lines."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.record import Application, Report
from lambdatop.parsers.log_line import parse_for_counting, parse_log_line
from lambdatop.parsers.platform_text import parse_platform_text, report_by_labels

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
    "SegmentId": ("2d54219895e821dd", "segment_id", "2d54219895e821dd"),
    "Sampled": ("true", "sampled", True),
    "Status": ("error", "status", "error"),
    "Error Type": ("Runtime.ExitError", "error_type", "Runtime.ExitError"),
}
_HUNDREDTHS = st.integers(0, 90_000_000).map(lambda value: f"{value / 100:.2f}")
_WHOLE = st.integers(0, 10_000_000).map(str)


@st.composite
def _ordinary_reports(draw: st.DrawFn) -> str:
    """A REPORT as AWS writes it."""
    text = (
        f"REPORT RequestId: {draw(st.uuids())}\tDuration: {draw(_HUNDREDTHS)} ms\tBilled Duration: {draw(_WHOLE)} ms"
        f"\tMemory Size: {draw(_WHOLE)} MB\tMax Memory Used: {draw(_WHOLE)} MB\t"
    )
    if draw(st.booleans()):
        text += f"Init Duration: {draw(_HUNDREDTHS)} ms\t"
    if draw(st.booleans()):
        text += f"Restore Duration: {draw(_HUNDREDTHS)} ms\tBilled Restore Duration: {draw(_WHOLE)} ms\t"
    text += draw(st.sampled_from(["", "", "Status: timeout", "Status: error\tError Type: Runtime.OutOfMemory"]))
    if draw(st.booleans()):
        sampled = draw(st.sampled_from(["true", "false"]))
        text += f"\nXRAY TraceId: 1-6ac7c67a-1c0aa43118a5\tSegmentId: 2d54219895e821dd\tSampled: {sampled}"
        text += draw(st.sampled_from(["", "\t"]))
    return text + draw(st.sampled_from(["", "\n"]))


@given(_ordinary_reports())
def test_the_quick_way_reads_a_report_as_the_careful_one(text: str) -> None:
    assert isinstance(parse_platform_text(text), Report)
    assert parse_platform_text(text) == report_by_labels(text)


@given(_ordinary_reports(), st.data())
def test_the_quick_way_reads_a_damaged_report_as_the_careful_one(text: str, data: st.DataObject) -> None:
    here = data.draw(st.integers(6, len(text)))
    there = data.draw(st.integers(here, len(text)))
    between = data.draw(st.text(alphabet="\t\n :.-0189maXDS\u0661", max_size=4))
    damaged = text[:here] + between + text[there:]
    assert parse_platform_text(damaged) == report_by_labels(damaged)


@given(st.permutations(sorted(_LABELS)), st.sampled_from(["\t", " ", "  ", "\n", "\t\n"]), st.integers(1, len(_LABELS)))
def test_labels_of_a_report_are_found_in_any_order_and_number(labels: list[str], gap: str, count: int) -> None:
    kept = ["Duration", *[label for label in labels if label != "Duration"][: count - 1]]
    kept.sort(key=labels.index)
    record = parse_log_line(
        gap.join([f"REPORT RequestId: {_ID}", *(f"{label}: {_LABELS[label][0]}" for label in kept)])
    )
    assert isinstance(record, Report)
    expected: dict[str, Any] = {name: value if label in kept else None for label, (_, name, value) in _LABELS.items()}
    assert {name: getattr(record, name) for name in expected} == expected


@given(st.text(min_size=1))
def test_a_report_inside_other_text_is_none(before: str) -> None:
    assert not isinstance(parse_log_line(f"{before}REPORT RequestId: {_ID}\tDuration: 2.46 ms\n"), Report)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999", "9" * 5000, "", "\u0661"])
def test_a_duration_that_is_no_number_is_not_one(number: str) -> None:
    record = parse_for_counting(f"REPORT RequestId: {_ID}\tDuration: {number} ms\tBilled Duration: {number} ms\n")
    if record is not None:
        assert isinstance(record, Report)
        assert record.duration_ms in (None, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "START of the nightly job",
        "START RequestId: missing Version: $LATEST",
        f"START RequestId: {_ID} Version: $LATEST of the app",
        f"END RequestId: {_ID} was last seen",
        "END",
        f"REPORT RequestId: {_ID}",
        f"REPORT RequestId: {_ID} is ready",
        f"REPORT RequestId: {_ID}, Duration: 3.01 ms",
        f"  REPORT RequestId: {_ID}\tDuration: 3.01 ms",
        f"> REPORT RequestId: {_ID}\tDuration: 3.01 ms",
        f"report RequestId: {_ID}\tDuration: 3.01 ms",
        f"REPORT RequestId: {_ID.replace('-', '')}\tDuration: 3.01 ms",
        "INIT_START sequence",
        "INIT_REPORT of the engine",
        "RESTORE_REPORT is late",
        "RESTORE_START now",
        "EXTENSION cord",
        "TELEMETRY off",
        "IMAGE\tprocessed",
        f"RequestId: {_ID} done",
        "Request took 3 ms",
        f"the Task timed out after 3.00 seconds in {_ID}",
        f"2024-04-14T01:17:35.426Z {_ID} Task timed out after 3.05 seconds, trying again",
    ],
)
def test_a_line_that_only_looks_like_a_platform_line_is_the_applications(text: str) -> None:
    record = parse_log_line(text)
    assert isinstance(record, Application)
    assert re.sub(r"\s+", " ", record.message or "") in re.sub(r"\s+", " ", text)
    assert parse_for_counting(text) is None
