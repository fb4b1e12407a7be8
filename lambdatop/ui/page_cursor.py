"""Where a page is scrolled to, and which of its targets is selected; no widget in it."""

from bisect import bisect_left, bisect_right

from lambdatop.render.page import Page


class PageCursor:
    """Scrolls a page and keeps one of the targets on screen selected, as long as there is one.

    A target that the reader went to stays selected while lines come and go around it, and is scrolled after; until
    then, the first one on screen is selected, and nothing moves by itself.
    """

    def __init__(self) -> None:
        self.top = 0
        """Index of the first line on screen."""
        self._page = Page()
        self._rows: list[int] = []
        """Indexes of the lines that lead somewhere, ascending."""
        self._height = 0
        self._row: int | None = None
        self._is_chosen = False

    @property
    def selected(self) -> int | None:
        """Index of the line that is selected."""
        return self._row

    @property
    def target(self) -> object:
        """What the selected line leads to, None where none is."""
        return None if self._row is None else self._page.targets.get(self._row)

    def show(self, page: Page, height: int) -> None:
        """Take in the page as it is now, and how many lines the screen has for it."""
        target, row = self.target, self._row
        self._page, self._height = page, height
        self._rows = sorted(page.targets)
        self._clip()
        if self._is_chosen and row is not None:
            self._follow(target, row)
        else:
            self._select_visible(1)
            self._is_chosen = False

    def move(self, lines: int) -> None:
        """Go to the next target in a direction where one is on screen, else scroll by the lines."""
        step = 1 if lines > 0 else -1
        beside = self._beside(step) if lines == step else None
        if beside is not None and self._is_on_screen(beside):
            self.choose(beside)
            return
        self._scroll(lines)

    def page(self, pages: int) -> None:
        """Scroll by some screens; at an end of the page, go to its last target there."""
        before = self.top
        self._scroll(pages * max(1, self._height - 2))
        if self.top == before:
            self.edge(pages)

    def edge(self, direction: int) -> None:
        """Go to the first or the last line, and the target nearest to it."""
        self._scroll(direction * len(self._page.lines))
        self._select_visible(-direction)
        self._is_chosen = self._is_chosen and direction > 0

    def choose(self, row: int) -> bool:
        """Select a line, which must lead somewhere; returns whether it was the selected one already."""
        was_selected = row == self._row and self._is_chosen
        if row in self._page.targets:
            self._row, self._is_chosen = row, True
        return was_selected

    def _follow(self, target: object, row: int) -> None:
        """Stay on the target wherever its line is now, and scroll where it would leave the screen."""
        same = [each for each in self._rows if self._page.targets[each] == target]
        if not same:
            self._select_visible(1)
            self._is_chosen = False
            return
        self._row = min(same, key=lambda each: abs(each - row))
        self.top = min(self.top, self._row)
        self._clip()
        while not self._is_on_screen(self._row) and self.top < self._row:
            self.top += 1
        if not self._is_on_screen(self._row):
            self._select_visible(1)

    def _scroll(self, lines: int) -> None:
        """Scroll, and leave a target that is not on screen any more for one that is."""
        self.top += lines
        self._clip()
        if self._row is None or not self._is_on_screen(self._row):
            self._select_visible(1 if lines > 0 else -1)

    def _select_visible(self, step: int) -> None:
        """Select the first target on screen, or the last one where the reader comes from below."""
        visible = self._visible()
        self._row = (visible[0] if step > 0 else visible[-1]) if visible else None
        self._is_chosen = self._row is not None

    def _clip(self) -> None:
        self.top = max(0, min(self.top, len(self._page.lines) - self._height))

    @property
    def end(self) -> int:
        """Index after the last line on screen, whose place a count of those below takes."""
        end = self.top + self._height
        return end - 1 if end < len(self._page.lines) else end

    def _is_on_screen(self, row: int) -> bool:
        return self.top <= row < self.end

    def _visible(self) -> list[int]:
        return self._rows[bisect_left(self._rows, self.top) : bisect_left(self._rows, self.end)]

    def _beside(self, step: int) -> int | None:
        """Return the next target in a direction."""
        if self._row is None:
            index = bisect_left(self._rows, self.top) if step > 0 else bisect_left(self._rows, self.end) - 1
        elif step > 0:
            index = bisect_right(self._rows, self._row)
        else:
            index = bisect_left(self._rows, self._row) - 1
        return self._rows[index] if 0 <= index < len(self._rows) else None
