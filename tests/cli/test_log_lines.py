"""`--log-lines` reaches what is started to keep them."""

import pytest

from lambdatop.cli import aws_configuration, demo, live
from lambdatop.cli.main import run
from lambdatop.cli.settings import DEFAULT_LOG_LINES, ConnectionSettings
from lambdatop.cli.wiring import remote_engine_of
from lambdatop.store.log_archive import MAX_LINES
from tests.cli.test_demo import FakeProcess, start


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many lines each screen that would have opened keeps."""
    kept: list[int] = []

    def show_screen(settings: ConnectionSettings, *_: object, **__: object) -> int:
        kept.append(settings.log_lines)
        return 0

    for module in (live, demo):
        monkeypatch.setattr(module, "require_terminal", lambda: None)
        monkeypatch.setattr(module, "show_screen", show_screen)
    monkeypatch.setattr(demo, "isolate", lambda *_: None)
    monkeypatch.setattr(aws_configuration, "check_configuration", lambda *_: None)
    return kept


def test_the_screen_keeps_as_many_lines_as_it_is_told(shown: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["--log-lines", "5000"]) == 0
    monkeypatch.setenv("LAMBDATOP_LOG_LINES", "6000")
    assert run([]) == 0

    assert shown == [5000, 6000]


def test_so_does_the_demo(shown: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    start(monkeypatch, FakeProcess())

    assert run(["demo", "--log-lines", "7000"]) == 0
    assert shown == [7000]


def test_no_lines_at_all_is_a_usage_error(shown: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--log-lines", "0"]) == 2
    assert shown == []
    assert "--log-lines" in capsys.readouterr().err


def test_the_engine_is_told() -> None:
    engine = remote_engine_of(ConnectionSettings(since_ms=0, log_lines=5000))

    assert engine._log_lines == 5000


def test_the_default_is_what_the_archive_is_made_for() -> None:
    assert DEFAULT_LOG_LINES == MAX_LINES
