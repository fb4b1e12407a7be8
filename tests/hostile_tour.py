"""A tour of every place of the real screen in a pseudo-terminal, with the same keys whatever text is shown."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from tests.benchmarks.terminal_bench import Replay, TerminalProgram
from tests.hostile_text import HOSTILE_WORD, PASTED
from tests.terminal_bytes import Token, tokens

Script = Sequence[tuple[str, tuple[str, ...]]]

_UP, _DOWN, _LEFT, _RIGHT, _ESCAPE = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C", "\x1b"
_PAGE_UP, _PAGE_DOWN, _END, _ENTER, _CLEAR = "\x1b[5~", "\x1b[6~", "\x1b[F", "\r", "\x15"
_PALETTE, _OPEN, _TAB = "\x10", "\x0f", "\t"
_GROUPS, _TIME, _RUN = "\x1bOQ", "\x1bOR", "\x12"
WORD, PASTE, FOLDER, PAGES = "{word}", "{paste}", "{folder}", "{pages}"
"""What all texts begin with; text from the terminal's clipboard; a folder to save into; a page after the other."""
LONGEST_S = 360
"""More than a tour takes on a busy machine; what makes the terminal do as the text says may well take longer."""
_MANY_LINES, _FEW_PAGES = 40, 8
_TYPED = 6
"""Longer keys are words, and shorter ones are of the terminal's."""
_PATIENCE = 100
_COPYING = frozenset("yYIotA")
_LOOK = (_PAGE_DOWN, _END, _ESCAPE)
_LOG_LOOKS = ("j", _PAGE_UP, "w", _PAGE_UP, "X", _PAGE_UP, "j", _PAGE_UP, "X", "w", _RIGHT, _RIGHT, _LEFT, _LEFT)
ALL_LOGS = "all logs"

