"""A request from end to end: what became of it, what it took, what it is linked to, and every line of it."""

from collections.abc import Iterator, Sequence

from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.question import LinkedRequest, LogMoment, RequestAnswer, RequestCandidate, RequestOccurrence
from lambdatop.model.snapshot import Snapshot
from lambdatop.render import units
from lambdatop.render.drawing import Drawing
from lambdatop.render.event_lines import kind_words
from lambdatop.render.log_lines import LogDrawing
from lambdatop.render.page import Page, RequestTarget, stacked, with_targets
from lambdatop.render.printable import printable
from lambdatop.render.request_rows import request_rows
from lambdatop.render.request_words import (
    BAR_WIDTH,
    cost_words,
    duration_line,
    memory_line,
    outcome,
    start_words,
    trace_lines,
)
from lambdatop.render.span import Line, crop, line_width, pad
from lambdatop.render.text_table import text_table
from lambdatop.render.words import foreign, line, said, wrapped

WORDS_WIDTH = 52
"""What names and words take beside a bar."""
_NAME_WIDTH = 13


def request_page(
    answer: RequestAnswer | None,
    asked: str,
    snapshot: Snapshot,
    drawing: Drawing,
    log_drawing: LogDrawing,
    moment: LogMoment | None = None,
) -> Page:
    """Return the page; `asked` is what was looked for.

    The time that the request was invoked which the moment is of comes first, then the others, the newest before.
    Lines lead to their keys, linked requests and candidates to `RequestTarget`s.
    """
    width = log_drawing.width
    if answer is None or not answer.occurrences:
        return _unknown(answer, asked, drawing, width)
    newest = answer.occurrences[-1]
    function = _function(snapshot, newest.function)
    parts: list[Page | Sequence[Line]] = [_head(answer, width)]
    count = len(answer.occurrences)
    first = shown_first(answer, moment)
    numbers = sorted(range(count, 0, -1), key=lambda number: number - 1 != first)
    for number in numbers:
        one = answer.occurrences[number - 1]
        if count > 1:
            parts.append([(), _heading(f"{_ordinal(number)} of {count} times this ID was invoked")])
        parts.append(list(_facts(one, function, drawing, width)))
        if number == numbers[0]:
            parts += [_of_request(answer, function, drawing, width), _linked(answer.linked, drawing, width)]
        parts += [[()], _lines(one, is_read=answer.is_complete, drawing=log_drawing)]
    return stacked(parts)


def shown_first(answer: RequestAnswer, moment: LogMoment | None) -> int:
    """Return the index of the occurrence that a moment in a log stream is of; of the newest where there is none."""
    newest = len(answer.occurrences) - 1
    if moment is None:
        return newest
    invocations = [one.invocation for one in answer.occurrences]
    meant = (
        index
        for index in range(newest, -1, -1)
        if invocations[index].log_stream == moment.log_stream
        and (started_ms := invocations[index].started_ms) is not None
        and started_ms <= moment.timestamp_ms
    )
    return next(meant, newest)


def _head(answer: RequestAnswer, width: int) -> list[Line]:
    key = answer.occurrences[-1].function
    request = line(said("  request ", "dim"), foreign(answer.request_id, "accent", 60))
    name = crop(line(foreign(key.name, "heading", 200)), max(_NAME_WIDTH, width - line_width(request)))
    return [crop((*name, *request), width)]


def _facts(one: RequestOccurrence, function: LambdaFunction | None, drawing: Drawing, width: int) -> Iterator[Line]:
    """Yield what is known of one occurrence, one fact a line."""
    invocation = one.invocation
    room = max(0, min(BAR_WIDTH, width - WORDS_WIDTH))
    yield _fact("outcome", outcome(invocation, function, drawing.now_ms), width)
    yield _fact("started", _started(one, drawing), width)
    yield _fact("environment", line(
        foreign(f"version {invocation.version}  " if invocation.version else ""),
        foreign(invocation.log_stream, "dim", 120),
    ), width)  # fmt: skip
    if one.is_stream_shared:
        words = "its log stream serves many requests at once: only lines that name the request are known to be its own"
        yield from wrapped(words, width, "provisional", indent=" " * (_NAME_WIDTH + 2))
    yield _fact("start", start_words(one), width)
    yield _fact("duration", duration_line(invocation, function, drawing, room), width)
    yield _fact("memory", memory_line(invocation, drawing, room), width)
    yield _fact("cost", cost_words(one.cost_usd), width)


def _started(one: RequestOccurrence, drawing: Drawing) -> Line:
    started_ms = one.invocation.started_ms
    if started_ms is None:
        return line(said("before what was read", "unknown"))
    ago = f"  {units.age(drawing.now_ms - started_ms)} ago"
    return line(said(units.timestamp(started_ms, drawing.is_utc)), said(ago, "dim"))


