"""Answers of queries that several tests draw."""

from collections.abc import Sequence

from lambdatop.model.query import QueryProgress
from lambdatop.render.drawing import Drawing

UTC = Drawing(is_utc=True)
ASCII = Drawing(is_utc=True, is_ascii=True)


def answer(columns: Sequence[str], rows: Sequence[Sequence[str | None]], pointers: Sequence[str] = ()) -> QueryProgress:
    """Return a complete answer; without pointers its rows are aggregates."""
    return QueryProgress(
        number=1,
        status="complete",
        columns=tuple(columns),
        rows=tuple(map(tuple, rows)),
        pointers=tuple(pointers),
    )


def events() -> QueryProgress:
    """Return log events: times, texts with wide letters and colours, numbers, rows without a value."""
    rows = (
        ("2026-11-21 02:53:22.007", "ERROR no stock\nfor order 7", "12.5", None),
        ("2026-11-21 02:53:20.000", "\x1b[31mWARN\x1b[0m 数据库 is slow", "9", ""),
        ("2026-11-21 02:53:21.500", "paid", "1.28E8", '{"order": 7}'),
        ("2026-11-21 02:53:21.500", "paid", None, "[]"),
    )
    return answer(("@timestamp", "@message", "@duration", "detail"), rows, ("p0", "p1", "p2", "p3"))
