"""A request's page: what became of it, what it took, what it is linked to, and its lines."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.identity import FunctionKey
from lambdatop.model.question import LogMoment, RequestAnswer, RequestCandidate, RequestOccurrence
from lambdatop.model.statistics import Invocation
from lambdatop.model.trace import TraceSummary
from lambdatop.render.drawing import drawing_of
from lambdatop.render.log_lines import LogDrawing
from lambdatop.render.page import Page, RequestTarget
from lambdatop.render.request_page import request_page
from lambdatop.render.request_rows import LINES_AN_END, request_rows
from lambdatop.render.request_words import outcome, start_words, trace_lines
from lambdatop.render.span import line_text, line_width
from lambdatop.render.units import UNKNOWN
from tests.render.request_samples import (
    ANSWER,
    CHECKOUT,
    FIRST_MS,
    LINKED,
    PAYMENT,
    REQUEST,
    RETRIED,
    STREAM,
    TIMED_OUT,
    TRACE,
    log_line,
)
from tests.ui import pictures

SNAPSHOT = pictures.incident()
DRAWING = drawing_of(SNAPSHOT, pictures.NOW_MS, is_utc=True)
FUNCTION = next(one.function for one in SNAPSHOT.functions if one.key == CHECKOUT)
replace = msgspec.structs.replace


def page_of(answer: RequestAnswer | None, width: int = 100) -> Page:
    log_drawing = LogDrawing(width=width, is_utc=True, wraps=True, dims_platform=True)
    return request_page(answer, f"request {REQUEST}", SNAPSHOT, DRAWING, log_drawing)


def texts(page: Page) -> list[str]:
    return [line_text(line).rstrip() for line in page.lines]


def only(*occurrences: RequestOccurrence) -> list[str]:
    return texts(page_of(replace(ANSWER, occurrences=occurrences)))


def fact(lines: list[str], name: str) -> str:
    return next(line[15:].strip() for line in lines if line.startswith(f"  {name} "))


def test_a_timeout_after_a_cold_start_is_told_with_all_its_numbers() -> None:
    lines = only(TIMED_OUT)
    assert lines[0] == f"checkout-api  request {REQUEST}"
    assert fact(lines, "outcome") == "■ timeout"
    assert fact(lines, "start") == "cold: init took 600 ms"
    assert fact(lines, "environment") == f"version 42  {STREAM}"
    assert fact(lines, "duration").endswith("3.00 s of 30.0 s, billed 3.60 s")
    assert fact(lines, "duration").startswith("░")
    assert fact(lines, "memory").endswith("120 MB of 128 MB")
    assert fact(lines, "cost") == "$0.0000077, $7.70 for a million of these"
    assert fact(lines, "correlation") == "correlation_id cart-77-abc"


def test_lines_stand_with_their_time_since_start_and_pauses_between_them() -> None:
    lines = only(TIMED_OUT)
    start = lines.index("Lines  6, with the time since START; enter opens one")
    assert [line[:10].strip() for line in lines[start + 1 :]] == [
        "-620 ms", "-100 ms", "0", "+12 ms", "", "+2.81 s", "", "", "+3.00 s",
    ]  # fmt: skip
    assert lines[start + 5].strip() == "… 2.80 s …"
    assert "cart opened correlation_id=cart-77-abc" in lines[start + 4]
    assert [lines[start + 7].strip(), lines[start + 8].strip()] == ["Traceback (most recent call last):", 'File "a.py"']


def test_every_line_leads_to_its_event_and_every_linked_request_to_itself() -> None:
    page = page_of(replace(ANSWER, occurrences=(TIMED_OUT,)))
    assert list(page.targets.values()) == [RequestTarget(PAYMENT, LINKED), *(line.key for line in TIMED_OUT.lines)]
    shown = {target: line_text(page.lines[row]) for row, target in page.targets.items()}
    assert LINKED in shown[RequestTarget(PAYMENT, LINKED)]
    assert "correlationId" in shown[RequestTarget(PAYMENT, LINKED)]
    assert "cart opened" in shown[TIMED_OUT.lines[3].key]


def test_a_retry_is_told_first_and_each_with_its_number() -> None:
    lines = only(TIMED_OUT, RETRIED)
    assert lines.index("2nd of 2 times this ID was invoked") < lines.index("1st of 2 times this ID was invoked")
    assert [line.split()[-1] for line in lines if line.startswith("  outcome")] == ["ok", "timeout"]
    assert sum(line.startswith("  trace") for line in lines) == 1


def test_what_may_be_missing_is_said() -> None:
    assert any("Some may be missing" in line for line in only(replace(TIMED_OUT, is_text_complete=False)))
    assert not any("Some may be missing" in line for line in only(TIMED_OUT))
    shared = " ".join(" ".join(only(replace(TIMED_OUT, is_stream_shared=True))).split())
    assert "serves many requests at once" in shared


def test_without_lines_it_says_whether_they_are_still_looked_for() -> None:
    bare = replace(TIMED_OUT, lines=())
    assert "  No line of it is held." in only(bare)
    looking = texts(page_of(replace(ANSWER, occurrences=(bare,), is_complete=False)))
    assert "  Its lines are being looked for." in looking


def test_lines_left_out_are_counted_where_they_are_missing() -> None:
    many = tuple(log_line(FIRST_MS + number, f"line {number}") for number in range(2 * LINES_AN_END))
    rows = texts(request_rows(replace(TIMED_OUT, lines=many, lines_left_out=4_321), LogDrawing(width=100)))
    assert rows[LINES_AN_END].strip() == "… 4,321 lines are not shown here …"
    assert "line 999" in rows[LINES_AN_END - 1]
    assert "line 1000" in rows[LINES_AN_END + 1]


def words(line: tuple[object, ...]) -> str:
    return line_text(line)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"failure": None}, "● ok"),
        ({"failure": "runtime_exit", "error_type": "Runtime.ExitError"}, "■ runtime exit Runtime.ExitError"),
        ({"failure": None, "ended_ms": None, "started_ms": pictures.NOW_MS - 2_000}, "◌ running for 2.00 s"),
        ({"failure": None, "ended_ms": None}, "◌ no REPORT was read"),
        ({"failure": None, "ended_ms": None, "started_ms": None}, "◌ neither START nor REPORT is known"),
    ],
)
def test_the_outcome_is_known_or_said_not_to_be(changes: dict[str, object], expected: str) -> None:
    invocation: Invocation = replace(TIMED_OUT.invocation, **changes)
    assert words(outcome(invocation, FUNCTION, pictures.NOW_MS)) == expected


def test_the_start_is_cold_warm_or_again() -> None:
    assert words(start_words(RETRIED)) == "warm"
    assert words(start_words(replace(RETRIED, is_init_suppressed=True))).startswith("initialised again")
    restored = replace(RETRIED.invocation, restore_duration_ms=812.0)
    assert words(start_words(replace(RETRIED, invocation=restored))) == "cold: restore took 812 ms"
    running = replace(TIMED_OUT.invocation, init_duration_ms=None, ended_ms=None)
    assert words(start_words(replace(TIMED_OUT, invocation=running))) == "cold: init began at 620 ms before START"
    assert words(start_words(replace(RETRIED, invocation=running))) == UNKNOWN


def test_a_long_function_name_leaves_room_for_the_request_id() -> None:
    long_name = FunctionKey(*CHECKOUT[:2], "production-order-fulfilment-service-payment-confirmation-handler")
    head = texts(page_of(replace(ANSWER, occurrences=(replace(TIMED_OUT, function=long_name),)), width=80))[0]
    assert head.startswith("production-order-")
    assert head.endswith(f"…  request {REQUEST}")


def test_the_time_that_was_come_from_is_told_first() -> None:
    both = replace(ANSWER, occurrences=(TIMED_OUT, RETRIED))
    log_drawing = LogDrawing(width=100, is_utc=True, wraps=True, dims_platform=True)
    moments = {
        None: "2nd of 2",
        LogMoment(STREAM, FIRST_MS + 3_000): "1st of 2",
        LogMoment(RETRIED.invocation.log_stream, RETRIED.lines[-1].timestamp_ms): "2nd of 2",
        LogMoment("another stream", FIRST_MS): "2nd of 2",
    }
    for moment, first in moments.items():
        page = request_page(both, f"request {REQUEST}", SNAPSHOT, DRAWING, log_drawing, moment)
        headings = [text for text in texts(page) if "times this ID was invoked" in text]
        assert headings[0].startswith(first)
        assert len(headings) == 2


def trace_words(answer: RequestAnswer, mode: str | None = "Active") -> str:
    (line,) = trace_lines(answer, replace(FUNCTION, tracing_mode=mode), DRAWING)
    return line_text(line)


def test_a_trace_is_summed_up_or_it_is_said_why_there_is_none() -> None:
    old, ago = replace(ANSWER, occurrences=(TIMED_OUT,)), pictures.NOW_MS - FIRST_MS
    trace = TraceSummary(scope=CHECKOUT.scope, trace_id=TRACE, start_ms=FIRST_MS, response_time_s=3.2, has_fault=True)
    assert ago < 300_000
    assert trace_words(old) == f"{TRACE}  X-Ray has not got it yet"
    later = DRAWING._replace(now_ms=pictures.NOW_MS + 600_000)
    assert line_text(trace_lines(old, FUNCTION, later)[0]).endswith("not among the traces that were read from X-Ray")
    assert trace_words(replace(ANSWER, is_sampled=False)).endswith("not sampled: X-Ray was told not to keep it")
    assert trace_words(replace(ANSWER, trace=trace)) == f"{TRACE}  ■ fault  3.20 s  {TRACE}"
    assert "still partial" in trace_words(replace(ANSWER, trace=replace(trace, is_partial=True)))
    untraced = replace(old, trace_id=None)
    assert trace_words(untraced, "PassThrough").startswith("tracing is off for this function")
    assert trace_words(untraced) == "none: no line names one, so it was probably not sampled"
    assert trace_words(untraced, None) == "no line names a trace"
    running = replace(RETRIED, invocation=replace(RETRIED.invocation, ended_ms=None))
    assert trace_words(replace(untraced, occurrences=(running,))) == "the REPORT will name it"


def test_what_is_not_known_yet_or_at_all_is_said() -> None:
    nothing = RequestAnswer(topic="request", number=1)
    assert texts(page_of(None)) == [f"Looking for request {REQUEST}."]
    assert texts(page_of(replace(nothing, is_complete=False))) == [f"Looking for request {REQUEST}."]
    assert texts(page_of(nothing))[0].startswith(f"Nothing that is held tells of request {REQUEST}")


def test_of_several_that_may_be_meant_each_leads_to_its_own() -> None:
    candidates = (
        RequestCandidate(function=CHECKOUT, request_id=REQUEST, started_ms=FIRST_MS, failure="timeout"),
        RequestCandidate(function=PAYMENT, request_id=LINKED, started_ms=None),
    )
    page = page_of(RequestAnswer(topic="request", number=1, candidates=candidates, candidate_count=1_234))
    assert list(page.targets.values()) == [RequestTarget(CHECKOUT, REQUEST), RequestTarget(PAYMENT, LINKED)]
    assert "may be any of 1,234" in texts(page)[0]
    assert "■ timeout" in texts(page)[min(page.targets)]


@given(width=st.integers(58, 220), is_ascii=st.booleans())
def test_every_line_fits_and_nothing_foreign_reaches_the_terminal_as_it_came(width: int, is_ascii: bool) -> None:
    hostile = "\x1b]52;c;cm0=\x07\u202e界" * 30
    invocation = replace(TIMED_OUT.invocation, version=hostile, log_stream=hostile, error_type=hostile)
    answer = replace(
        ANSWER,
        request_id=hostile,
        trace_id=hostile,
        occurrences=(replace(TIMED_OUT, invocation=invocation), RETRIED),
        correlation_ids=((hostile, hostile),),
        linked=(replace(ANSWER.linked[0], field=hostile, request_id=hostile),),
    )
    log_drawing = LogDrawing(width=width, is_utc=True, is_ascii=is_ascii, wraps=True)
    drawing = DRAWING._replace(is_ascii=is_ascii)
    for one in (answer, None):
        for line in request_page(one, hostile, SNAPSHOT, drawing, log_drawing).lines:
            assert line_width(line) <= width, line_text(line)
            assert line_text(line).isprintable()
