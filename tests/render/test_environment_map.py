"""The map of execution environments and its table."""

from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.question import Environment
from lambdatop.model.statistics import Note
from lambdatop.render.drawing import Drawing
from lambdatop.render.environment_map import EnvironmentTarget, environment_map
from lambdatop.render.environment_table import ROWS_MOST
from lambdatop.render.leak_words import leak_sentence
from lambdatop.render.page import Page
from lambdatop.render.span import line_text, line_width
from tests.render.environment_material import CHECKOUT, answer_of, environment, leak, stream_name
from tests.ui import pictures
from tests.ui.pictures import NOW_MS

GOLDEN = Path(__file__).with_name("golden")
DRAWING = Drawing(now_ms=NOW_MS, is_utc=True)
FUNCTION = next(one for one in pictures.quiet().functions if one.key == CHECKOUT)
STATES = (
    environment(0, state="busy", in_flight=1, first_seen_ms=NOW_MS - 900_000, is_begin_seen=False),
    environment(1, state="busy", in_flight=1, began_cold_ms=NOW_MS - 20_000, first_seen_ms=NOW_MS - 21_000,
                invocations=3, memory_trend=None),
    environment(2, state="starting", in_flight=1, invocations=0, first_seen_ms=NOW_MS - 1_000, memory_mb=(),
                memory_used_mb=None, max_memory_used_mb=None, memory_trend=None),
    environment(3, failures=2, memory_trend=leak(), memory_used_mb=260, max_memory_used_mb=260,
                memory_mb=tuple(range(110, 261, 15))),
    environment(4, state="gone", version="41", last_seen_ms=NOW_MS - 1_000_000, first_seen_ms=NOW_MS - 2_000_000),
    environment(5, began_cold_ms=NOW_MS - 8_000, first_seen_ms=NOW_MS - 9_000, invocations=1, memory_trend=None),
    environment(6, state="busy", in_flight=1, failures=40, is_failing=True, max_memory_used_mb=512),
    environment(7, failures=9, is_failing=True, memory_trend=leak(0), max_memory_used_mb=511, memory_used_mb=510),
)  # fmt: skip


def texts(page: Page) -> list[str]:
    return [line_text(line).rstrip() for line in page.lines]


@pytest.mark.parametrize("width", [130, 80])
def test_the_map_has_a_cell_for_each_environment_and_the_table_a_row_with_suspected_leaks_first(width: int) -> None:
    lines = texts(environment_map(answer_of(*STATES), FUNCTION, DRAWING, width))
    assert "\n".join(lines) + "\n" == (GOLDEN / f"environments_{width}.txt").read_text("utf-8")


def test_without_colour_or_line_drawing_shapes_say_it_all() -> None:
    lines = texts(environment_map(answer_of(*STATES), FUNCTION, Drawing(now_ms=NOW_MS, is_ascii=True), 130))
    assert lines[6:8] == ["  version 42  * X o x * + %", "  version 41  ."]
    assert "^ +1.8" in lines[10]
    assert "\n".join(lines).replace("–", "").replace("≥", "").isascii()  # noqa: RUF001  an en dash, for "no number"


def test_rows_lead_to_their_log_streams() -> None:
    page = environment_map(answer_of(*STATES), FUNCTION, DRAWING, 130)
    first = min(page.targets)
    assert page.targets[first] == EnvironmentTarget(CHECKOUT, stream_name(7))
    assert len(page.targets) == len(STATES)
    assert "idle" in line_text(page.lines[first])


def legend_of(*environments: Environment) -> str:
    return texts(environment_map(answer_of(*environments), FUNCTION, DRAWING, 130))[1].strip()


def test_what_began_cold_and_is_at_work_counts_as_busy() -> None:
    cold = {"state": "busy", "began_cold_ms": NOW_MS - 20_000}
    storm = [environment(number, **cold) for number in range(26)]
    assert legend_of(*storm, environment(30, state="busy")) == "27 environments  ● 27 busy, 26 of them just cold"
    assert legend_of(*storm) == "26 environments  ● 26 busy, all of them just cold"
    assert legend_of(storm[0]) == "1 environment  ● 1 busy, just cold"
    assert legend_of(environment(0, began_cold_ms=NOW_MS - 20_000)) == "1 environment  ◆ 1 just cold, idle"
    assert legend_of(environment(0, began_cold_ms=NOW_MS - 70_000)) == "1 environment  ○ 1 idle"