def _of_request(answer: RequestAnswer, function: LambdaFunction | None, drawing: Drawing, width: int) -> list[Line]:
    """Return what is true of all occurrences together: the trace, and the IDs that its lines correlate by."""
    lines = [_fact("trace", one, width) for one in trace_lines(answer, function, drawing)]
    for field, value in answer.correlation_ids:
        lines.append(_fact("correlation", line(foreign(f"{field} ", "dim", 60), foreign(value, "", 120)), width))
    return lines


def _linked(linked: Sequence[LinkedRequest], drawing: Drawing, width: int) -> Page:
    """Return the other requests that have one of the IDs, each leading there."""
    if not linked:
        return Page()
    rows = [[line(said(heading, "dim")) for heading in ("first seen", "function", "request ID", "by", "lines")]]
    rows += [
        [
            line(said(units.clock(one.first_ms, drawing.is_utc))),
            line(foreign(one.function.name, "heading", 40)),
            line(foreign(one.request_id, "accent", 36)),
            line(foreign(one.field, "dim", 40)),
            line(said(units.count(one.line_count) if one.line_count else "", "dim")),
        ]
        for one in linked
    ]
    table = text_table(rows, ("left", "left", "left", "left", "right"), width - 2)
    heading = _heading("Linked requests", "enter opens the one that is selected")
    indented = [crop((said("  "), *row), width) for row in table]
    targets = [RequestTarget(one.function, one.request_id) for one in linked]
    return stacked([[(), heading], with_targets(indented, targets, first=1)])


def _lines(one: RequestOccurrence, *, is_read: bool, drawing: LogDrawing) -> Page:
    """Return the lines below a heading that says how many there are and what may be missing."""
    count = len(one.lines) + one.lines_left_out
    if not one.lines:
        words = "No line of it is held." if is_read else "Its lines are being looked for."
        return Page((_heading("Lines"), *wrapped(words, drawing.width, "dim", indent="  ")))
    head: list[Line] = [_heading("Lines", f"{count:,}, with the time since START; enter opens one")]
    if not one.is_text_complete:
        words = (
            "Some may be missing: of its time perhaps only platform lines and failures were read, or lines fell off."
        )
        head.extend(wrapped(words, drawing.width, "provisional", indent="  "))
    return stacked([head, request_rows(one, drawing)])


def _unknown(answer: RequestAnswer | None, asked: str, drawing: Drawing, width: int) -> Page:
    """Return that it is being looked for, is not known, or may be one of several."""
    wanted = printable(asked, 80)
    if answer is None or (not answer.is_complete and not answer.candidates):
        return Page(wrapped(f"Looking for {wanted}.", width, "dim"))
    if answer.candidates:
        return _candidates(answer, wanted, drawing, width)
    words = (
        f"Nothing that is held tells of {wanted}: it may be older than what is remembered, not have been read yet, or "
        "be of a function that is not read."
    )
    return Page(wrapped(words, width, "warning"))


def _candidates(answer: RequestAnswer, wanted: str, drawing: Drawing, width: int) -> Page:
    head = wrapped(f"{wanted} may be any of {answer.candidate_count:,}; the newest are:", width)
    rows = [[line(said(heading, "dim")) for heading in ("started", "outcome", "function", "request ID")]]
    rows += [_candidate(one, drawing) for one in answer.candidates]
    table = text_table(rows, ("left", "left", "left", "left"), width - 2)
    indented = [crop((said("  "), *row), width) for row in table]
    targets = [RequestTarget(one.function, one.request_id) for one in answer.candidates]
    return stacked([[*head, ()], with_targets(indented, targets, first=1)])


def _candidate(one: RequestCandidate, drawing: Drawing) -> list[Line]:
    failed = line(said(f"■ {kind_words(one.failure)}", "bad")) if one.failure is not None else ()
    return [
        line(said(units.clock(one.started_ms, drawing.is_utc))),
        failed or line(said("·", "dim")),
        line(foreign(one.function.name, "heading", 40)),
        line(foreign(one.request_id, "accent", 36)),
    ]


def _fact(name: str, value: Line, width: int) -> Line:
    return crop((said("  "), *pad(line(said(name, "dim")), _NAME_WIDTH), *value), width)


def _heading(text: str, words: str = "") -> Line:
    return line(said(text, "heading"), said(f"  {words}" if words else "", "dim"))


def _function(snapshot: Snapshot, key: FunctionKey) -> LambdaFunction | None:
    return next((one.function for one in snapshot.functions if one.key == key), None)


def _ordinal(number: int) -> str:
    """Return a number as one counts.

    >>> [_ordinal(number) for number in (1, 2, 3, 4, 11, 21)]
    ['1st', '2nd', '3rd', '4th', '11th', '21st']
    """
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
