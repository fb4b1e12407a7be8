"""What panes say, in blocks and in lines."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceStatus
from lambdatop.model.statistics import WindowStatistics
from lambdatop.render.drawing import drawing_of
from lambdatop.render.pane_layout import pane_block, pane_line
from lambdatop.render.panes import PANES, PANES_BY_KIND, Pane, PaneKind, pane_content
from lambdatop.render.span import line_text, line_width
from tests.ui import pictures


def block(kind: PaneKind, snapshot: Snapshot, width: int = 40, height: int = 5) -> list[str]:
    drawing = drawing_of(snapshot, pictures.NOW_MS, is_utc=True)
    content = pane_content(PANES_BY_KIND[kind], snapshot, drawing)
    return [line_text(line).rstrip() for line in pane_block(content, "1", width, height, drawing)]


def test_a_block_holds_title_origin_number_trend_and_the_worst() -> None:
    assert block("errors", pictures.incident()) == [
        "1 errors ───────────────────── logs <5 s",
        " 1.1%, 746 failed, 1 new ▁▁▁▁▁▁▁▁▁▁▁▃▅▇█",
        " checkout-api       746  7.6%  exception",
        "",
        "",
    ]


def test_a_pane_whose_source_is_behind_keeps_its_number_and_marks_it() -> None:
    title, number, *_ = block("throttles", pictures.incident())
    assert title.endswith("▼ metrics throttled")
    assert number.startswith(" ~1840, 2.6% refused")


def test_a_number_that_is_not_known_is_not_marked_as_late() -> None:
    late = msgspec.structs.replace(pictures.incident().sources[0], name="logs", state="late")
    unknown = msgspec.structs.replace(pictures.quiet(), accounts=(), sources=(late,))
    assert block("concurrency", unknown)[1].startswith(" – of –")  # noqa: RUF001  the sign for what is not known


def test_a_pane_without_numbers_says_why_in_whole_words() -> None:
    assert block("dead_letters", pictures.failing(), width=30)[1:3] == [
        " AWS denies",
        " sqs:GetQueueAttributes to",
    ]


def test_a_pane_that_waits_says_so() -> None:
    assert block("traces", pictures.empty())[1] == " waiting for the first answer"


def test_calm_is_said_too() -> None:
    assert block("errors", pictures.quiet())[2] == " none in this window"
    assert block("dead_letters", pictures.quiet())[2] == " all queues empty"


def test_a_source_that_worked_once_does_not_take_the_numbers_away_when_it_fails() -> None:
    sources = (SourceStatus(name="queues", state="failed", detail="no answer.", last_success_ms=1),)
    lines = block("dead_letters", msgspec.structs.replace(pictures.incident(), sources=sources))
    assert lines[0].endswith("■ queues failed")
    assert lines[1].startswith(" ~517 in 3 queues")


def test_blind_traces_say_so() -> None:
    snapshot = pictures.quiet()
    traces = msgspec.structs.replace(snapshot.traces, count=0, blind_reason="Transaction Search hides traces.")
    assert block("traces", msgspec.structs.replace(snapshot, traces=traces))[1] == " Transaction Search hides traces."


@pytest.mark.parametrize("pane", PANES, ids=lambda pane: pane.kind)
@given(width=st.integers(30, 200), height=st.integers(1, 12))
def test_panes_fit_their_place(pane: Pane, width: int, height: int) -> None:
    for make in pictures.PICTURES.values():
        snapshot = make()
        drawing = drawing_of(snapshot, pictures.NOW_MS)
        content = pane_content(pane, snapshot, drawing)
        lines = pane_block(content, "1", width, height, drawing)
        assert len(lines) == height
        for line in (*lines, pane_line(content, "1", width, drawing)):
            assert line_width(line) <= width, line_text(line)


def test_a_folded_pane_is_one_line_of_the_same() -> None:
    snapshot = pictures.incident()
    drawing = drawing_of(snapshot, pictures.NOW_MS)
    content = pane_content(PANES_BY_KIND["concurrency"], snapshot, drawing)
    assert line_text(pane_line(content, "1", 78, drawing)) == (
        "1 concurrency  57 of 1000, peak 64   ▇▇██▇▇██▇▇██▇▇█  checkout-worker 20/20/20"
    )


def test_failures_are_unknown_until_a_log_or_a_metric_has_been_read() -> None:
    empty = WindowStatistics(start_ms=0, end_ms=1)
    nothing = msgspec.structs.replace(pictures.quiet(), total=empty, complete_to_ms=None)
    read = msgspec.structs.replace(nothing, complete_to_ms=pictures.NOW_MS)

    def counted(snapshot: Snapshot) -> str:
        content = pane_content(PANES_BY_KIND["errors"], snapshot, drawing_of(snapshot, pictures.NOW_MS))
        return line_text(content.number)

    assert "– failed" in counted(nothing)  # noqa: RUF001  no number
    assert "0 failed" in counted(read)
