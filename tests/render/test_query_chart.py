import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.render.drawing import Drawing
from lambdatop.render.query_axis import value_axis
from lambdatop.render.query_chart import ChartChoice, chart_lines, chart_problem, value_columns
from lambdatop.render.query_series import chart_of, period_ms, roles_of
from lambdatop.render.query_table import QueryTable, TableChoice
from lambdatop.render.query_units import Unit, is_additive, unit_of, value_text
from lambdatop.render.span import line_text, line_width
from tests.render.query_material import ASCII, UTC, answer, events

AUTO = ChartChoice()


def at(minute: int) -> str:
    return f"2026-11-21 {2 + minute // 60:02d}:{minute % 60:02d}:00.000"


def table(columns: Sequence[str], rows: Sequence[Sequence[str | None]], **choice: object) -> QueryTable:
    return QueryTable.of(answer(columns, rows), TableChoice(**choice), UTC)  # type: ignore[arg-type]  # any field


def counts(values: dict[int, int]) -> QueryTable:
    return table(("bin(5m)", "count(*)"), [(at(minute), str(value)) for minute, value in values.items()])


def drawn(source: QueryTable, choice: ChartChoice = AUTO, size: tuple[int, int] = (40, 8), **known: bool) -> list[str]:
    drawing = ASCII if known.get("is_ascii") else UTC
    return [line_text(line).rstrip() for line in chart_lines(source, choice, *size, drawing)]


def test_counts_by_bin_are_bars_and_a_missing_bin_is_a_gap() -> None:
    assert drawn(counts({0: 4, 5: 8, 15: 6, 20: 1}), size=(36, 8)) == [
        "count(*)",
        "  │      ██████",
        "5 ┤      ██████       ▆▆▆▆▆▆",
        "  │▄▄▄▄▄ ██████       ██████",
        "  │█████ ██████       ██████",
        "0 ┤█████ ██████       ██████ ▅▅▅▅▅▅",
        "  └┬────────────┬────────────┬──────",
        "   02:00      02:10        02:20",
    ]


def test_averages_by_bin_are_lines_broken_where_a_bin_is_missing() -> None:
    rows = [(at(minute), str(value)) for minute, value in {0: 100, 5: 400, 10: 300, 20: 300, 25: 50}.items()]
    assert drawn(table(("bin(5m)", "avg(@duration)"), rows), size=(44, 10)) == [
        "avg(@duration)",
        "400 ms ┤        ⡰⠑⠢⢄",
        "       │       ⡔⠁   ⠉⠒⠤⡀           ⡀",
        "       │     ⢀⠜                    ⠘⢄",
        "200 ms ┤    ⢀⠎                       ⠣⡀",
        "       │   ⢠⠃                         ⠑⡄",
        "       │   ⠁                           ⠈⢢",
        "  0 ms ┤                                 ⠁",
        "       └┬───────────┬───────────┬───────────",
        "        02:00     02:10       02:20",
    ]


@pytest.mark.parametrize(
    ("columns", "rows", "time", "groups", "values"),
    [
        (("bin(5m)", "n"), [(at(0), "1"), (at(5), "2")], "bin(5m)", [], ["n"]),
        (("bin(5m)", "fn", "n"), [(at(0), "a", "1"), (at(0), "b", "2")], "bin(5m)", ["fn"], ["n"]),
        (("bin(5m)", "status", "n"), [(at(0), "200", "1"), (at(0), "500", "1")], "bin(5m)", ["status"], ["n"]),
        (("status", "count(*)"), [("200", "7"), ("500", "7")], None, ["status"], ["count(*)"]),
        (("count(*)", "status"), [("7", "200"), ("7", "500")], None, ["status"], ["count(*)"]),
        (("n", "p99"), [("7", "200")], None, [], ["n", "p99"]),
        (("fn", "n", "first"), [("a", "7", at(1)), ("b", "8", at(1))], "first", ["fn"], ["n"]),
        (("fn", "cold", "n"), [("a", "true", "1"), ("a", "false", "2")], None, ["fn", "cold"], ["n"]),
    ],
)
def test_columns_are_time_groups_and_values(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    time: str | None,
    groups: list[str],
    values: list[str],
) -> None:
    roles = roles_of(table(columns, rows))
    assert roles.time is None if time is None else roles.time is not None and roles.time.name == time
    assert [column.name for column in roles.groups] == groups
    assert [column.name for column in roles.values] == values