def cell_style(one: Environment) -> str:
    (row,) = (line for line in environment_map(answer_of(one), FUNCTION, DRAWING, 130).lines if "version" in {
        span.text.strip() for span in line} and len(line) < 6)  # fmt: skip
    return f"{row[-1].text} {row[-1].style}"


def test_where_the_newest_invocations_failed_a_cell_is_a_cross_and_bad() -> None:
    assert cell_style(environment(0, is_failing=True)) == "✗ bad"
    assert cell_style(environment(0, is_failing=True, state="busy")) == "⊗ bad"
    assert cell_style(environment(0, is_failing=True, memory_trend=leak())) == "✗ bad"
    assert cell_style(environment(0, failures=3)) == "○ "
    for state in ("gone", "starting"):
        assert "bad" not in cell_style(environment(0, is_failing=True, state=state))
    failing = [environment(number, is_failing=True, state=("idle", "busy")[number % 2]) for number in range(3)]
    assert legend_of(*failing, environment(3)) == "4 environments  ● 1 busy  ○ 3 idle  ⊗✗ 3 failing"


def test_the_memory_of_a_row_is_the_most_used_and_what_is_used_now_where_that_is_less() -> None:
    fallen = environment(0, max_memory_used_mb=391, memory_used_mb=240)
    wide = texts(environment_map(answer_of(fallen, environment(1, first_seen_ms=NOW_MS)), FUNCTION, DRAWING, 130))
    assert "memory  now" in wide[-3]
    assert "391/512  240" in wide[-2]
    assert "120/512       " in wide[-1]
    narrow = texts(environment_map(answer_of(fallen), FUNCTION, DRAWING, 80))
    assert "391/512" in narrow[-1]
    assert "240" not in narrow[-1]
    assert " now " not in texts(environment_map(answer_of(environment(1)), FUNCTION, DRAWING, 130))[-2]


def many(count: int) -> list[Environment]:
    chance = Random(3)
    states = ("busy", "idle", "idle", "gone")
    return [
        environment(number, state=chance.choice(states), first_seen_ms=NOW_MS - 1_000_000 + number)
        for number in range(count)
    ]


