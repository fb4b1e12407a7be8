"""A program in a pseudo-terminal, as a terminal would run it, with everything timed.

It answers what programs ask of a terminal at start (device attributes, cursor position, kitty keyboard, modes,
colours), so that nothing waits for an answer; keeps every byte with the time it came; replays them for what the screen
shows; reads the CPU time and memory of the whole process tree from /proc; and may read as slowly as a thin line would.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

PROGRAM_CPU = 1
HARNESS_CPU = 0
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_QUERIES: tuple[tuple[re.Pattern[bytes], bytes], ...] = (
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[>0?c"), b"\x1b[>1;10;0c"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[\?u"), b"\x1b[?0u"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
    (re.compile(rb"\x1b\]10;\?(?:\x07|\x1b\\)"), b"\x1b]10;rgb:d8d8/d8d8/d8d8\x1b\\"),
    (re.compile(rb"\x1b\]11;\?(?:\x07|\x1b\\)"), b"\x1b]11;rgb:1010/1010/1414\x1b\\"),
)
# pyte takes private sequences that it does not know for text or for others.
_BEYOND_PYTE = re.compile(
    rb"\x1b\[[<>=][0-9;:]*[ -/]*[@-~]|\x1b\[\?[0-9;]*(?:\$p|u|c)|\x1bP.*?\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)",
    re.DOTALL,
)
_SLICE_S = 0.005


class TerminalProgram:
    """A running program with its terminal; `bytes_per_second` reads no faster than that."""

    def __init__(
        self,
        command: Sequence[str],
        columns: int = 200,
        lines: int = 50,
        *,
        environment: Mapping[str, str] | None = None,
        is_pinned: bool = True,
        bytes_per_second: int | None = None,
    ) -> None:
        self.columns, self.lines = columns, lines
        self.record: list[tuple[float, bytes]] = []
        self.exit_code: int | None = None
        self._bytes_per_second = bytes_per_second
        self._tail = b""
        environ = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor") | dict(environment or {})
        for name in ("LINES", "COLUMNS", "NO_COLOR", "SSH_CONNECTION", "SSH_TTY", "TMUX"):
            if name not in (environment or {}):
                environ.pop(name, None)
        if is_pinned:
            os.sched_setaffinity(0, {HARNESS_CPU})
        self.started = time.perf_counter()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            if is_pinned:
                os.sched_setaffinity(0, {min(PROGRAM_CPU, (os.cpu_count() or 1) - 1)})
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            os.execvpe(command[0], list(command), environ)  # noqa: S606  a terminal runs its program itself
        self._budget_from = self.started
        self._budget_used = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def press(self, keys: bytes | str) -> float:
        """Type the keys; returns when."""
        pressed = time.perf_counter()
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)
        return pressed

    def resize(self, columns: int, lines: int) -> None:
        """Change the terminal's size, which the kernel tells the program."""
        self.columns, self.lines = columns, lines
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def read_for(self, seconds: float) -> int:
        """Read for that long; returns how many bytes came."""
        end, count = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0 and self.is_open:
            count += len(self._read(left))
        return count

    def read_until(self, marker: bytes, timeout_s: float = 30.0) -> float | None:
        """Read until the marker came in what is sent from now on; returns when, or None."""
        end, seen = time.perf_counter() + timeout_s, b""
        while (left := end - time.perf_counter()) > 0 and self.is_open:
            seen = seen[-len(marker) :] + self._read(left)
            if marker in seen:
                return time.perf_counter()
        return None

    def read_until_match(self, pattern: re.Pattern[bytes], timeout_s: float = 30.0) -> float | None:
        """Read until what is sent from now on holds a match; returns when, or None."""
        end, seen = time.perf_counter() + timeout_s, b""
        while (left := end - time.perf_counter()) > 0 and self.is_open:
            seen += self._read(left)
            if pattern.search(seen):
                return time.perf_counter()
        return None

    def read_until_shown(self, text: str, timeout_s: float = 30.0) -> float | None:
        """Read until the screen shows the text; returns the seconds since the start, or None."""
        end = time.perf_counter() + timeout_s
        replay = Replay(self.columns, self.lines)
        done = 0
        while True:
            for moment, data in self.record[done:]:
                replay.feed(data)
                done += 1
                if replay.shows(text):
                    return moment - self.started
            if time.perf_counter() >= end or not self.is_open:
                return None
            self._read(0.05)

    def read_until_quiet(self, quiet_s: float, timeout_s: float = 10.0) -> bool:
        """Read until nothing came for a while; False when it never was quiet."""
        end = time.perf_counter() + timeout_s
        while time.perf_counter() < end and self.is_open:
            if not self._read(quiet_s):
                return True
        return False

    def screen(self) -> str:
        """What the terminal shows now."""
        replay = Replay(self.columns, self.lines)
        replay.feed(self.sent())
        return replay.text()

    def sent(self) -> bytes:
        """Everything that was sent so far."""
        return b"".join(data for _, data in self.record)

    @property
    def is_open(self) -> bool:
        """Whether the program still holds its terminal."""
        return self._master >= 0

    def cpu_s(self) -> float:
        """CPU seconds of the program, its children and those that have ended, so far."""
        return sum(cpu_s_of(pid) for pid in process_tree(self.pid))

    def rss_mb(self) -> float:
        """Resident memory of the program and its children, megabytes (shared pages counted once each process)."""
        return sum(rss_mb_of(pid) for pid in process_tree(self.pid))

    def close(self, timeout_s: float = 5.0) -> int | None:
        """End the program (SIGTERM, then SIGKILL); returns its exit code."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self.exit_code is not None:
                break
            with suppress(ProcessLookupError):
                os.kill(self.pid, sign)
            self.wait(timeout_s)
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
        return self.exit_code

    def wait(self, timeout_s: float = 5.0) -> int | None:
        """Read until the program ends by itself; returns its exit code, None when it has not ended."""
        end = time.perf_counter() + timeout_s
        while self.exit_code is None and time.perf_counter() < end:
            if self.is_open:
                self._read(0.02)
            else:
                time.sleep(0.01)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
        if self.exit_code is not None:
            while self.is_open and self._read(0.02):
                pass
        return self.exit_code

    def _read(self, timeout_s: float) -> bytes:
        size = self._allowed()
        if size == 0:
            time.sleep(min(_SLICE_S, max(0.0, timeout_s)))
            return b""
        if not select.select([self._master], [], [], timeout_s)[0]:
            return b""
        try:
            data = os.read(self._master, size)
        except OSError:
            data = b""
        if not data:
            os.close(self._master)
            self._master = -1
            return b""
        self._budget_used += len(data)
        self.record.append((time.perf_counter(), data))
        self._answer(data)
        return data

    def _allowed(self) -> int:
        """How many bytes the line's speed allows now; an unused allowance is lost after one slice."""
        if self._bytes_per_second is None:
            return 1 << 16
        now = time.perf_counter()
        earned = int((now - self._budget_from) * self._bytes_per_second) - self._budget_used
        most = int(self._bytes_per_second * _SLICE_S)
        if earned > most:
            self._budget_used += earned - most
            earned = most
        return max(0, earned)

    def _answer(self, data: bytes) -> None:
        if b"\x1b" not in data and not self._tail:
            return
        text = self._tail + data
        last = 0
        for query, answer in _QUERIES:
            for match in query.finditer(text):
                last = max(last, match.end())
                with suppress(OSError):
                    os.write(self._master, answer)
        self._tail = text[max(last, len(text) - 16) :]