@pytest.mark.parametrize(
    ("source", "choice", "sentence"),
    [
        (table(("n",), []), AUTO, "There are no rows to draw."),
        (QueryTable.of(events()), AUTO, ("These rows are log events. A chart is drawn of numbers, "
         "such as `stats count(*) by bin(5m)`.")),
        (table(("fn",), [("a",)]), AUTO, "No column holds numbers to draw."),
        (table(("fn", "n"), [("a", "1")]), ChartChoice(value_column="fn"),
         "fn holds no numbers to draw; these do: n."),
        (table(("fn", "n"), [("a", "1")], filter_text="zzz"), AUTO, "The filter hides all rows."),
        (table(("n",), [("NaN",)]), AUTO, "n has no value in any row."),
        (table(("n",), [("1",)]), AUTO, None),
    ],
)  # fmt: skip
def test_where_nothing_can_be_drawn_a_sentence_says_why(
    source: QueryTable, choice: ChartChoice, sentence: str | None
) -> None:
    assert chart_problem(source, choice) == sentence
    if sentence is not None:
        assert "".join(drawn(source, choice, (200, 5))) == sentence


def test_a_place_that_is_too_small_says_what_it_needs() -> None:
    assert drawn(counts({0: 1}), size=(29, 8)) == ["A chart needs 30 columns and", "6 rows."]
    assert drawn(counts({0: 1}), size=(60, 5)) == ["A chart needs 30 columns and 6 rows."]
    assert chart_lines(counts({0: 1}), AUTO, 60, 0, UTC) == ()


def by_function() -> QueryTable:
    names = ("api", "pay", "mail")
    rows = [(at(minute), name, str(10 * (3 - rank))) for minute in (0, 5) for rank, name in enumerate(names)]
    return table(("bin(5m)", "fn", "count(*)"), rows)


def test_groups_are_stacked_the_largest_at_the_bottom_and_told_apart_by_their_filling() -> None:
    assert drawn(by_function(), size=(34, 11)) == [
        "count(*)  by fn",
        "   │▒▒▒▒▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒▒▒▒▒",
        "50 ┤▓▓▓▓▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓",
        "   │▓▓▓▓▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓",
        "   │▓▓▓▓▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓▓▓▓▓▓",
        "   │██████████████ ██████████████",
        "   │██████████████ ██████████████",
        " 0 ┤██████████████ ██████████████",
        "   └┬──────────────┬──────────────",
        "    02:00        02:05",
        "█ api 60   ▓ pay 40   ▒ mail 20",
    ]


def test_groups_beyond_those_drawn_are_named_and_stacked_together() -> None:
    lines = drawn(by_function(), ChartChoice(series=1), (60, 11))
    assert lines[-1] == "█ api 60   ▓ 2 more: pay, mail"
    assert any("▓▓▓" in line for line in lines[:-1])


def test_groups_that_are_not_drawn_are_named_as_short_as_the_others() -> None:
    names = [f"123456789012:/aws/lambda/checkout-{name}" for name in ("api", "pay", "mail")]
    rows = [(at(minute), name, str(30 - rank)) for minute in (0, 5) for rank, name in enumerate(names)]
    lines = drawn(table(("bin(5m)", "@log", "count(*)"), rows), ChartChoice(series=1), (60, 11))
    assert lines[-1] == "█ …checkout-api 60   ▓ 2 more: …checkout-pay, …checkout-mail"