SCRIPT: Script = (
    ("overview", (_DOWN, _DOWN, _PAGE_DOWN, _UP)),
    ("reasons", ("i",)),
    ("links", ("o", "y")),
    ("palette", (_PALETTE, WORD, _ESCAPE, _PALETTE, PASTE, _ESCAPE)),
    ("filter", ("/", WORD, _ENTER, _ESCAPE, "/", PASTE, _ESCAPE)),
    ("function", (_ENTER, _PAGE_DOWN, _END, "i", "y", "o", _ESCAPE)),
    ("another function", (_DOWN, _ENTER, _PAGE_DOWN, _END, _ESCAPE)),
    ("invocation", (_ENTER, _DOWN, _ENTER, _DOWN, _PAGE_DOWN, _PAGE_DOWN, _END, "y", "Y", "t", _ESCAPE, _ESCAPE)),
    ("environments", ("v", _DOWN, _PAGE_DOWN, _UP, _ENTER, _PAGE_UP, _ESCAPE, _ESCAPE)),
    ("log", ("l", _PAGE_UP, *_LOG_LOOKS, _ESCAPE)),
    (ALL_LOGS, ("7", "g", PAGES)),
    ("all logs, other looks", _LOG_LOOKS),
    ("search", ("/", WORD, _ENTER, "N", "n", "/", _CLEAR, f"/{WORD}.*?[0-9]|e+/", _ENTER, "N", "/", PASTE, _ENTER)),
    ("errors in the log", (_ESCAPE, "G", "E", "E", "e")),
    ("filters", ("g", "&", WORD, _ENTER, "&", f"message:*{WORD}*", _ENTER, "&", f"level:{WORD}", _ENTER)),
    ("pasted filter", ("&", PASTE, _ENTER)),
    ("chips", ("⌫", "⌫", "f", "v", "F", "V", "⌫", "⌫", "⌫", "⌫", "⌫", "⌫", "l", "l", "l", "l")),
    ("marks", ("g", "m", _DOWN, "m", "'", "'", "p", "p", "p")),
    ("copied lines", ("g", _DOWN, "y", "Y", "I", _DOWN, _DOWN, "y", "Y", "I", "R", "y", "R")),
    *(
        (f"copied {number}", ("/", _CLEAR, f"{WORD}{number}", _ENTER, "y", "Y", "I"))
        for number in ("04", "31", "43", "56")
    ),
    ("saved", (_ESCAPE, "R", "s", _CLEAR, f"{FOLDER}/all.jsonl", _ENTER, "s", _CLEAR, f"{FOLDER}/all.log", _ENTER)),
    ("not saved", ("s", _CLEAR, f"{FOLDER}/no/{WORD}", _ENTER)),
    ("event", ("g", _DOWN, _DOWN, _DOWN, _DOWN, _ENTER, _DOWN, "j", _PAGE_DOWN, _END, "j", "y", "Y", "I", _ESCAPE)),
    *(
        (
            f"event with {part} {number}",
            ("/", _CLEAR, f"/{part}.*{WORD}{number}/", _ENTER, _ENTER, _PAGE_DOWN, _END, _ESCAPE),
        )
        for part, number in (("correlation", "04"), ("correlation", "19"), ("inner", "31"), ("inner", "56"))
    ),
    ("another event", (_ESCAPE, _DOWN, _ENTER, _PAGE_DOWN, _PAGE_DOWN, _ENTER, _ESCAPE)),
    ("request of a line", ("g", "r", _PAGE_DOWN, _DOWN, _ENTER, _ESCAPE, "Y", "t", "l", _PAGE_UP, _ESCAPE, _ESCAPE)),
    ("time", (_PALETTE, "goto 14:02", _ENTER, _ESCAPE)),
    ("requests that may be meant", (_PALETTE, "request abc", _ENTER, _PAGE_DOWN, _DOWN, _ENTER, _ESCAPE, _ESCAPE)),
    ("problems", ("!", *_LOOK)),
    *((f"pane {pane}", (pane, *_LOOK)) for pane in "12356"),
    ("errors", ("4", "s", "s", "/", WORD, _ENTER, _ESCAPE, _PAGE_DOWN, _END, _ESCAPE)),
    (
        "error",
        (
            "4",
            _ENTER,
            "y",
            "x",
            _PAGE_DOWN,
            _PAGE_DOWN,
            _END,
            "l",
            _PAGE_UP,
            _ESCAPE,
            _ENTER,
            _ESCAPE,
            _ESCAPE,
            _ESCAPE,
        ),
    ),
    ("queries", ("8", _GROUPS, "prefix:/aws/lambda/", _ENTER, _RUN, _PAGE_DOWN, _RIGHT, _RIGHT, "s", "s", "+")),
    ("rows of a query", ("y", "Y", "A", "/", WORD, _ENTER, "c", "c")),
    ("record of a query", (_ENTER, _PAGE_DOWN, _END, "y", _ESCAPE)),
    ("written query", ("e", _TAB, _DOWN, _DOWN, _TAB, PASTE, _LEFT, _UP, _ESCAPE, "e")),
    ("refused query", ("refused", _RUN, _PAGE_DOWN)),
    ("shelf of queries", (_OPEN, _TAB, _TAB, _TAB, _DOWN, _DOWN, WORD, _PAGE_DOWN, _ENTER)),
    ("parameter of a query", (_GROUPS, _CLEAR, "prefix:/aws/lambda/", _ENTER, _ENTER, "{{a}}", PASTE, _RUN, _ENTER)),
    ("time of a query", (_TIME, PASTE, _ENTER)),
    (
        "written rows",
        ("w", _CLEAR, f"{FOLDER}/rows.csv", _ENTER, "w", _CLEAR, f"{FOLDER}/no/{WORD}.md", _ENTER, _ESCAPE),
    ),
    ("help", (_ESCAPE, _ESCAPE, "?", _ESCAPE)),
)
SHORT_SCRIPT: Script = tuple(
    (place, keys)
    for place, keys in SCRIPT
    if place in {"overview", "links", ALL_LOGS, "all logs, other looks", "event", "time", "help"}
    or place.startswith("copied")
)
"""Where there is most text, and all that copies."""


class Step(NamedTuple):
    """A key, and what was sent after it."""

    place: str
    key: str
    sent: bytes

    @property
    def is_copying(self) -> bool:
        """Whether the key may copy something, once."""
        return self.key in _COPYING

    @property
    def copied(self) -> int:
        """How often something was put on the clipboard."""
        return self.sent.count(b"\x1b]52;")


