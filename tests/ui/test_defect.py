"""A defect in a screen ends the program in order, and without a traceback on the terminal."""

import pytest

from lambdatop.ui.app import LambdatopApp
from lambdatop.ui.screens.help import HelpScreen
from lambdatop.ui.settings import ScreenSettings
from tests.ui import pictures


async def test_a_defect_is_kept_for_the_caller_and_nothing_of_it_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_screen: HelpScreen) -> None:
        raise ValueError("a line with \x1b]52;c;aGk=\x07")

    monkeypatch.setattr(HelpScreen, "compose", fail)
    app = LambdatopApp(pictures.FakeEngine(pictures.quiet()), ScreenSettings(now_ms=lambda: pictures.NOW_MS))

    async def open_help() -> None:
        async with app.run_test() as pilot:
            await pilot.press("question_mark")
            await pilot.pause()

    with pytest.raises(ValueError, match="a line with"):
        await open_help()

    assert isinstance(app.failure, ValueError)
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
