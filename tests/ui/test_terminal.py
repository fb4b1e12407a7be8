"""The screen on a real terminal: how it leaves, what it sends, what it sets up before Textual is there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lambdatop.ui.clipboard import COPIED_BYTES_MAX, osc_52
from lambdatop.ui.terminal import chosen_locale, draws_ascii, prepare_environment
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


@pytest.mark.parametrize(
    ("locale", "is_ascii"),
    [
        ({}, False),
        ({"LANG": ""}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LANG": "en_US"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, True),
        ({"LANG": "de_DE@euro"}, True),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, True),
        ({"LANG": "de_DE.utf8@euro"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LC_CTYPE": "UTF-8", "LANG": "C"}, False),
        ({"LC_ALL": "C", "LC_CTYPE": "en_US.UTF-8", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "", "LC_CTYPE": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "C"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "linux", "LANG": "en_US.UTF-8"}, False),
    ],
)
def test_the_first_locale_that_is_set_says_whether_the_terminal_has_utf_8(
    locale: dict[str, str], is_ascii: bool
) -> None:
    assert draws_ascii(locale) is is_ascii


@pytest.mark.parametrize(
    ("given", "is_ascii"),
    [
        ({"LANG": "C"}, True),
        ({"LC_CTYPE": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LC_CTYPE": "C.UTF-8", "LANG": "C"}, False),
        ({"LC_ALL": "C"}, True),
        ({}, False),
    ],
)
def test_a_locale_that_python_sets_for_itself_is_none_of_the_users(given: dict[str, str], is_ascii: bool) -> None:
    code = (
        "import os, pathlib; from lambdatop.ui.terminal import *;"
        "print(draws_ascii(chosen_locale(os.environ, pathlib.Path('/proc/self/environ').read_bytes())))"
    )
    environment = {"PYTHONPATH": str(Path.cwd()), "PATH": os.environ["PATH"], **given}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout == f"{is_ascii}\n"


def test_without_proc_the_environment_is_believed() -> None:
    assert chosen_locale({"LC_CTYPE": "C.UTF-8", "LANG": "C", "HOME": "/"}, b"") == {
        "LC_CTYPE": "C.UTF-8", "LANG": "C",
    }  # fmt: skip
