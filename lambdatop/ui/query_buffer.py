"""The text of a query while it is written: cursor, selection, undo; no widget in it."""

import re
from typing import Literal, NamedTuple

QUERY_LENGTH_MAX = 10_000
"""Characters that StartQuery takes."""
_UNDO_STEPS = 200
_PAIRS = {"(": ")", "[": "]", '"': '"', "'": "'", "`": "`"}
_CLOSERS = frozenset(_PAIRS.values())
_WORD = re.compile(r"\w+")
_BRACKETS = frozenset("([")

Edit = Literal["typing", "deleting", "other"]


class _Step(NamedTuple):
    text: str
    cursor: int


class QueryBuffer:
    """Edits a text as a person does who knows readline, with brackets and quotes that close themselves."""

    def __init__(self, text: str = "") -> None:
        self._text = _cleaned(text)[:QUERY_LENGTH_MAX]
        self.cursor = len(self._text)
        self.anchor: int | None = None
        """Where the selection began, None where nothing is selected."""
        self._undo: list[_Step] = []
        self._redo: list[_Step] = []
        self._last_edit: Edit = "other"
        self._killed = ""

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    @property
    def selection(self) -> tuple[int, int] | None:
        """What is selected, by offsets."""
        if self.anchor is None or self.anchor == self.cursor:
            return None
        return min(self.anchor, self.cursor), max(self.anchor, self.cursor)

    @property
    def selected_text(self) -> str:
        """The text selected, empty where nothing is."""
        start, end = self.selection or (0, 0)
        return self._text[start:end]

    @property
    def position(self) -> tuple[int, int]:
        """Line and column of the cursor, both from 1."""
        before = self._text[: self.cursor]
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1

    def set_text(self, text: str) -> None:
        """Replace everything, so that it can be undone."""
        self._replace(0, len(self._text), _cleaned(text)[:QUERY_LENGTH_MAX], "other")

    def replace(self, start: int, end: int, text: str) -> None:
        """Replace a stretch, and go behind what took its place."""
        self._replace(start, end, text, "other")

    def insert(self, text: str) -> bool:
        """Put text in place of the selection, or at the cursor; returns False where there is no room for it all."""
        text = _cleaned(text)
        start, end = self.selection or (self.cursor, self.cursor)
        room = QUERY_LENGTH_MAX - len(self._text) + end - start
        self._replace(start, end, text[:room], "typing" if len(text) == 1 else "other")
        return len(text) <= room

    def type(self, character: str) -> bool:
        """Put in one character as typed: what closes stands once, and what opens is closed where nothing follows."""
        after = self._text[self.cursor : self.cursor + 1]
        if self.selection is None and character in _CLOSERS and after == character:
            self.go(self.cursor + 1)
            return True
        closer = _PAIRS.get(character)
        if closer is not None and self.selection is None and self._is_pair_wanted(character, after):
            is_whole = self.insert(character + closer)
            self.cursor -= 1 if is_whole else 0
            return is_whole
        return self.insert(character)

    def newline(self) -> bool:
        """Begin a line as far in as this one."""
        start = self._text.rfind("\n", 0, self.cursor) + 1
        blanks = re.match(r"[ ]*", self._text[start : self.cursor])
        return self.insert("\n" + (blanks[0] if blanks else ""))

    def delete(self, direction: int) -> None:
        """Delete the selection, else the character before (-1) or after the cursor; an empty pair goes whole."""
        if self.selection is None and direction < 0:
            pair = self._text[max(0, self.cursor - 1) : self.cursor + 1]
            if len(pair) == 2 and _PAIRS.get(pair[0]) == pair[1]:
                self._replace(self.cursor - 1, self.cursor + 1, "", "deleting")
                return
        self._delete_to(self.cursor + direction, "deleting")

    def delete_word(self, direction: int) -> None:
        """Delete to the beginning or the end of a word, and keep it to be put back."""
        self._kill(self.word_edge(direction))

    def kill_line(self, direction: int) -> None:
        """Delete to the beginning or the end of the line, there the break too, and keep it to be put back."""
        edge = self.line_edge(direction)
        self._kill(edge + 1 if edge == self.cursor and direction > 0 else edge)

    def yank(self) -> None:
        """Put back what was deleted last as a word or a line."""
        self.insert(self._killed)

    def go(self, offset: int, *, selects: bool = False) -> None:
        """Go to an offset, and select up to there if wanted."""
        if not selects:
            self.anchor = None
        elif self.anchor is None:
            self.anchor = self.cursor
        self.cursor = max(0, min(offset, len(self._text)))
        self._last_edit = "other"

    def select_all(self) -> None:
        """Select everything."""
        self.anchor, self.cursor = 0, len(self._text)

    def word_edge(self, direction: int) -> int:
        """Return where the word ends that begins at the cursor or after it, or where the one before begins."""
        if direction > 0:
            match = _WORD.search(self._text, self.cursor)
            return match.end() if match else len(self._text)
        starts = [match.start() for match in _WORD.finditer(self._text, 0, self.cursor)]
        return starts[-1] if starts else 0

    def line_edge(self, direction: int) -> int:
        """Return where the cursor's line begins or ends."""
        if direction < 0:
            return self._text.rfind("\n", 0, self.cursor) + 1
        end = self._text.find("\n", self.cursor)
        return len(self._text) if end < 0 else end

    def undo(self) -> bool:
        """Take back the last edit; letters typed in a row are one."""
        return self._swap(self._undo, self._redo)

    def redo(self) -> bool:
        """Make again what was taken back."""
        return self._swap(self._redo, self._undo)

    def _is_pair_wanted(self, character: str, after: str) -> bool:
        """Return whether to close what opens: where no word follows, and for quotes where none goes before."""
        before = self._text[max(0, self.cursor - 1) : self.cursor]
        is_word_before = before.isalnum() or before in ("_", "\\", character)
        return not (after.isalnum() or after in ("_", "@")) and not (character not in _BRACKETS and is_word_before)

    def _kill(self, edge: int) -> None:
        if self.selection is None:
            start, end = sorted((self.cursor, max(0, min(edge, len(self._text)))))
            self._killed = self._text[start:end] or self._killed
        else:
            self._killed = self.selected_text
        self._delete_to(edge, "other")

    def _delete_to(self, edge: int, edit: Edit) -> None:
        start, end = self.selection or sorted((self.cursor, max(0, min(edge, len(self._text)))))
        if start != end:
            self._replace(start, end, "", edit)

    def _replace(self, start: int, end: int, text: str, edit: Edit) -> None:
        if self._text[start:end] == text and start == end:
            self.anchor = None
            return
        if edit == "other" or edit != self._last_edit:
            self._undo.append(_Step(self._text, self.cursor))
            del self._undo[:-_UNDO_STEPS]
        self._redo.clear()
        self._last_edit = edit
        self._text = self._text[:start] + text + self._text[end:]
        self.cursor = start + len(text)
        self.anchor = None

    def _swap(self, source: list[_Step], target: list[_Step]) -> bool:
        if not source:
            return False
        target.append(_Step(self._text, self.cursor))
        self._text, self.cursor = source.pop()
        self.anchor = None
        self._last_edit = "other"
        return True


def _cleaned(text: str) -> str:
    """Return text with one kind of line break, and without halves of characters that no file could hold."""
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
