"""The real screen in a real pseudo-terminal whose locale has no UTF-8: nothing beyond ASCII reaches it."""

import re
import sys
from pathlib import Path

import pytest

from tests.benchmarks.terminal_bench import TerminalProgram
from tests.hostile_text import HOSTILE_WORD
from tests.hostile_tour import PASTE, Script, look_around

ROOT = Path(__file__).parent.parent
_DOWN, _PAGE_DOWN, _END, _ENTER, _ESCAPE = "\x1b[B", "\x1b[6~", "\x1b[F", "\r", "\x1b"
_GROUPS, _RUN, _OPEN, _PAGE_UP = "\x1bOQ", "\x12", "\x0f", "\x1b[5~"
SCRIPT: Script = (
    ("overview", (_DOWN, _PAGE_DOWN)),
    ("function", (_ENTER, _PAGE_DOWN, _END, _ESCAPE)),
    ("environments", ("v", _DOWN, _PAGE_DOWN, _ESCAPE)),
    ("log", ("7", "g", _PAGE_DOWN, _PAGE_DOWN, _PAGE_DOWN, "w", _PAGE_DOWN, "X", _PAGE_DOWN)),
    ("event", ("g", _DOWN, _DOWN, _ENTER, _PAGE_DOWN, _ESCAPE, _ESCAPE)),
    ("errors", ("4", _PAGE_DOWN, _END)),
    ("error", (_ENTER, "x", _PAGE_DOWN, _END, _ESCAPE, _ESCAPE)),
    ("problems", ("!", _PAGE_DOWN, _ESCAPE)),
    ("queries", ("8", _GROUPS, "prefix:/aws/lambda/", _ENTER, _RUN, _PAGE_DOWN, "s", _ENTER, _PAGE_DOWN, _ESCAPE)),
    ("a query that is written", ("e", "\t", PASTE, _PAGE_UP, _OPEN, "\t", "\t", "\t", _DOWN, _ENTER, _ESCAPE, _ESCAPE)),
    ("help", ("?", _PAGE_DOWN, _PAGE_DOWN, _ESCAPE)),
)
BEYOND_ASCII = re.compile(rb"[^\x80-\xff]{0,30}[\x80-\xff]+")


def test_no_place_sends_more_than_ascii_whatever_the_text(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.hostile_screen", "hostile", "by-locale"]
    environment = {"PYTHONPATH": str(ROOT), "ESCDELAY": "20", "LC_ALL": "C"}
    with TerminalProgram(command, 130, 40, environment=environment, is_pinned=False) as program:
        tour = look_around(program, HOSTILE_WORD, str(tmp_path), SCRIPT)
    beyond = {(step.place, step.key, found) for step in tour.steps for found in BEYOND_ASCII.findall(step.sent)}
    assert sorted(beyond)[:10] == []
    assert BEYOND_ASCII.findall(program.sent())[:10] == []
    assert [place for place, _ in SCRIPT if place != "help" and HOSTILE_WORD not in tour.printed(place)] == []


@pytest.mark.parametrize(
    ("option", "locale", "is_ascii"),
    [([], {"LANG": "C"}, True), ([], {"LC_ALL": "C.UTF-8"}, False), (["--no-ascii"], {"LANG": "C"}, False)],
    ids=["C", "UTF-8", "as told"],
)
def test_the_command_draws_in_ascii_where_the_locale_or_the_option_says_so(
    option: list[str], locale: dict[str, str], is_ascii: bool, tmp_path: Path
) -> None:
    environment = {
        "PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "LC_ALL": "", "LC_CTYPE": "", "LANG": "", "AWS_REGION": "xx-1",
        "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9", **locale,
    }  # fmt: skip
    command = [sys.executable, "-m", "lambdatop", *option]
    with TerminalProgram(command, 100, 30, environment=environment, is_pinned=False) as program:
        assert program.read_until_shown("concurrency") is not None, program.screen()
        program.read_until_quiet(0.5, 3)
        assert program.sent().isascii() is is_ascii
        program.press("q")
        assert program.wait(10) == 0