def test_lines_of_several_groups_carry_marks() -> None:
    rows = [(at(5 * step), name, str(value)) for step in range(8) for name, value in (("a", 9), ("b", 5))]
    lines = drawn(table(("bin(5m)", "fn", "avg(x)"), rows), size=(60, 10))
    assert lines[-1] == "● a   ▲ b"
    assert "●" in "".join(lines[:-1])
    assert "▲" in "".join(lines[:-1])


def test_series_have_colours_of_their_own() -> None:
    lines = chart_lines(by_function(), AUTO, 34, 11, UTC)
    styles = {span.style for line in lines for span in line if "█" in span.text}
    assert styles == {"series_1"}
    assert {span.style for line in lines for span in line if "▓" in span.text} == {"series_2"}


def test_without_bins_each_group_has_a_bar_the_largest_first() -> None:
    source = table(("fn", "sum(bytes)"), [("a", "1000"), ("b", "4000"), ("c", "0"), ("d", None)])
    assert drawn(source, size=(40, 8)) == [
        "sum(bytes)  by fn  1 row without a value",
        "b  4 kB  ███████████████████████████████",
        "a  1 kB  ███████▊",
        "c   0 B",
    ]


def test_groups_that_have_no_room_are_counted_named_and_added_up() -> None:
    source = table(("@log", "count(*)"), [(f"1:/aws/lambda/fn-{number}", str(number)) for number in range(20)])
    lines = drawn(source, size=(50, 6))
    assert lines[1].startswith("…fn-19  19  █")
    assert lines[5].startswith("… and 16 more, 120 together: 1:/aws/lambda/fn-15")


def test_negative_values_go_the_other_way() -> None:
    assert drawn(table(("fn", "change"), [("a", "10"), ("b", "-10")]), size=(30, 6)) == [
        "change  by fn",
        "a   10             ███████████",
        "b  -10  ███████████",
    ]


def test_what_is_left_out_of_the_rows_is_said() -> None:
    source = table(("bin(5m)", "fn", "n"), [(at(0), "a", "1"), (at(5), "b", "2")], filter_text="a")
    assert "1 of 2 rows, by the filter" in drawn(source, size=(120, 8))[0]
    repeated = table(("bin(5m)", "n"), [(at(0), "4"), (at(0), "4")])
    assert "several rows a bin: the largest is drawn" in drawn(repeated, size=(120, 8))[0]


def test_a_bar_that_stands_for_several_bins_shows_the_largest_and_says_so() -> None:
    lines = drawn(counts(dict.fromkeys(range(0, 500, 5), 1) | {250: 9}), size=(64, 8))
    assert lines[0].startswith("count(*)  the largest of 2 bins a bar")
    assert lines[1].strip(" │") == "█"


def test_in_ascii_nothing_else_is_drawn() -> None:
    for choice in (AUTO, ChartChoice("lines"), ChartChoice("bars")):
        assert "".join(drawn(by_function(), choice, (60, 12), is_ascii=True)).isascii()
    assert drawn(by_function(), AUTO, (34, 11), is_ascii=True)[-1] == "# api 60   = pay 40   + mail 20"
    assert drawn(by_function(), ChartChoice("lines"), (34, 11), is_ascii=True)[-1] == "* api 60   o pay 40   + mail 20"


