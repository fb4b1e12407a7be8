"""The live screen on a real terminal: it opens, leaves, and gives the terminal back however it is ended."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALTERNATE_SCREEN = b"\x1b[?1049h"
BACK_AGAIN = b"\x1b[?1049l"


class Terminal:
    """A program on a pseudo-terminal, with all that it has written."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        self.ours, theirs = pty.openpty()
        self.written = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lambdatop", *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)

    def read_until(self, wanted: bytes, timeout_s: float = 30) -> None:
        deadline = time.monotonic() + timeout_s
        while wanted not in self.written:
            assert time.monotonic() < deadline, (wanted, self.written[-2000:])
            if not self._read():
                break
        assert wanted in self.written, self.written[-2000:]

    def ended(self) -> int:
        """Read to the end and return the exit code."""
        while self._read():
            pass
        return self.process.wait(30)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.ours)

    def _read(self) -> bool:
        try:
            if select.select([self.ours], [], [], 1)[0]:
                chunk = os.read(self.ours, 65536)
                self.written += chunk
                return bool(chunk)
        except OSError:  # the terminal's other end is closed
            return False
        return True


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An account that is at a port where nobody listens."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LAMBDATOP_"))}
    return kept | {
        "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "TERM": "xterm-256color", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    }  # fmt: skip


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Terminal]:
    terminal = Terminal([], environment)
    yield terminal
    terminal.close()


def test_q_leaves_and_gives_the_terminal_back(terminal: Terminal) -> None:
    terminal.read_until(ALTERNATE_SCREEN)
    os.write(terminal.ours, b"q")
    assert terminal.ended() == 0
    assert terminal.written.count(ALTERNATE_SCREEN) == terminal.written.count(BACK_AGAIN) == 1
    assert b"Traceback" not in terminal.written


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_gives_the_terminal_back(number: signal.Signals, terminal: Terminal) -> None:
    terminal.read_until(ALTERNATE_SCREEN)
    terminal.process.send_signal(number)
    terminal.ended()
    assert BACK_AGAIN in terminal.written
    assert b"Traceback" not in terminal.written


@pytest.mark.parametrize(
    ("more", "arguments", "sentence"),
    [
        ({"AWS_REGION": ""}, [], b"lambdatop: no AWS region is known. Try: lambdatop --region us-east-1"),
        ({}, ["--profile", "nope"], b"lambdatop: there is no AWS profile 'nope'. Try: aws configure --profile nope"),
    ],
)
def test_what_is_missing_is_said_before_the_screen_opens(
    more: dict[str, str], arguments: list[str], sentence: bytes, environment: dict[str, str]
) -> None:
    terminal = Terminal(arguments, environment | more)
    try:
        assert terminal.ended() == 3
    finally:
        terminal.close()
    assert sentence in terminal.written
    assert ALTERNATE_SCREEN not in terminal.written


def test_a_theme_that_is_not_there_is_told(environment: dict[str, str]) -> None:
    terminal = Terminal(["--theme", "neon"], environment)
    try:
        assert terminal.ended() == 2
    finally:
        terminal.close()
    assert b"lambdatop: there is no theme 'neon'; there is " in terminal.written
    assert ALTERNATE_SCREEN not in terminal.written
