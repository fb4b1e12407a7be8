"""One error group: what fails, since when, how often and where, its newest line, and its failures one by one."""

import re
from collections.abc import Sequence

from lambdatop.model.identity import FunctionKey
from lambdatop.model.question import ErrorAnswer, ErrorFailure, ErrorPlace
from lambdatop.model.snapshot import ErrorGroup, Snapshot
from lambdatop.render import units
from lambdatop.render.block_chart import sparkline
from lambdatop.render.drawing import Drawing
from lambdatop.render.error_list import speed
from lambdatop.render.error_sample import sample_lines
from lambdatop.render.event_lines import kind_words
from lambdatop.render.page import Page, stacked, with_targets
from lambdatop.render.printable import printable, printable_spans
from lambdatop.render.span import Line, Span, crop
from lambdatop.render.text_table import text_table
from lambdatop.render.words import fitting, foreign, line, said, wrapped

STACK_LINES = 8
"""Of a folded stack trace."""
WIDE_FROM_WIDTH = 100
"""From here on request IDs are whole."""
_FUNCTIONS_SHOWN = 6
_VERSIONS_SHOWN = 6
_PLACEHOLDER = re.compile(r"(<(?:value|time|address|email|path|size|duration|query|url [^>]*|arn [^>]*|url|arn)>)")


def error_page(
    group: ErrorGroup | None,
    answer: ErrorAnswer | None,
    snapshot: Snapshot,
    drawing: Drawing,
    width: int,
    *,
    is_unfolded: bool = False,
) -> Page:
    """Return the page; its targets are the failures. Until they are answered, what the list knows is shown."""
    if group is None:
        return Page(wrapped("This error is not known any more: what it counted turned out to be another.", width))
    limit = None if is_unfolded else STACK_LINES
    return stacked(
        [
            _head(group, width),
            wrapped(newness_words(group, snapshot, drawing), width, "warning" if group.is_new else "dim"),
            (),
            _numbers(group, drawing, width),
            _heading("Where", _place_words(group)),
            _places(answer.places, width) if answer is not None else _waiting(),
            _heading("Newest", _when(group.last_seen_ms, drawing)),
            _sample(group, answer, width, limit),
            _heading("Lines" if group.kind == "application" else "Failures", _failures_words(group, answer)),
            _failures(answer.failures, drawing, width) if answer is not None else Page(_waiting()),
        ]
    )


def normalised_text(group: ErrorGroup) -> str:
    """Return what the group's messages have in common, with placeholders; empty where its kind alone makes it one.

    >>> group = ErrorGroup(signature="application|E|no <value>: a|b|app.py:f", kind="application", error_type="E",
    ...     message="no 1: a|b", frame="app.py:f", count=1, first_seen_ms=0, last_seen_ms=0, functions=())
    >>> normalised_text(group)
    'no <value>: a|b'
    """
    _, separator, rest = group.signature.partition("|")
    if not separator:
        return ""
    return rest.removeprefix(f"{group.error_type or ''}|").removesuffix(f"|{group.frame or ''}").strip()


def newness_words(group: ErrorGroup, snapshot: Snapshot, drawing: Drawing) -> str:
    """Return whether the error is new, and why."""
    since = units.clock(group.first_seen_ms, drawing.is_utc)
    if not group.is_new:
        unknown = "whether it is new cannot be told: there is no older version, and it was watched for too short a time"
        return unknown if group.is_new is None else f"not new: first seen at {since}"
    if group.new_reason == "new_version":
        versions = ", ".join(printable(version, 12) for version in group.versions)
        return f"new since {since}: seen in version {versions} alone, and not in older ones"
    if group.new_reason == "changed_function":
        changed = units.clock(group.deployed_ms, drawing.is_utc)
        return f"new since {since}: never seen before the function was changed at {changed}"
    return f"new since {since}: not seen in the {units.age(group.first_seen_ms - snapshot.started_at_ms)} before"


def _head(group: ErrorGroup, width: int) -> tuple[Line, ...]:
    style = "warning" if group.kind == "application" else "bad"
    kind = "application line at ERROR" if group.kind == "application" else kind_words(group.kind)
    title = fitting(
        [
            line(said("■ ", style), said(kind, style)),
            line(foreign(group.error_type, "heading", 200)) if group.error_type else (),
            line(said("in ", "dim"), foreign(group.frame, "accent", 200)) if group.frame else (),
        ],
        width,
    )
    text = normalised_text(group)
    return (title, *(_placeholders(row) for row in wrapped(printable(text, 1_000), width) if text))


def _placeholders(row: Line) -> Line:
    """Return a line with its placeholders dimmed, so that the words that are the same stand out."""
    parts = (part for span in row for part in _PLACEHOLDER.split(span.text))
    return line(*(said(part, "dim" if _PLACEHOLDER.fullmatch(part) else "heading") for part in parts))


