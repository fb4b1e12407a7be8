"""What reaches a real terminal, and what reaches a file."""

import os
import pty
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOSTILE = "name\x1b]0;title\x07 \x9b2J \u202etxt"
PROGRAM = f"from lambdatop.cli import output; output.write({HOSTILE!r} + chr(10))"


def bytes_on_a_terminal(program: str, environment: dict[str, str] | None = None) -> bytes:
    """Return what a program writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=theirs,
        stderr=theirs,
        stdin=theirs,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **(environment or {})},
    )
    os.close(theirs)
    written = b""
    try:
        while chunk := os.read(ours, 65536):
            written += chunk
    except OSError:  # the terminal's other end is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(30) == 0
    return written


def test_a_terminal_gets_pictures_and_a_file_gets_what_there_is() -> None:
    assert bytes_on_a_terminal(PROGRAM).decode() == "name␛]0;title␇ ⟨U+009B⟩2J ⟨U+202E⟩txt\r\n"
    to_a_pipe = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, cwd=ROOT, check=True)
    assert to_a_pipe.stdout.decode() == HOSTILE + "\n"


LINES = (
    "from lambdatop.cli import output; from lambdatop.render.span import Span;"
    "output.write_lines([(Span('a [red]b'), Span('bad', 'bad')), ()])"
)


def test_a_terminal_gets_colour_and_a_pipe_does_not() -> None:
    assert b"a [red]b\x1b[1;31mbad\x1b[0m" in bytes_on_a_terminal(LINES)
    to_a_pipe = subprocess.run([sys.executable, "-c", LINES], capture_output=True, cwd=ROOT, check=True)
    assert to_a_pipe.stdout == b"a [red]bbad\n\n"


OWN_COLOURS = (
    "from lambdatop.cli import output; from lambdatop.render.printable import printable_spans;"
    "output.write_lines([printable_spans('\\x1b[1;36mINFO\\x1b[0m ok')])"
)


def test_colours_that_a_logger_wrote_are_kept_on_a_terminal() -> None:
    assert b"\x1b[1;36mINFO\x1b[0m ok" in bytes_on_a_terminal(OWN_COLOURS)


def test_no_color_is_honoured() -> None:
    assert b"31m" not in bytes_on_a_terminal(LINES, {"NO_COLOR": "1"})


def test_a_locale_without_other_characters_gets_ascii_on_a_terminal() -> None:
    lines = LINES.replace("a [red]b", "── ünïcode ▁█")
    assert b"-- unicode _#" in bytes_on_a_terminal(lines, {"LC_ALL": "C"})
    assert "── ünïcode ▁█".encode() in bytes_on_a_terminal(lines, {"LC_ALL": "C.UTF-8"})


def test_a_dumb_terminal_gets_no_line_that_would_have_to_be_cleared() -> None:
    program = "from lambdatop.cli import output; output.show_progress('asking'); output.show_progress('')"
    assert bytes_on_a_terminal(program, {"TERM": "dumb"}) == b""
    assert bytes_on_a_terminal(program) == b"\r\x1b[Kasking\r\x1b[K"


def test_a_terminal_that_was_never_told_its_size_has_that_of_columns_or_a_usual_one() -> None:
    program = "from lambdatop.cli import output; print(output.terminal_width())"
    assert bytes_on_a_terminal(program, {"COLUMNS": "77"}) == b"77\r\n"
    for unusable in ("", "0", "wide"):
        assert bytes_on_a_terminal(program, {"COLUMNS": unusable}) == b"120\r\n"
