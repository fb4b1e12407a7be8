"""What the screen looks like: pictures that are compared, and rules that hold in every size."""

import re
from collections.abc import Callable

import pytest
from textual.app import App
from textual.pilot import Pilot

from lambdatop.render.span import line_text, line_width
from lambdatop.ui.app import LambdatopApp
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.settings import ScreenSettings
from tests.ui import pictures
from tests.ui.test_logs import WORKER, Log

Compare = Callable[..., bool]
SIZES = ((160, 48), (80, 24))


def app_of(picture: str) -> LambdatopApp:
    settings = ScreenSettings(profile="production", is_utc=True, now_ms=lambda: pictures.NOW_MS)
    return LambdatopApp(pictures.FakeEngine(pictures.PICTURES[picture]()), settings)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until what is on screen has stayed the same a few times."""
    seen: list[object] = []
    for _ in range(200):
        await pilot.pause(0.01)
        seen.append([widget.lines for widget in pilot.app.screen.query(LineWidget)])
        if len(seen) > 3 and all(one == seen[-1] for one in seen[-4:]):
            return


def engine_of(app: LambdatopApp) -> pictures.FakeEngine:
    engine = app.session._engine
    assert isinstance(engine, pictures.FakeEngine)
    return engine


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("picture", list(pictures.PICTURES))
def test_overview(snap_compare: Compare, picture: str, size: tuple[int, int]) -> None:
    assert snap_compare(app_of(picture), terminal_size=size)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(("name", "key"), [("function", "enter"), ("problems", "exclamation_mark"), ("sort", "s")])
def test_places(snap_compare: Compare, name: str, key: str, size: tuple[int, int]) -> None:
    picture = "failing" if name == "problems" else "incident"
    assert snap_compare(app_of(picture), terminal_size=size, press=[key])


ORDER = "8f5f3a0a-0000-4000-8000-000000000001"
MEMORY = "Max Memory Used: 181 MB\tInit Duration: 412.10 ms"
TRACEBACK = 'Traceback (most recent call last):\n  File "/var/task/price.py", line 41, in total'
LINES = (
    f"START RequestId: {ORDER} Version: 42",
    f'{{"timestamp":"2026-11-21T02:43:23Z","level":"INFO","message":"pricing cart","requestId":"{ORDER}","n":8}}',
    f'{{"timestamp":"2026-11-21T02:43:24Z","level":"WARN","message":"slow","requestId":"{ORDER}","attempt":2}}',
    f"[DEBUG] 2026-11-21T02:43:25.000Z {ORDER} \x1b[36mcache\x1b[0m miss for sku-17",
    f"[ERROR] KeyError: 'payment_method'\n{TRACEBACK}",
    f"END RequestId: {ORDER}",
    f"REPORT RequestId: {ORDER}\tDuration: 212.31 ms\tBilled Duration: 213 ms\tMemory Size: 512 MB\t" + MEMORY,
    "Task timed out after 3.00 seconds",
)  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("log", ("l",)),
        ("log of all", ("7", "slash", *"cart", "enter")),
        ("log unfolded and filtered", ("l", "X", "ampersand", *"level>=warn", "enter", "up")),
        ("event", ("l", "up", "up", "up", "up", "up", "up", "enter")),
    ],
)
def test_logs(snap_compare: Compare, name: str, keys: tuple[str, ...], size: tuple[int, int]) -> None:  # noqa: ARG001
    log = Log()
    log.write(*LINES)
    log.write("second function's line", function=WORKER)
    log.write("came late", second=2)
    app = app_of("incident")

    async def go(pilot: Pilot[None]) -> None:
        engine = engine_of(app)
        engine.answer = log.answer
        while not engine.is_started:
            await pilot.pause(0.01)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=go)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_errors(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(app_of("incident"), terminal_size=size, press=["4"])


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