def _numbers(group: ErrorGroup, drawing: Drawing, width: int) -> tuple[Line, ...]:
    per_minute = speed(group)
    rate = "" if per_minute is None else f"  {_rate(per_minute)} a minute"
    noun = "line" if group.kind == "application" else "failure"
    count = f"1 {noun}" if group.count == 1 else f"{group.count:,} {noun}s"
    trend = sparkline(group.trend, len(group.trend), drawing.provisional_log_minutes, is_ascii=drawing.is_ascii)
    return (
        fitting(
            [
                line(said(count, "bad" if group.kind != "application" else "warning"), said(rate)),
                line(said("15m ", "dim"), *trend) if trend else (),
            ],
            width,
        ),
        fitting(
            [
                line(said("first seen ", "dim"), *_moment(group.first_seen_ms, drawing)),
                line(said("last seen ", "dim"), *_moment(group.last_seen_ms, drawing)),
            ],
            width,
        ),
    )


def _rate(per_minute: float) -> str:
    return f"{per_minute:.1f}" if 0 < per_minute < 9.95 else units.count(per_minute)


def _moment(timestamp_ms: int, drawing: Drawing) -> Line:
    return line(
        said(units.clock(timestamp_ms, drawing.is_utc)),
        said(f", {units.age(drawing.now_ms - timestamp_ms)} ago", "dim"),
    )


def _when(timestamp_ms: int, drawing: Drawing) -> str:
    return f"at {units.clock(timestamp_ms, drawing.is_utc)}"


def _heading(text: str, words: str = "") -> tuple[Line, ...]:
    return (), line(said(text, "heading"), said(f"  {words}" if words else "", "dim"))


def _waiting() -> tuple[Line, ...]:
    return (line(said("  looking", "provisional")),)


def _place_words(group: ErrorGroup) -> str:
    return "1 function" if group.function_count == 1 else f"{group.function_count} functions"


def _places(places: Sequence[ErrorPlace], width: int) -> tuple[Line, ...]:
    """Return a line for each function: how often it failed so, and how often in each of its versions."""
    functions: dict[FunctionKey, list[ErrorPlace]] = {}
    for place in places:
        functions.setdefault(place.function, []).append(place)
    rows = [
        [
            (said("  "), *crop(line(foreign(function.name, "", 64)), width // 2)),
            line(said(units.count(sum(place.count for place in found)))),
            line(*_versions(found)),
        ]
        for function, found in list(functions.items())[:_FUNCTIONS_SHOWN]
    ]
    if not rows:
        return (line(said("  not known", "dim")),)
    left_out = len(functions) - len(rows)
    more = (line(said(f"  and {left_out} more", "dim")),) if left_out > 0 else ()
    return (*text_table(rows, ("left", "right", "left"), width, flexible=2), *more)


def _versions(found: Sequence[ErrorPlace]) -> list[Span]:
    if all(place.version is None for place in found):
        return [said("no version is known", "dim")]
    spans: list[Span] = []
    for place in found[:_VERSIONS_SHOWN]:
        comma = ", " if spans else ""
        version = said("of no known version", "dim") if place.version is None else foreign(place.version, "accent", 12)
        spans += [said(comma, "dim"), version, said(f": {units.count(place.count)}")]
    if len(found) > _VERSIONS_SHOWN:
        spans.append(said(f", and {len(found) - _VERSIONS_SHOWN} more", "dim"))
    return spans


def _sample(group: ErrorGroup, answer: ErrorAnswer | None, width: int, limit: int | None) -> tuple[Line, ...]:
    text = None if answer is None else answer.sample_text
    inner = max(20, width - 2)
    rows = sample_lines(text or group.message or "nothing was said", group.frame, inner, limit)
    note = () if text is not None or answer is None else (said("the line itself is not held any more", "dim"),)
    return tuple((said("  "), *row) for row in (*rows, note) if row)


def _failures_words(group: ErrorGroup, answer: ErrorAnswer | None) -> str:
    shown = 0 if answer is None else len(answer.failures)
    return "enter opens the request" if shown >= group.count else f"the newest {shown}; enter opens the request"


def _failures(failures: Sequence[ErrorFailure], drawing: Drawing, width: int) -> Page:
    if not failures:
        return Page((line(said("  none is held any more", "dim")),))
    is_wide = width >= WIDE_FROM_WIDTH
    headings = ("failed", "function", "version", "request ID", "message")
    rows = [[line(said(heading, "dim")) for heading in headings]]
    rows.extend(_failure(one, drawing, is_wide=is_wide) for one in failures)
    table = text_table(rows, ["left"] * len(headings), width - 2, flexible=len(headings) - 1)
    return with_targets([(said("  "), *row) for row in table], failures, first=1)


def _failure(one: ErrorFailure, drawing: Drawing, *, is_wide: bool) -> list[Line]:
    reference = one.reference
    request_id = reference.request_id if is_wide or reference.request_id is None else reference.request_id[:8]
    first = one.message.lstrip().split("\n", 1)[0].split("\r", 1)[0]
    return [
        line(said(units.clock(one.failed_ms, drawing.is_utc))),
        line(foreign(reference.function.name, "", 28 if is_wide else 20)),
        line(foreign(reference.version, "dim", 8)),
        line(foreign(request_id, "accent", 36)),
        printable_spans(first, 300),
    ]
