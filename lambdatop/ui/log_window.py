"""Which lines of the log are on screen: a cursor that keeps its row while lines come and go around it."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import NamedTuple

from lambdatop.model.log_line import LineKey, LogLine, LogPage
from lambdatop.model.question import LogAnswer
from lambdatop.render.span import Line

HELD_LINES = 300
"""So many lines are asked for on each side of the cursor, so that moving needs no answer first."""
MARGIN_LINES = 120
"""With fewer lines than this held beyond the cursor, more are asked for."""
JUMP_ROW = 3
"""One part of this many of the screen stands above a line that was jumped to."""

RowsOf = Callable[[LogLine], Sequence[Line]]


class ScreenRow(NamedTuple):
    """A row of the screen and the line that it belongs to."""

    line_index: int
    row: Line


class LogWindow:
    """Holds a run of lines that lie next to each other, and a cursor in it.

    While it follows, the cursor is the newest line. Once it has let go, the cursor stays on its line, and that line on
    its row of the screen, whatever is filtered in or out and whenever late lines come.
    """

    def __init__(self) -> None:
        self.lines: tuple[LogLine, ...] = ()
        self.index = 0
        """Of the cursor's line."""
        self.row = 0
        """On screen, of that line's first row; negative when it is taller than the screen and scrolled."""
        self.is_following = True
        self.lines_below: int | None = None
        """Lines after those held; None while they are being counted."""
        self._is_first_held = self._is_last_held = True
        self._place: LineKey | None = None

    @property
    def cursor(self) -> LogLine | None:
        """The line under the cursor."""
        return self.lines[self.index] if self.lines else None

    @property
    def key(self) -> LineKey | None:
        """The place of the cursor."""
        return None if self.cursor is None else self.cursor.key

    @property
    def place(self) -> LineKey | None:
        """Where the reader went last, though that line may be hidden, or not held, and the cursor be beside it."""
        return self.key if self.is_following or self._place is None else self._place

    @property
    def needs_lines(self) -> bool:
        """Whether the cursor is near an end of the lines held beyond which there are more."""
        if self.is_following:
            return False
        is_top_near = self.index < MARGIN_LINES and not self._is_first_held
        return is_top_near or (len(self.lines) - self.index <= MARGIN_LINES and not self._is_last_held)

    @property
    def is_at_end(self) -> bool:
        """Whether the cursor is on the newest line."""
        return self._is_last_held and self.index >= len(self.lines) - 1

    def take(self, answer: LogAnswer, height: int, *, is_jump: bool) -> None:
        """Hold an answer's lines; the cursor goes to the answer's place where that is what was asked for."""
        before = self.place
        page = answer.page
        self.lines, self.lines_below = page.lines, answer.lines_below
        self._is_first_held = page.is_complete and page.lines_before < HELD_LINES
        self._is_last_held = page.is_complete and len(page.lines) - page.lines_before < HELD_LINES
        last = max(0, len(self.lines) - 1)
        if self.is_following:
            self.index = last
        elif is_jump or before is None:
            self.index, self.row = min(page.lines_before, last), height // JUMP_ROW
            self._place = self.key
        else:
            self.index = min(bisect_left(self.lines, before, key=attrgetter("key")), last)

    def is_beyond(self, page: LogPage) -> bool:
        """Whether the reader is so far from a page's place that the page, which goes on, does not reach them.

        They are when many late lines came between them and where they were when the page was asked for.
        """
        key, lines = self.place, page.lines
        if self.is_following or key is None or not lines:
            return False
        if key < lines[0].key:
            return page.lines_before >= HELD_LINES
        return key > lines[-1].key and len(lines) - page.lines_before >= HELD_LINES

    def waiting_below(self, shown: Sequence[ScreenRow]) -> int | None:
        """Return how many lines stand below those on screen; None while that is not known."""
        if self.lines_below is None or not shown:
            return self.lines_below
        return self.lines_below + len(self.lines) - 1 - shown[-1].line_index

    def let_go(self) -> None:
        """Follow no longer."""
        if self.is_following:
            self._place = self.key
        self.is_following = False

    def follow(self) -> None:
        """Stay with the newest line."""
        self.is_following = True

    def move(self, steps: int, height: int, rows_of: RowsOf) -> None:
        """Move the cursor by lines; within a line taller than the screen, scroll by rows."""
        if not self.lines:
            return
        self.let_go()
        for _ in range(abs(steps)):
            if not self._step(1 if steps > 0 else -1, height, rows_of):
                break
        self._place = self.key

    def page(self, pages: int, height: int, rows_of: RowsOf) -> None:
        """Move by screens; the cursor keeps its row."""
        if not self.lines:
            return
        self.let_go()
        direction, rows = (1 if pages > 0 else -1), 0
        row = self.row
        while rows < max(1, height - 2) and 0 <= self.index + direction < len(self.lines):
            passed = self.index if direction > 0 else self.index - 1
            rows += len(rows_of(self.lines[passed]))
            self.index += direction
        self.row = row if rows else (0 if direction < 0 else height)
        self._place = self.key

    def select(self, y: int, shown: Sequence[ScreenRow]) -> None:
        """Put the cursor on the line drawn at a row of the screen."""
        if 0 <= y < len(shown):
            self.let_go()
            self.index = shown[y].line_index
            self.row = next(at for at, row in enumerate(shown) if row.line_index == self.index)
            self._place = self.key

    def layout(self, height: int, rows_of: RowsOf) -> list[ScreenRow]:
        """Return what stands on screen; the lines fill it as far as there are any."""
        if not self.lines:
            return []
        own = [ScreenRow(self.index, row) for row in rows_of(self.lines[self.index])]
        self.row = _on_screen(height if self.is_following else self.row, len(own), height)
        before: list[ScreenRow] = []
        index = self.index - 1
        while len(before) < height and index >= 0:
            before = [*(ScreenRow(index, row) for row in rows_of(self.lines[index])), *before]
            index -= 1
        after: list[ScreenRow] = []
        index = self.index + 1
        while len(after) < height and index < len(self.lines):
            after.extend(ScreenRow(index, row) for row in rows_of(self.lines[index]))
            index += 1
        rows = [*before, *own, *after]
        top = max(0, min(len(before) - self.row, len(rows) - height))
        self.row = len(before) - top
        return rows[top : top + height]

    def _step(self, direction: int, height: int, rows_of: RowsOf) -> bool:
        own = len(rows_of(self.lines[self.index]))
        if direction > 0 and self.row + own > height:
            self.row -= 1
            return True
        if direction < 0 and self.row < 0:
            self.row += 1
            return True
        index = self.index + direction
        if not 0 <= index < len(self.lines):
            return False
        self.index, rows = index, len(rows_of(self.lines[index]))
        self.row = _on_screen(self.row + (own if direction > 0 else -rows), rows, height)
        return True


def _on_screen(row: int, rows: int, height: int) -> int:
    """Return where a line's first row stands so that the line is seen, or fills the screen."""
    spare = height - rows
    return max(min(0, spare), min(row, max(0, spare)))