class Replay:
    """A terminal's screen, rebuilt from the bytes sent to it."""

    def __init__(self, columns: int, lines: int) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, data: bytes) -> None:
        """Show these bytes too."""
        self._stream.feed(_BEYOND_PYTE.sub(b"", data))

    @property
    def rows(self) -> list[str]:
        """The screen's lines, as wide as it is."""
        return list(self._screen.display)

    def text(self) -> str:
        """The screen's lines without trailing blanks."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def shows(self, text: str) -> bool:
        """Whether any line shows the text."""
        return any(text in line for line in self._screen.display)


def process_tree(pid: int) -> list[int]:
    """Return the process and all its descendants that are alive."""
    found = [pid]
    for parent in found:
        with suppress(OSError):
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                with suppress(OSError):
                    found.extend(int(child) for child in children.read_text().split())
    return found


def child_running(pid: int, module: str) -> int:
    """Return which descendant of the process runs that module."""
    for child in process_tree(pid)[1:]:
        with suppress(OSError):
            if module in Path(f"/proc/{child}/cmdline").read_text().split("\0"):
                return child
    raise LookupError(f"no process below {pid} runs {module}")


def cpu_s_of(pid: int) -> float:
    """CPU seconds of a process and its ended children so far; 0 once it has ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(ticks) for ticks in fields[11:15]) / _TICKS_PER_S
    return 0.0


def rss_mb_of(pid: int) -> float:
    """Resident memory of a process, megabytes; 0 once it has ended."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return 0.0
