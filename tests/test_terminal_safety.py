"""Hostile text against the real screen in a real pseudo-terminal, judged by the bytes that reach the terminal.

A harmless account is watched first with the same keys: what the program itself sends then is all that it may send.
"""

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.benchmarks.terminal_bench import TerminalProgram
from tests.hostile_text import HARMLESS_WORD, HOSTILE, HOSTILE_WORD, LITERAL, MARKS, TELL_TALE, log_messages
from tests.hostile_tour import SCRIPT, SHORT_SCRIPT, Script, Tour, look_around
from tests.terminal_bytes import Token, deceits, tokens
from tests.terminal_colours import hidden

ROOT = Path(__file__).parent.parent
WORDS = {"harmless": HARMLESS_WORD, "hostile": HOSTILE_WORD}
TMUX = "tmux without colours"
LEAST_COPIES = 12
"""Of the short tour, where some lines are too long for a clipboard."""


class Terminal(NamedTuple):
    """A terminal to look around in."""

    columns: int
    lines: int
    script: Script = SCRIPT
    environment: dict[str, str] = {}  # noqa: RUF012  never changed


TERMINALS = {
    "160x50": Terminal(160, 50),
    "80x24": Terminal(80, 24),
    TMUX: Terminal(
        120, 30, SHORT_SCRIPT, {"NO_COLOR": "1", "TERM": "screen-256color", "TMUX": "/tmp/tmux-1000/default,1,0"}
    ),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Where each tour saves files."""
    whole = {(texts, name): tmp_path_factory.mktemp(texts) for texts in WORDS for name in ("160x50", "80x24")}
    return whole | {("hostile", TMUX): tmp_path_factory.mktemp("tmux")}


@pytest.fixture(scope="module")
def tours(folders: dict[tuple[str, str], Path]) -> dict[tuple[str, str], Tour]:
    """What was sent for harmless and for hostile text in each terminal; they are looked at at the same time."""
    with ExitStack() as stack, ThreadPoolExecutor(len(folders)) as threads:
        running = {}
        for texts, name in folders:
            command = [sys.executable, "-m", "tests.hostile_screen", texts]
            terminal = TERMINALS[name]
            environment = {"PYTHONPATH": str(ROOT), "ESCDELAY": "20", **terminal.environment}
            program = TerminalProgram(
                command, terminal.columns, terminal.lines, environment=environment, is_pinned=False
            )
            running[texts, name] = stack.enter_context(program)
        done = {
            key: threads.submit(look_around, program, WORDS[key[0]], str(folders[key]), TERMINALS[key[1]].script)
            for key, program in running.items()
        }
        return {key: tour.result() for key, tour in done.items()}


@pytest.fixture(params=["160x50", "80x24"])
def both(request: pytest.FixtureRequest, tours: dict[tuple[str, str], Tour]) -> tuple[Tour, Tour]:
    """What was sent for harmless and for hostile text."""
    return tours["harmless", request.param], tours["hostile", request.param]


@pytest.fixture(params=TERMINALS)
def hostile(request: pytest.FixtureRequest, tours: dict[tuple[str, str], Tour]) -> Tour:
    """What was sent for hostile text."""
    return tours["hostile", request.param]


def printed(sent: Sequence[Token]) -> str:
    """Return the text alone."""
    return "\n".join(token.text for token in sent if token.kind == "text")


def shapes(sent: Sequence[Token]) -> set[str]:
    """Return what a terminal is told to do, apart from printing text."""
    return {token.shape for token in set(sent) if token.kind != "text"}


def assert_is_harmless(sent: Sequence[Token], own_shapes: set[str]) -> None:
    """Assert that nothing but text to be seen, and what the program sends of its own, reaches the terminal."""
    assert few(shapes(sent) - own_shapes) == []
    assert few(token.text for token in set(sent) if token.kind != "text" and TELL_TALE in token.text) == []
    assert few(found for token in set(sent) if token.kind == "text" for found in deceits(token.text)) == []
    assert few(hidden(sent)) == []


def few(found: Iterable[str]) -> list[str]:
    """Return some of what was found, as pytest takes minutes to show a long list."""
    return sorted({one[:200] for one in found})[:10]


def test_screen_sends_no_sequence_of_the_text(both: tuple[Tour, Tour]) -> None:
    harmless, hostile = both
    assert few(hidden(harmless.sent)) == []
    assert_is_harmless(hostile.sent, shapes(harmless.sent))


def test_screen_in_tmux_sends_no_sequence_of_the_text(tours: dict[tuple[str, str], Tour]) -> None:
    own_shapes = shapes(tours["harmless", "80x24"].sent) - {"osc 52"} | {"tmux osc 52"}
    assert_is_harmless(tours["hostile", TMUX].sent, own_shapes)


@pytest.mark.parametrize("texts", [0, 1], ids=list(WORDS))
def test_every_place_is_reached(both: tuple[Tour, Tour], texts: int) -> None:
    word = list(WORDS.values())[texts]
    assert [place for place, _ in SCRIPT if place != "help" and word not in both[texts].printed(place)] == []


def test_log_shows_every_text_as_pictures(tours: dict[tuple[str, str], Tour]) -> None:
    shown = tours["hostile", "160x50"].paged
    assert [name for name, mark in MARKS.items() if mark not in shown] == []
    assert "␛]52;c;" in shown


def test_screen_takes_no_text_for_mark_up(hostile: Tour) -> None:
    shown = printed(hostile.sent)
    assert [name for name, literal in LITERAL.items() if MARKS[name] + literal[:8] not in shown] == []


def test_clipboard_gets_only_what_was_copied_by_hand(hostile: Tour) -> None:
    assert [(step.place, step.key) for step in hostile.steps if step.copied > step.is_copying] == []


def test_clipboard_gets_no_control_characters_but_line_breaks(hostile: Tour) -> None:
    copied = [text for token in hostile.sent if token.kind != "csi" and (text := token.copied) is not None]
    assert sum(HOSTILE_WORD in text for text in copied) >= LEAST_COPIES
    for text in copied:
        assert few(one for one in text if one != "\n" and unicodedata.category(one) == "Cc") == []
        assert deceits(text.replace("\n", "")) == []


def saved(folders: dict[tuple[str, str], Path], name: str) -> Iterator[bytes]:
    """Yield what the hostile tours that lead everywhere saved."""
    for terminal in ("160x50", "80x24"):
        yield (folders["hostile", terminal] / name).read_bytes()


@pytest.mark.usefixtures("tours")
def test_a_saved_text_file_drives_no_terminal_that_it_is_shown_on(folders: dict[tuple[str, str], Path]) -> None:
    for content in saved(folders, "all.log"):
        sent = tokens(content)
        assert_is_harmless(sent, {"control '\\n'"})
        assert [name for name, mark in MARKS.items() if mark not in printed(sent)] == []


@pytest.mark.usefixtures("tours")
def test_saved_json_lines_are_the_very_messages(folders: dict[tuple[str, str], Path]) -> None:
    messages = {
        message.encode("utf-8", "replace").decode()
        for number, text in enumerate(HOSTILE.values())
        for message in log_messages(text, number)
    }
    for content in saved(folders, "all.jsonl"):
        assert few({json.loads(line)["text"] for line in content.splitlines()} ^ messages) == []
