"""What each key does, on the real app over made-up snapshots."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from lambdatop.model.snapshot import Snapshot
from lambdatop.render.panes import PANES, Pane
from lambdatop.render.span import line_text
from lambdatop.ui.app import LambdatopApp
from lambdatop.ui.keys import KEYS, Key, Place, key_bar
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.screens.function import FunctionScreen
from lambdatop.ui.screens.function_actions import copy_and_say
from lambdatop.ui.screens.help import HelpScreen
from lambdatop.ui.screens.overview import OverviewScreen
from lambdatop.ui.screens.pane import PaneScreen
from lambdatop.ui.screens.problems import ProblemsScreen
from lambdatop.ui.screens.sort_menu import SortMenu
from lambdatop.ui.settings import ScreenSettings
from lambdatop.ui.widgets.function_table import FunctionTable
from lambdatop.ui.widgets.pane import PaneWidget
from tests.ui import pictures

Condition = Callable[[], object]


class Session:
    """A running app, its engine and its keyboard."""

    def __init__(self, app: LambdatopApp, engine: pictures.FakeEngine, pilot: Pilot[None]) -> None:
        self.app, self.engine, self.pilot = app, engine, pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, condition: Condition) -> None:
        for _ in range(300):
            if condition():
                return
            await self.pilot.pause(0.01)
        pytest.fail(f"never came true; the screen shows\n{self.text()}")

    def text(self) -> str:
        return "\n".join(line_text(line) for widget in self.app.screen.query(LineWidget) for line in widget.lines)

    @property
    def table(self) -> FunctionTable:
        return self.app.screen_stack[0].query_one(FunctionTable)

    @property
    def names(self) -> list[str]:
        return [function.key.name for function in self.table.on_screen]


@asynccontextmanager
async def opened(
    snapshot: Snapshot, size: tuple[int, int] = (120, 40), engine: pictures.FakeEngine | None = None
) -> AsyncIterator[Session]:
    engine = pictures.FakeEngine(snapshot) if engine is None else engine
    settings = ScreenSettings(
        refresh_interval_s=0.25, profile="production", is_utc=True, now_ms=lambda: pictures.NOW_MS
    )
    app = LambdatopApp(engine, settings)
    async with app.run_test(size=size) as pilot:
        session = Session(app, engine, pilot)
        await session.until(lambda: engine.is_started)
        yield session


async def test_the_engine_starts_after_the_first_picture_and_is_told_what_is_on_screen() -> None:
    async with opened(pictures.incident()) as session:
        await session.until(lambda: len(session.engine.views[-1].visible) == 14)


async def test_arrows_and_letters_move_the_cursor() -> None:
    async with opened(pictures.incident()) as session:
        for keys, index in ((("down",), 1), (("j",), 2), (("up",), 1), (("k",), 0), (("G",), 13), (("g",), 0)):
            await session.press(*keys)
            assert session.table.selected is session.table.on_screen[index]


async def test_the_cursor_stays_on_its_function_when_rows_change_places() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("j", "j")
        assert session.table.selected is not None
        name = session.table.selected.key.name
        await session.press("S")
        assert session.table.selected.key.name == name
        assert session.names[2] != name


async def test_enter_opens_the_function_and_escape_comes_back() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, FunctionScreen))
        focus = session.engine.views[-1].focus
        assert focus is not None
        assert focus.name == "checkout-api"
        await session.until(lambda: "Recent errors" in session.text())
        await session.press("escape")
        await session.until(lambda: isinstance(session.app.screen, OverviewScreen))
        assert session.engine.views[-1].focus is None


async def test_a_function_that_is_gone_is_said_to_be_gone() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, FunctionScreen))
        session.engine.latest = msgspec.structs.replace(session.engine.latest, functions=())
        await session.until(lambda: "no longer in the list" in session.text())


async def test_a_filter_works_while_it_is_typed_and_escape_clears_it() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("slash", *"check*api")
        await session.until(lambda: session.names == ["checkout-api"])
        assert "filter check*api 1 of 14" in session.text()
        await session.press("enter", "escape")
        await session.until(lambda: len(session.names) == 14)


async def test_a_filter_that_nothing_matches_says_what_helps() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("slash", *"zzz")
        await session.until(lambda: "No function matches 'zzz'; press esc to show all 14." in session.text())


async def test_the_sort_menu_sorts_by_the_letter_beside_a_column() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("s")
        await session.until(lambda: isinstance(session.app.screen, SortMenu))
        await session.press("b")
        await session.until(lambda: session.names == sorted(session.names))
        await session.press("S")
        await session.until(lambda: session.names == sorted(session.names, reverse=True))


async def test_space_freezes_the_picture_while_collection_goes_on() -> None:
    async with opened(pictures.quiet()) as session:
        await session.press("space")
        assert "FROZEN since 02:53:22" in session.text()
        session.engine.latest = pictures.incident()
        await session.press("w")
        assert "failing" not in session.text()
        await session.press("space")
        await session.until(lambda: "1 failing" in session.text())


async def test_live_tail_costs_so_it_asks_and_only_y_starts_it() -> None:
    async with opened(pictures.quiet()) as session:
        for answer in ("n", "L", "escape", "enter", "q"):
            await session.press("L")
            await session.until(lambda: "costs $0.01 a minute" in session.text())
            await session.press(answer)
            await session.until(lambda: isinstance(session.app.screen, OverviewScreen))
            assert session.engine.views[-1].live_tail == "off"
        choices = []
        for keys in (("L", "y"), ("L", "y"), ("L",)):
            await session.press(*keys)
            await session.until(lambda: isinstance(session.app.screen, OverviewScreen))
            choices.append(session.engine.views[-1].live_tail)
        assert choices == ["focused", "all", "off"]


async def test_w_asks_for_the_next_window() -> None:
    async with opened(pictures.quiet()) as session:
        await session.press("w")
        await session.until(lambda: "window 1 h" in session.text())
        assert session.engine.views[-1].window == "1h"


@pytest.mark.parametrize("pane", PANES, ids=lambda pane: pane.kind)
async def test_digits_open_panes(pane: Pane) -> None:
    number = PANES.index(pane)
    async with opened(pictures.incident()) as session:
        await session.press(str(number + 1))
        await session.until(lambda: isinstance(session.app.screen, PaneScreen))
        assert PANES[number].help in session.text()
        await session.press(str(number + 1))
        await session.until(lambda: isinstance(session.app.screen, OverviewScreen))


async def test_tab_goes_to_the_panes_and_enter_opens_the_one_it_is_on() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("tab")
        await session.until(lambda: isinstance(session.app.focused, PaneWidget))
        await session.press("tab", "enter")
        await session.until(lambda: isinstance(session.app.screen, PaneScreen))
        assert "cold starts" in session.text()


async def test_help_and_problems_open_and_close() -> None:
    async with opened(pictures.failing()) as session:
        await session.press("question_mark")
        await session.until(lambda: isinstance(session.app.screen, HelpScreen))
        await session.press("escape", "exclamation_mark")
        await session.until(lambda: isinstance(session.app.screen, ProblemsScreen))
        assert "→ Allow logs:FilterLogEvents: lambdatop policy prints what is needed." in session.text()
        await session.press("exclamation_mark")
        await session.until(lambda: isinstance(session.app.screen, OverviewScreen))


async def test_columns_scroll_and_come_back() -> None:
    async with opened(pictures.incident(), (80, 24)) as session:
        assert "p99" not in session.text()
        await session.press(*[">"] * 8)
        await session.until(lambda: "p99" in session.text())
        await session.press(*["<"] * 8)
        await session.until(lambda: "p99" not in session.text())


async def test_i_says_why_and_o_shows_the_link() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("i", "o")
        await session.until(lambda: len(session.app._notifications) == 2)
        messages = [notification.message for notification in session.app._notifications]
        assert messages[0] == "failing: 7.6% errors since version 42 (41: 0.1%)"
        assert messages[1].endswith("/lambda/home?region=eu-west-1#/functions/checkout-api?tab=monitoring")


async def test_the_palette_knows_every_action_of_the_place() -> None:
    from lambdatop.ui.commands import commands

    async with opened(pictures.incident()) as session:
        names = [command.name for command in commands(session.app.screen)]
    for key in KEYS:
        if "overview" in key.places and "palette" not in key.action:
            assert f"{key.word} ({key.shown})" in names
    assert "sort by p95" in names
    assert "theme lambdatop-light" in names


async def test_the_palette_does_what_the_place_below_it_can() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("colon", *"sort by p95")
        await session.until(lambda: "sort by p95" in palette(session))
        await session.press("enter")
        overview = session.app.screen_stack[0]
        assert isinstance(overview, OverviewScreen)
        await session.until(lambda: overview.sort_column == "p95")


def palette(session: Session) -> list[str]:
    """Return what the open palette offers."""
    from textual.command import CommandList

    options = session.app.screen.query_one(CommandList).options
    return [str(getattr(option, "hit").text) for option in options]  # noqa: B009  Textual's own attribute


async def test_q_leaves() -> None:
    async with opened(pictures.quiet()) as session:
        await session.press("q")
        await session.until(lambda: session.app._exit)


async def test_a_defect_in_drawing_is_said_in_the_header_and_drawing_goes_on() -> None:
    async with opened(pictures.quiet()) as session:
        broken = msgspec.structs.replace(pictures.quiet(), functions=(None,))
        session.engine.latest = broken
        await session.until(lambda: "internal error: AttributeError" in session.text())
        session.engine.latest = pictures.incident()
        await session.until(lambda: "20/20/20" in session.text())
        assert session.app.session.defects


@pytest.mark.parametrize("place", ["overview", "page", "function"])
def test_every_place_has_help_and_a_way_out_in_its_key_bar(place: Place) -> None:
    actions = [key.action for key in key_bar(place)]
    assert actions[-1] == "app.quit"
    assert "app.help" in actions


def test_no_key_does_two_things_in_one_place() -> None:
    def keys_of(one: Key) -> list[str]:
        return one.keys.split(",")

    for place in ("overview", "page", "function"):
        keys = [name for key in KEYS if place in key.places for name in keys_of(key)]
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", ["slash", "colon"])
async def test_pasted_text_is_as_printable_as_any(key: str) -> None:
    async with opened(pictures.incident()) as session:
        await session.press(key)
        session.app.post_message(events.Paste("check\x1b]52;c;eA==\x07\u202eout\nls\n"))
        await session.until(lambda: session.app.screen.query_one(Input).value == "check␛]52;c;eA==␇⟨U+202E⟩out")


async def test_a_name_is_copied_as_it_can_be_pasted_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def copy(_app: object, text: str) -> bool:
        copied.append(text)
        return True

    monkeypatch.setattr("lambdatop.ui.screens.function_actions.copy_text", copy)
    async with opened(pictures.incident()) as session:
        copy_and_say(session.app, "check\x1b[201~\nreboot\r")
    assert copied == ["check␛[201~⏎reboot"]