class Tour(NamedTuple):
    """Everything that was sent on one."""

    sent: Sequence[Token]
    steps: Sequence[Step]
    paged: str
    """What the terminal showed while all logs were read a page after the other."""

    def printed(self, place: str) -> str:
        """Return the text sent in a place."""
        sent = b"".join(step.sent for step in self.steps if step.place == place).decode(errors="replace")
        return "".join(token.text for token in tokens(sent.encode()) if token.kind == "text")


def look_around(program: TerminalProgram, word: str, folder: str, script: Script = SCRIPT) -> Tour:
    """Return everything the screen sends while one looks around everywhere; it must leave well, too."""
    assert program.read_until(word.encode(), 60) is not None, program.screen()
    _settle(program, 0.3)
    steps: list[Step] = []
    shown: list[str] = []
    for place, keys in script:
        for key in keys:
            if key == PAGES:
                shown = list(_page_through(program, place, word, steps))
            else:
                steps.append(_press(program, place, key, word, folder))
    for _ in range(5):
        _settle(program, 0.3)
        if program.is_open:
            program.press("q")
        if program.wait(5) is not None:
            break
    assert program.exit_code == 0, program.screen()
    return Tour(tokens(program.sent()), steps, "\n".join(shown))


def _press(program: TerminalProgram, place: str, key: str, word: str, folder: str) -> Step:
    assert program.is_open, (place, key, program.sent()[-4000:].decode(errors="replace"))
    assert perf_counter() < program.started + LONGEST_S, (place, "takes too long")
    before = len(program.record)
    pasted = PASTED if word == HOSTILE_WORD else word
    keys = key.replace("⌫", "\x7f").replace(WORD, word).replace(FOLDER, folder)
    program.press(keys.replace(PASTE, f"\x1b[200~{pasted}\x1b[201~"))
    if key in _COPYING:
        program.read_until(b"\x1b]52;", 1)
    # A key too soon after a lone escape is read as one sequence with it and lost; the palette looks after a while.
    _settle(program, 0.25 if key == _ESCAPE or len(keys) > _TYPED else 0.04)
    return Step(place, key, b"".join(data for _, data in program.record[before:]))


def _settle(program: TerminalProgram, quiet_s: float) -> None:
    """Read until nothing comes any more and the program has nothing to do, however busy the machine is."""
    for _ in range(_PATIENCE):
        if program.read_until_quiet(quiet_s, 3) and not _is_running(program.pid):
            break


def _is_running(pid: int) -> bool:
    """Return whether a thread of the process runs, or waits for a processor."""
    with suppress(OSError):
        stats = [stat.read_text() for stat in Path(f"/proc/{pid}/task").glob("*/stat")]
        return any(stat.rpartition(")")[2].split()[0] == "R" for stat in stats)
    return False


def _page_through(program: TerminalProgram, place: str, word: str, steps: list[Step]) -> Sequence[str]:
    """Return what the terminal shows on every page to the newest line; elsewhere than where it counts, on a few."""
    if word != HOSTILE_WORD or program.lines < _MANY_LINES:
        steps.extend(_press(program, place, _PAGE_DOWN, word, "") for _ in range(_FEW_PAGES))
        return []
    start = max(index for index, step in enumerate(steps) if step.place != place) + 1
    replay = Replay(program.columns, program.lines)
    replay.feed(b"".join(step.sent for step in steps[start:]))
    shown = [replay.text()]
    while len(shown) < _FEW_PAGES or "● follows" not in shown[-1]:
        done = len(program.record)
        steps.append(_press(program, place, _PAGE_DOWN, word, ""))
        for _ in range(_PATIENCE):
            replay.feed(b"".join(data for _, data in program.record[done:]))
            if _body(replay.text()) != _body(shown[-1]):
                break
            done = len(program.record)
            program.read_until_quiet(0.05, 1)
        shown.append(replay.text())
    return shown


def _body(screen: str) -> Sequence[str]:
    """Return the lines of a screen without those that change at any time."""
    return screen.splitlines()[5:-3]
