"""Writing to stdout and stderr: safe on a terminal, faithful in a file, quiet when the reader has gone."""

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Literal, NoReturn, TextIO

from lambdatop.cli import character_set
from lambdatop.cli.failure import CommandError, ExitCode

if TYPE_CHECKING:
    from rich.text import Text

    from lambdatop.render.span import Line

_RICH_STYLES = {
    "heading": "bold",
    "dim": "dim",
    "unknown": "dim",
    "good": "green",
    "warning": "yellow",
    "bad": "bold red",
    "accent": "cyan",
    "series_1": "blue",
    "series_2": "yellow",
    "series_3": "green",
    "series_4": "magenta",
    "series_5": "cyan",
    "series_6": "dim",
}
_LINE_LIMIT = 100_000


class ReaderGoneError(Exception):
    """The other end of the pipe was closed, which is the reader's right."""


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether the stream is a terminal; a closed one is not."""
    with contextlib.suppress(ValueError):
        return stream is not None and stream.isatty()
    return False


def terminal_width(default: int = 120) -> int:
    """Return the terminal's width; where stdout is none, or does not know its own, COLUMNS or else the default."""
    own = os.get_terminal_size(sys.stdout.fileno()).columns if is_terminal(sys.stdout) else 0
    given = os.environ.get("COLUMNS", "")
    return own or (int(given) if given.isascii() and given.isdigit() else 0) or default


def write(text: str) -> None:
    """Write text to stdout: on a terminal through the printable gate, line by line, else as it is.

    Raises ReaderGoneError for a closed pipe and CommandError for a stdout that cannot be written to.
    """
    if is_terminal(sys.stdout):
        from lambdatop.render.printable import printable

        text = "".join(
            f"{printable(line, _LINE_LIMIT)}\n" for line in text.split("\n")[: -1 if text[-1:] == "\n" else None]
        )
    check_stdout()
    with _writing():
        with contextlib.suppress(AttributeError):
            sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a test's stand-in has no such method
        sys.stdout.write(text)
        sys.stdout.flush()


def check_stdout() -> None:
    """Raise CommandError where stdout is closed, before anything is paid for that cannot be written."""
    if sys.stdout is None:
        raise CommandError(ExitCode.USAGE, "stdout is closed, so there is nowhere to write to")


def _drawable(line: "Line") -> "Line":
    """Return a line in characters that the terminal has."""
    if not character_set.is_ascii():
        return line
    from lambdatop.render.ascii_text import ascii_line

    return ascii_line(line)


def write_lines(lines: "Iterable[Line]") -> None:
    """Write lines of spans, in colour where stdout is a terminal that has it (NO_COLOR is honoured)."""
    from lambdatop.render.span import line_text

    if not is_terminal(sys.stdout):
        write("".join(f"{line_text(line).rstrip()}\n" for line in lines))
        return
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False, emoji=False)
    with _writing():
        for line in lines:
            console.print(rich_text(_drawable(line)))


def rich_text(line: "Line", overflow: "Literal['crop', 'ellipsis'] | None" = None) -> "Text":
    """Return a line in Rich's words; with `overflow`, on one line of the terminal."""
    from rich.text import Text

    parts = ((span.text, _rich_style(span.style)) for span in line)
    return Text.assemble(*parts, overflow=overflow, no_wrap=overflow is not None)


def _rich_style(name: str) -> str:
    """Return a span's style in Rich's words; colours found in the text itself are in those already."""
    return name.removeprefix("sgr:") if name.startswith("sgr:") else _RICH_STYLES.get(name, "")


def say(sentence: str) -> None:
    """Write a line to stderr through the printable gate; a closed stderr loses it, since nobody listens."""
    with contextlib.suppress(OSError, ValueError):
        if sys.stderr is not None:
            from lambdatop.render.printable import printable

            sys.stderr.write(f"{printable(sentence, 2000)}\n")
            sys.stderr.flush()


def show_progress(words: str) -> None:
    """Show words on stderr in place of those before, when it is a terminal; no words clear the line."""
    if is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb":  # which takes no sequence that clears a line
        from lambdatop.render.printable import printable

        with contextlib.suppress(OSError, ValueError):
            width = os.get_terminal_size(sys.stderr.fileno()).columns or 80  # 0 where it was never told
            sys.stderr.write(f"\r\x1b[K{printable(words, max(0, width - 1))}")
            sys.stderr.flush()


def say_line(line: "Line") -> None:
    """Write a line of spans to stderr, in colour where that is a terminal that has it."""
    with contextlib.suppress(OSError, ValueError):
        if sys.stderr is not None:
            from rich.console import Console

            shown = _drawable(line) if is_terminal(sys.stderr) else line
            Console(stderr=True, soft_wrap=True, highlight=False, emoji=False).print(rich_text(shown))


@contextlib.contextmanager
def replaced_line() -> "Iterator[Callable[[Line], None]]":
    """Give what shows a line on stderr in place of the one before, where stderr is a terminal; it goes at the end."""
    if not is_terminal(sys.stderr):
        yield lambda _: None
        return
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True, highlight=False, emoji=False)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        shown: list[Line] = []

        def show(line: "Line") -> None:
            if shown != [line]:
                shown[:] = [line]
                live.update(
                    rich_text(_drawable(line), overflow="crop" if character_set.is_ascii() else "ellipsis"),
                    refresh=True,
                )

        yield show


def leave(exit_code: int) -> NoReturn:
    """End the process at once: threads that wait for AWS are daemons, and large memory takes long to free."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(exit_code)


def abandon_stdout() -> None:
    """Let what is still buffered for stdout go nowhere, so that leaving the program does not fail on it again."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        raise unwritable(error) from error


def unwritable(error: OSError) -> CommandError:
    """Return the failure of a stdout that cannot be written to, such as a full disk; what is buffered is let go."""
    abandon_stdout()
    reason = os.strerror(error.errno) if error.errno else str(error)
    return CommandError(ExitCode.USAGE, f"stdout cannot be written to: {reason}")


def is_output_error(error: OSError) -> bool:
    """Return whether an error is of a kind that only writing meets."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