def test_times_are_in_the_local_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    try:
        lines = [line_text(line) for line in chart_lines(counts({0: 1, 60: 2}), AUTO, 90, 8, Drawing())]
        assert "2026-11-21 07:45 to 08:50 +0545" in lines[0]
        assert "08:00" in lines[-1]
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("column", "unit", "can_add"),
    [
        ("count(*)", "count", True),
        ("sum(@billedDuration)", "ms", True),
        ("pct(@duration, 99.9)", "ms", False),
        ("avg(@duration) / 1000", "", False),
        ("avg(@maxMemoryUsed)", "bytes", False),
        ("max(@memorySize/1000/1000) ", "", False),
        ("usedMB", "MB", False),
        ("record.metrics.durationMs", "ms", False),
        ("latency_s", "s", False),
        ("cost_usd", "dollars", False),
        ("error_pct", "percent", False),
        ("invocations", "count", True),
        ("count_distinct(user)", "count", True),
        ("avg(errors)", "count", False),
        ("whatever", "", False),
    ],
)
def test_names_tell_units_and_what_adds_up(column: str, unit: Unit, can_add: bool) -> None:
    assert (unit_of(column), is_additive(column)) == (unit, can_add)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0, "ms", "0 ms"),
        (0.5, "ms", "0.5 ms"),
        (90_000, "ms", "90 s"),
        (3.2, "s", "3.2 s"),
        (128e6, "bytes", "128 MB"),
        (512, "MB", "512 MB"),
        (10_500_000, "count", "10.5M"),
        (9_999, "count", "9999"),
        (12.5, "percent", "12.5%"),
        (-1_500, "bytes", "-1.5 kB"),
        (1e30, "", "1e+30"),
        (float("inf"), "", "inf"),
    ],
)
def test_values_are_short(value: float, unit: Unit, expected: str) -> None:
    assert value_text(value, unit) == expected


@pytest.mark.parametrize(
    ("low", "high", "bottom", "top", "step"),
    [
        (0, 870, 0, 900, 500),
        (3, 3, 0, 3.2, 2),
        (0, 0, 0, 1, 0.5),
        (-30, 70, -30, 70, 50),
        (0, 1e-9, 0, 1e-9, 5e-10),
        (99.9, 100, 0, 100, 50),
    ],
)
def test_an_axis_is_round_and_holds_zero(low: float, high: float, bottom: float, top: float, step: float) -> None:
    assert tuple(value_axis(low, high, "", 11))[:3] == (bottom, top, step)


def test_a_count_has_no_fractions_beside_its_axis() -> None:
    assert value_axis(0, 1, "count", 20).step == 1


def test_bins_are_as_long_as_they_are_near_each_other() -> None:
    assert period_ms("bin(1h)", [0, 7_200_000]) == 3_600_000
    assert period_ms("bin(1mo)", [0, 28 * 86_400_000, 59 * 86_400_000]) == 28 * 86_400_000
    assert period_ms("t", [5]) == 60_000


def test_many_rows_make_the_same_totals() -> None:
    rows = [(at(minute), f"f{number}", str(number)) for minute in range(0, 60, 5) for number in range(50)]
    chart = chart_of(table(("bin(5m)", "fn", "sum(n)"), rows), AUTO)
    assert [series.name for series in chart.series] == ["f49", "f48", "f47", "f46", "f45"]
    assert sum(chart.rest.values()) + sum(series.total for series in chart.series) == 12 * sum(range(50))


NUMBERS = st.none() | st.floats(-1e12, 1e12).map(str) | st.integers(0, 50).map(str) | st.just("NaN")
ROWS = st.lists(st.tuples(st.integers(0, 300).map(at), st.none() | st.text(max_size=12), NUMBERS), max_size=12)


@settings(max_examples=120)
@given(
    ROWS,
    st.booleans(),
    st.sampled_from(["auto", "lines", "bars"]),
    st.sampled_from(["count(*)", "avg(x)"]),
    st.integers(1, 200),
    st.integers(0, 50),
    st.booleans(),
)
def test_a_chart_fits_its_place_and_holds_no_control(
    rows: list[tuple[str, str | None, str | None]],
    has_time: bool,
    kind: str,
    name: str,
    width: int,
    height: int,
    is_ascii: bool,
) -> None:
    columns = ("bin(5m)", "fn", name)
    source = table(columns, rows) if has_time else table(columns[1:], [row[1:] for row in rows])
    lines = chart_lines(source, ChartChoice(kind=kind), width, height, ASCII if is_ascii else UTC)  # type: ignore[arg-type]
    assert len(lines) <= height
    for line in lines:
        assert line_width(line) <= width
        assert line_text(line).isprintable()
        assert line_text(line).isascii() or not is_ascii or chart_problem(source) is not None
    assert set(value_columns(source)) <= set(columns)