@pytest.mark.parametrize(("width", "a_row"), [(80, 60), (160, 130)])
def test_a_thousand_environments_wrap_in_rows_of_tens(width: int, a_row: int) -> None:
    lines = texts(environment_map(answer_of(*many(1_000)), FUNCTION, DRAWING, width))
    cells = [
        line[14:]
        for line in lines
        if set(line[14:]) & set("●○·") and "environments" not in line and "served" not in line
    ]
    rows = [line.split() for line in cells[: -(-1_000 // a_row)]]
    assert all(len(row) == a_row // 10 and all(len(ten) == 10 for ten in row) for row in rows[:-1])
    assert sum(len(ten) for row in rows for ten in row) == 1_000
    assert lines[-1] == f"  {1_000 - ROWS_MOST} more are in the map alone."


def test_cells_keep_their_places_while_environments_come_to_work_and_rest() -> None:
    before = [environment(number, first_seen_ms=NOW_MS - 100_000 + number) for number in range(20)]
    after = [*reversed(before[1:]), msgspec.structs.replace(before[0], state="busy")]
    for environments, first in ((before, "○"), (after, "●")):
        line = texts(environment_map(answer_of(*environments), FUNCTION, DRAWING, 100))[3]
        assert line == f"  version 42  {first} " + " ".join("○" * 19)


def test_on_managed_instances_cells_are_numbers_in_flight_without_memory_or_cold_starts() -> None:
    facts = {"memory_trend": None, "memory_mb": (), "memory_used_mb": None, "max_memory_used_mb": None}
    managed = answer_of(
        environment(0, state="busy", in_flight=12, first_seen_ms=1, **facts),
        environment(1, **facts),
        is_managed_instances=True,
    )
    lines = texts(environment_map(managed, FUNCTION, DRAWING, 120))
    assert "  version 42  ●12 ○" in lines
    assert any("there are no cold starts" in line for line in lines)
    assert lines[-3].split() == ["state", "stream", "age", "served", "fail", "in", "flight", "last", "seen"]
    assert lines[-2].split()[-3:] == ["12", "4", "s"] or lines[-1].split()[-3:] == ["12", "4", "s"]


def test_where_reports_are_hidden_nothing_is_said_to_be_idle_or_to_have_served_none() -> None:
    function = msgspec.structs.replace(
        FUNCTION,
        function=msgspec.structs.replace(FUNCTION.function, log_format="JSON", system_log_level="WARN"),
        notes=(Note(field="invocations", text="the logs are read late"),),
    )
    lines = texts(environment_map(answer_of(environment(0, invocations=2, failures=2)), function, DRAWING, 120))
    assert "  1 environment  ? 1 unknown" in lines
    assert any("hides successful reports" in line for line in lines)
    assert "  the logs are read late" in lines
    assert lines[-1].split()[:7] == ["?", "unknown", stream_name(0)[-32:-24], "10", "min", "–", "2"]  # noqa: RUF001


def test_what_is_left_out_is_counted() -> None:
    assert texts(environment_map(answer_of(environment(), left_out=17), FUNCTION, DRAWING, 80))[-1] == (
        "  17 older ones are left out."
    )


def test_a_function_that_has_not_logged_has_no_map() -> None:
    lines = texts(environment_map(answer_of(), None, DRAWING, 120))
    assert lines[0] == "checkout-api  execution environments"
    assert lines[-1].startswith("No execution environment of this function has been seen yet")


@pytest.mark.parametrize(
    ("environments", "sentence"),
    [
        ([environment(0), environment(1)], ""),
        ([environment(0, state="gone", memory_trend=leak())], ""),
        (
            [environment(number, memory_trend=leak(140 + number)) for number in range(5)] + [environment(5)],
            (
                "suspected leak: 5 of 6 environments rise by 1.8 MB per 100 invocations; "
                "the fullest reaches 512 MB in about 140 invocations (~4 min at its rate so far)"
            ),
        ),
        (
            [environment(0, memory_trend=leak(0, rise=14.2))],
            (
                "suspected leak: the only environment rises by 14.2 MB per invocation; "
                "the fullest reaches 512 MB with the next invocation"
            ),
        ),
        (
            [environment(0, memory_trend=leak(None)), *(environment(n, last_seen_ms=NOW_MS - 400_000) for n in (1, 2))],
            "suspected leak: the only environment used in the last 5 min rises by 1.8 MB per 100 invocations",
        ),
        (
            [environment(0, memory_trend=leak(None)), environment(1, memory_trend=None)],
            "suspected leak: one environment rises by 1.8 MB per 100 invocations; 1 more has served too few to tell",
        ),
    ],
)
def test_a_suspected_leak_is_a_sentence_with_its_numbers(environments: list[Environment], sentence: str) -> None:
    assert leak_sentence(environments, NOW_MS) == sentence


@given(st.lists(st.sampled_from(STATES), max_size=40), st.integers(58, 220), st.booleans(), st.booleans())
def test_no_line_is_wider_than_the_page(
    environments: list[Environment], width: int, is_managed: bool, is_ascii: bool
) -> None:
    hostile = environment(9, log_stream="\x1b]52;c;cm0=\x07" + "界" * 60, version="\u202e" + "9" * 90)
    answer = answer_of(*environments, hostile, is_managed_instances=is_managed)
    drawing = Drawing(now_ms=NOW_MS, is_ascii=is_ascii)
    for line in environment_map(answer, FUNCTION, drawing, width).lines:
        assert line_width(line) <= width, line_text(line)
        assert "\x1b" not in line_text(line)
