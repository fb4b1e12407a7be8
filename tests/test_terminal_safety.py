"""Hostile text against the real program in a real pseudo-terminal, judged by the bytes that reach the terminal.

A harmless account is watched first with the same keys: what the program itself sends then is all that it may send.
"""

import base64
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pytest

from tests import moto_account
from tests.benchmarks.terminal_bench import TerminalProgram
from tests.hostile_account import hostile_account
from tests.hostile_text import LITERAL, MARKS, TELL_TALE
from tests.terminal_bytes import Token, deceits, tokens

ROOT = Path(__file__).parent.parent
FEW = 0.25
"""A place that shows at least this share of the hostile texts has been reached."""
_UP, _DOWN, _ESCAPE, _PAGE_DOWN, _END, _ENTER = "\x1b[A", "\x1b[B", "\x1b", "\x1b[6~", "\x1b[F", "\r"
SCRIPT = (
    ("overview", (_DOWN, _DOWN, _PAGE_DOWN, _UP)),
    ("reasons", ("i",)),
    ("console link", ("o",)),
    ("copied", ("y",)),
    ("palette", ("\x10", "EVIL", _ESCAPE)),
    ("filter", ("/", "EVIL", _ENTER, _ESCAPE)),
    ("function", (_ENTER, _PAGE_DOWN, _END, "i", "y", "o", _ESCAPE)),
    ("another function", (_DOWN, _ENTER, _PAGE_DOWN, _END, _ESCAPE)),
    ("problems", ("!", _PAGE_DOWN, _END, _ESCAPE)),
    *((f"pane {pane}", (pane, _PAGE_DOWN, _END, _ESCAPE)) for pane in "123456"),
    ("error", ("4", _ENTER, "x", _PAGE_DOWN, _PAGE_DOWN, _END, _ESCAPE, _ESCAPE)),
    ("help", ("?", _ESCAPE)),
)


SIZES = ((160, 50), (80, 24))


def look_around(program: TerminalProgram, texts: str) -> list[Token]:
    """Return everything the screen sends while one looks around everywhere; it must leave well, too."""
    assert program.read_until_shown("harmless" if texts == "harmless" else "EVIL", 30) is not None, program.screen()
    for _, keys in SCRIPT:
        for key in keys:
            assert program.is_open, program.sent()[-4000:].decode(errors="replace")
            program.press(key)
            # A key too soon after a lone escape is read as one sequence with it and lost.
            program.read_until_quiet(0.3 if key == _ESCAPE else 0.1, 3)
    for _ in range(5):
        program.read_until_quiet(0.5, 3)
        program.press("q")
        if program.wait(4) is not None:
            break
    assert program.exit_code == 0, program.screen()
    return tokens(program.sent())


@pytest.fixture(scope="module")
def tours() -> dict[tuple[str, tuple[int, int]], list[Token]]:
    """What was sent for harmless and for hostile text at each size; they are looked at at the same time."""
    with ExitStack() as stack, ThreadPoolExecutor() as threads:
        running = {}
        for texts, (columns, lines) in product(("harmless", "hostile"), SIZES):
            command = [sys.executable, "-m", "tests.hostile_screen", texts]
            environment = {"PYTHONPATH": str(ROOT), "ESCDELAY": "20"}
            program = TerminalProgram(command, columns, lines, environment=environment, is_pinned=False)
            running[texts, (columns, lines)] = stack.enter_context(program)
        done = {key: threads.submit(look_around, program, key[0]) for key, program in running.items()}
        return {key: tour.result() for key, tour in done.items()}


@pytest.fixture(params=SIZES, ids=["160x50", "80x24"])
def both(
    request: pytest.FixtureRequest, tours: dict[tuple[str, tuple[int, int]], list[Token]]
) -> tuple[list[Token], list[Token]]:
    """What was sent for harmless and for hostile text."""
    return tours["harmless", request.param], tours["hostile", request.param]


def printed(sent: Sequence[Token]) -> str:
    """Return the text alone."""
    return "\n".join(token.text for token in sent if token.kind == "text")


def shapes(sent: Sequence[Token]) -> set[str]:
    """Return what a terminal is told to do, apart from printing text."""
    return {token.shape for token in sent if token.kind != "text"}


def assert_is_harmless(sent: Sequence[Token], own_shapes: set[str]) -> None:
    """Assert that nothing but text, and what the program sends of its own, reaches the terminal."""
    assert shapes(sent) <= own_shapes
    assert [token for token in sent if token.kind != "text" and TELL_TALE in token.text] == []
    assert [found for token in sent if token.kind == "text" for found in deceits(token.text)] == []


def test_screen_sends_no_sequence_of_the_text(both: tuple[list[Token], list[Token]]) -> None:
    harmless, hostile = both
    assert_is_harmless(hostile, shapes(harmless))


def test_screen_shows_the_text_as_pictures(both: tuple[list[Token], list[Token]]) -> None:
    shown = printed(both[1])
    assert sum(mark in shown for mark in MARKS.values()) >= len(MARKS) * FEW
    assert "␛]52;c;" in shown


def test_screen_takes_no_text_for_mark_up(both: tuple[list[Token], list[Token]]) -> None:
    assert [name for name, literal in LITERAL.items() if MARKS[name] + literal[:8] not in printed(both[1])] == []


def test_clipboard_gets_only_what_was_copied_by_hand(both: tuple[list[Token], list[Token]]) -> None:
    harmless, hostile = ([token.text for token in sent if token.shape == "osc 52"] for sent in both)
    assert len(hostile) == len(harmless)
    for sequence in hostile:
        copied = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)", sequence)
        assert copied is not None, sequence
        assert b"EVIL" in base64.b64decode(copied.group(1))


@pytest.fixture(scope="module")
def endpoint_url() -> Iterator[str]:
    with hostile_account() as url:
        yield url


@pytest.mark.parametrize("format_", ["table", "markdown", "prometheus", "csv", "json"])
def test_report_on_a_terminal_sends_text_alone(endpoint_url: str, format_: str) -> None:
    with TerminalProgram(
        [sys.executable, "-m", "lambdatop", "report", "--since", "5m", "--format", format_],
        200,
        50,
        environment=moto_account.environment(endpoint_url) | {"PYTHONPATH": str(ROOT)},
        is_pinned=False,
    ) as program:
        code = program.wait(60)
        sent = tokens(program.sent())
    assert code == 0, printed(sent)[-2000:]
    shown = printed(sent)
    assert sum(mark in shown for mark in MARKS.values()) >= len(MARKS) * FEW
    assert_is_harmless(sent, {"control '\\r'", "control '\\n'", "csi m", "csi K"})


def test_report_to_a_file_is_faithful_json(endpoint_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lambdatop", "report", "--since", "5m", "--format", "json"],
        env=moto_account.environment(endpoint_url) | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert b"\\u001b]52;c;" in done.stdout
