"""Cells of the function table, and which columns fit."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.lambda_function import AccountConcurrency, FunctionConcurrency
from lambdatop.model.reading import COUNTED_BY_INSIGHTS
from lambdatop.model.statistics import FunctionStatistics, Note, VersionStatistics
from lambdatop.render.columns import COLUMNS, COLUMNS_BY_ID, Column
from lambdatop.render.drawing import Drawing
from lambdatop.render.row_order import ordered, selected
from lambdatop.render.span import line_text, line_width
from lambdatop.render.table_layout import heading_line, row_line, table_layout
from tests.ui import pictures

DRAWING = Drawing(
    now_ms=pictures.NOW_MS, is_utc=True, ceilings={pictures.SCOPE: AccountConcurrency(limit=1000, unreserved=980)}
)
INCIDENT = {function.key.name: function for function in pictures.incident().functions}


def cell(name: str, function: FunctionStatistics) -> str:
    return line_text(COLUMNS_BY_ID[name].cell(function, DRAWING))


@pytest.mark.parametrize(
    ("function", "column", "expected"),
    [
        ("checkout-api", "version", "41▮▮▮▯42"),
        ("checkout-api", "health", "failing 3 min"),
        ("checkout-api", "errors", "7.6%"),
        ("checkout-api", "dead_letters", "512"),
        ("checkout-worker", "concurrency", "20/20/20"),
        ("checkout-worker", "concurrency_share", "████████"),
        ("checkout-worker", "throttles", "1840"),
        ("checkout-worker", "dead_letters", "·"),
        ("checkout-worker", "memory", "505/512"),
        ("thumbnail-maker", "cold_starts", "~34%"),
        ("legacy-web-function", "invocations", "–"),  # noqa: RUF001  the sign for what is not known
        ("legacy-web-function", "throttles", "–"),  # noqa: RUF001  the same
        ("report-mailer", "invocations", "0/s"),
        ("report-mailer", "p95", "–"),  # noqa: RUF001  the same
    ],
)
def test_cells(function: str, column: str, expected: str) -> None:
    assert cell(column, INCIDENT[function]) == expected


def test_what_hides_reports_makes_counts_lower_bounds() -> None:
    hidden = msgspec.structs.replace(
        INCIDENT["legacy-web-function"], window=pictures.window(2.0, metric_invocations=None), notes=()
    )
    assert cell("invocations", hidden) == "≥2.00/s"


def test_a_rate_that_is_small_and_partial_fits_its_column() -> None:
    seldom = msgspec.structs.replace(
        INCIDENT["thumbnail-maker"],
        window=pictures.window(0.003, metric_invocations=None),
        notes=(Note(field="invocations", text=COUNTED_BY_INSIGHTS),),
    )
    assert cell("invocations", seldom) == "~<0.01"


def test_none_that_insights_counted_is_zero_unless_something_else_is_missing() -> None:
    counted = Note(field="invocations", text=COUNTED_BY_INSIGHTS)
    missing = Note(field="invocations", text="3 minutes of the window could not be read")
    none = msgspec.structs.replace(
        INCIDENT["thumbnail-maker"], window=pictures.window(0.0, metric_invocations=None), notes=(counted,)
    )
    assert cell("invocations", none) == "~0/s"
    assert cell("invocations", msgspec.structs.replace(none, notes=(missing, counted))) == "–"  # noqa: RUF001  unknown


def test_the_older_version_stands_left_whatever_its_share() -> None:
    versions = tuple(
        VersionStatistics(version=version, statistics=pictures.window(rate))
        for version, rate in (("10", 9.0), ("9", 1.0))
    )
    assert cell("version", msgspec.structs.replace(INCIDENT["login"], versions=versions)) == "9▮▯▯▯10"


def test_a_reserve_of_zero_is_a_limit() -> None:
    stopped = msgspec.structs.replace(INCIDENT["login"], concurrency=FunctionConcurrency(reserved=0), concurrency_now=0)
    assert COLUMNS_BY_ID["concurrency"].cell(stopped, DRAWING)[0].style == "bad"


@given(width=st.integers(60, 400), skip=st.integers(0, 30))
def test_rows_and_headings_are_as_wide_as_the_table(width: int, skip: int) -> None:
    layout = table_layout(width, skip)
    assert line_width(heading_line(layout, "errors", is_descending=True)) == width
    for function in INCIDENT.values():
        assert line_width(row_line(function, layout, DRAWING, is_selected=True)) == width
    shown = [one.column.id for one in layout.placed]
    assert shown[:2] == ["state", "function"]
    assert len(shown) + layout.hidden_before + layout.hidden_after == len(COLUMNS)


@pytest.mark.parametrize(
    ("width", "columns"),
    [
        (80, {"invocations", "concurrency", "errors", "throttles", "cold_starts", "p95", "dead_letters"}),
        (160, {column.id for column in COLUMNS} - {"state", "function", "health", "reason"}),
    ],
)
def test_the_columns_that_matter_most_stay(width: int, columns: set[str]) -> None:
    assert {one.column.id for one in table_layout(width).placed} - {"state", "function"} == columns


def test_a_column_is_found_where_it_is_drawn() -> None:
    layout = table_layout(80)
    heading = line_text(heading_line(layout, "state", is_descending=False))
    found = layout.column_at(heading.index("error"))
    assert found is COLUMNS_BY_ID["errors"]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.id)
def test_rows_sort_by_every_column_with_the_unknown_last(column: Column) -> None:
    for is_descending in (False, True):
        rows = ordered(tuple(INCIDENT.values()), column.sort_key, is_descending=is_descending)
        values = [column.sort_key(function) for function in rows]
        known = [value for value in values if value is not None]
        assert values == known + [None] * (len(values) - len(known))
        assert known == sorted(known, reverse=is_descending)


def test_worst_comes_first_by_state() -> None:
    rows = ordered(tuple(INCIDENT.values()), COLUMNS_BY_ID["state"].sort_key, is_descending=False)
    assert [function.health.state for function in rows[:4]] == ["failing", "throttled", "degraded", "unknown"]


def test_several_patterns_are_alternatives() -> None:
    names = [function.key.name for function in selected(tuple(INCIDENT.values()), "LOGIN check*")]
    assert sorted(names) == ["checkout-api", "checkout-worker", "login"]
