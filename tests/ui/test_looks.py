"""What the screen looks like: pictures that are compared, and rules that hold in every size."""

import re
from collections.abc import Callable

import pytest
from textual.app import App

from lambdatop.render.span import line_text, line_width
from lambdatop.ui.app import LambdatopApp
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.settings import ScreenSettings
from tests.ui import pictures

Compare = Callable[..., bool]
SIZES = ((160, 48), (80, 24))


def app_of(picture: str) -> LambdatopApp:
    settings = ScreenSettings(profile="production", is_utc=True, now_ms=lambda: pictures.NOW_MS)
    return LambdatopApp(pictures.FakeEngine(pictures.PICTURES[picture]()), settings)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("picture", list(pictures.PICTURES))
def test_overview(snap_compare: Compare, picture: str, size: tuple[int, int]) -> None:
    assert snap_compare(app_of(picture), terminal_size=size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(("name", "key"), [("function", "enter"), ("problems", "exclamation_mark"), ("sort", "s")])
def test_places(snap_compare: Compare, name: str, key: str, size: tuple[int, int]) -> None:
    picture = "failing" if name == "problems" else "incident"
    assert snap_compare(app_of(picture), terminal_size=size, press=[key])


def test_light_theme(snap_compare: Compare) -> None:
    app = app_of("incident")
    app.theme = "lambdatop-light"
    assert snap_compare(app, terminal_size=(120, 40))


def _shown(app: App[None]) -> list[LineWidget]:
    return [widget for widget in app.screen.query(LineWidget) if widget.display and widget.region.height]


def _words(app: App[None]) -> set[str]:
    """Return the words on screen, those cut with an ellipsis left out."""
    texts = [line_text(line) for widget in _shown(app) for line in widget.lines]
    return {word for text in texts for word in re.findall(r"(?<![A-Za-z])[A-Za-z]{3,}(?![A-Za-z…])", text)}


@pytest.mark.parametrize("picture", list(pictures.PICTURES))
@pytest.mark.parametrize("size", [(200, 50), (160, 48), (120, 40), (100, 30), (99, 30), (80, 24), (61, 15)])
async def test_no_line_is_wider_than_its_place(picture: str, size: tuple[int, int]) -> None:
    app = app_of(picture)
    async with app.run_test(size=size) as pilot:
        for keys in ((), ("enter",), ("escape", "exclamation_mark"), ("escape", "question_mark"), ("4",), ("6",)):
            await pilot.press(*keys)
            await pilot.pause()
            for widget in _shown(app):
                assert len(widget.lines) <= widget.size.height
                for line in widget.lines:
                    assert line_width(line) <= widget.size.width, line_text(line)


@pytest.mark.parametrize("picture", list(pictures.PICTURES))
@pytest.mark.parametrize("size", [(160, 48), (120, 40), (80, 24)])
async def test_words_are_whole_or_end_in_an_ellipsis(picture: str, size: tuple[int, int]) -> None:
    app = app_of(picture)
    async with app.run_test(size=(400, 60)) as pilot:
        await pilot.pause()
        whole = _words(app)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert _words(app) <= whole


async def test_a_terminal_too_small_gets_one_clear_sentence() -> None:
    app = app_of("incident")
    async with app.run_test(size=(50, 10)) as pilot:
        await pilot.pause()
        shown = _shown(app)
        assert [widget.id for widget in shown] == ["too-small"]
        sentence = " ".join(line_text(line) for line in shown[0].lines)
        assert sentence == "This terminal is 50 by 10; lambdatop needs at least 60 by 14."
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert not app.screen.query_one("#too-small").display


async def test_a_storm_of_resizes_ends_in_a_whole_picture() -> None:
    app = app_of("incident")
    async with app.run_test(size=(80, 24)) as pilot:
        for step in range(40):
            await pilot.resize_terminal(40 + step * 3, 8 + step)
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        text = "\n".join(line_text(line) for widget in app.screen.query(LineWidget) for line in widget.lines)
    assert "57 of 1000, peak 64" in text
    assert "checkout-worker" in text


async def test_without_colour_shapes_say_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_of("incident")
    async with app.run_test(size=(160, 48)) as pilot:
        await pilot.pause()
        assert app.no_color
        text = "\n".join(line_text(line) for widget in app.screen.query(LineWidget) for line in widget.lines)
    for shape in ("▸■ checkout-api", "▼ checkout-worker", "▲ thumbnail-maker", "? legacy-web-function", "~1840"):
        assert shape in text
