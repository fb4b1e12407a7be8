"""The screen on a real terminal: how it leaves, what it sends, what it sets up before Textual is there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lambdatop.ui.clipboard import COPIED_BYTES_MAX, osc_52
from lambdatop.ui.terminal import prepare_environment
from tests.benchmarks.terminal_bench import TerminalProgram

SCREEN = [sys.executable, "-m", "tests.ui.run_picture"]


def opened(picture: str) -> TerminalProgram:
    return TerminalProgram([*SCREEN, picture], 120, 40, environment={"PYTHONPATH": str(Path.cwd())}, is_pinned=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_and_the_terminal_is_as_it_was(number: signal.Signals) -> None:
    with opened("incident") as program:
        assert program.read_until_shown("checkout-worker", 30) is not None
        os.kill(program.pid, number)
        assert program.wait(15) == 0
        sent = program.sent()
    assert sent.rstrip().endswith(b"\x1b[?1004l") or b"\x1b[?1049l" in sent[-400:]
    assert b"\x1b[?25h" in sent[-400:]
    assert b"Traceback" not in sent


def test_an_idle_screen_sends_the_clock_alone() -> None:
    with opened("quiet") as program:
        assert program.read_until_shown("checkout-worker", 30) is not None
        program.read_until_quiet(1.5, 5)
        before = len(program.sent())
        program.read_until_quiet(10, 5)
        assert 0 < len(program.sent()) - before <= 5 * 150


def test_over_ssh_fewer_frames_are_asked_for_and_the_users_choice_stands() -> None:
    local: dict[str, str] = {}
    remote = {"SSH_CONNECTION": "10.0.0.1 50022 10.0.0.2 22"}
    chosen = {"SSH_TTY": "/dev/pts/3", "TEXTUAL_FPS": "60"}
    for environment in (local, remote, chosen):
        prepare_environment(environment)
    assert int(remote["TEXTUAL_FPS"]) < int(local["TEXTUAL_FPS"])
    assert chosen["TEXTUAL_FPS"] == "60"
    assert local["TEXTUAL_ANIMATIONS"] == remote["TEXTUAL_ANIMATIONS"] == "none"


def test_preparing_needs_no_textual() -> None:
    code = "import sys, lambdatop.ui.terminal; print('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_long_text_is_cut_into_pieces_for_screen_and_refused_beyond_what_terminals_take() -> None:
    sequence = osc_52("x" * 3000, {"STY": "1234.pts-0"})
    assert sequence is not None
    pieces = sequence.split("\x1b\\")[:-1]
    assert len(pieces) > 4
    assert all(piece.startswith("\x1bP") and len(piece) <= 766 for piece in pieces)
    assert "".join(piece.removeprefix("\x1bP") for piece in pieces) == osc_52("x" * 3000, {})
    assert osc_52("x" * (COPIED_BYTES_MAX + 1), {}) is None
