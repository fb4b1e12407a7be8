"""The log lines of one function, several or all: read, searched, filtered and followed."""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

import msgspec
from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import FIRST_KEY, LAST_KEY, LineKey, LogFilter, key_of_time
from lambdatop.model.question import Answer, LogAnswer, LogQuestion, Question
from lambdatop.render.log_lines import LogDrawing
from lambdatop.render.log_view_words import LogStatus, empty_lines
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.log_window import HELD_LINES
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.log_prompts import LogPrompts
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.log_head import LogHead
from lambdatop.ui.widgets.log_view import LogView

READ_FUNCTIONS = 20
"""Of so many functions all lines are read at once, the busiest, where none was chosen."""
NAME_WIDTH_MAX = 24


class Jump(NamedTuple):
    """Where to go: to a place, or to the next line after it, or before it, that a filter lets through."""

    place: LineKey
    seek: LogFilter | None = None
    is_backward: bool = False
    missing: str = ""
    """What to say when there is no such line."""
    has_wrapped: bool = False
    """Whether it goes on from the other end, since there was none on the way to the first."""


class LogsScreen(LogPrompts):
    """The place where logs are read; without functions, those of all."""

    KEYS: ClassVar[KeyPlace] = "logs"
    TOPIC: ClassVar[str] = "logs"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("logs")]
    AUTO_FOCUS: ClassVar[str | None] = "LogView"

    def __init__(
        self,
        session: Session,
        functions: tuple[FunctionKey, ...] = (),
        log_filter: LogFilter = LogFilter(),  # noqa: B008  frozen
        at: LineKey | None = None,
    ) -> None:
        super().__init__(session, msgspec.structs.replace(log_filter, functions=functions))
        self._given = LogFilter(functions=functions)
        self.functions = functions
        self.head = LogHead()
        self._read: tuple[FunctionKey, ...] = functions if len(functions) <= READ_FUNCTIONS else ()
        self._answer: LogAnswer | None = None
        self._delayed: LogAnswer | None = None
        self._jump: Jump | None = None
        self._place: LineKey = at or LAST_KEY
        self._is_answer_due = self._was_following = False
        if at is not None:
            self.view.follow(is_wanted=False)
            self._jump = Jump(at)

    def body(self) -> Iterable[Widget]:
        """Return the head and the lines."""
        yield self.head
        yield self.view

    def on_mount(self) -> None:
        """Have the functions' lines read, all of them."""
        super().on_mount()
        self.read_lines()

    def on_unmount(self) -> None:
        """Have them read no longer."""
        super().on_unmount()
        self.session.read_in_full(self, ())

    def draw(self, picture: Picture) -> None:
        """Take in what a new snapshot says of the functions."""
        if not self._read and picture.snapshot.functions:
            meant = [row for row in picture.snapshot.functions if not self.functions or row.key in self.functions]
            busiest = sorted(meant, key=lambda row: -row.window.best_invocations)
            self._read = tuple(row.key for row in busiest[:READ_FUNCTIONS])
            self.read_lines()
        self.draw_lines()

    @property
    def functions_read(self) -> tuple[FunctionKey, ...]:
        """The functions that were chosen, or the busiest."""
        return self._read

    @property
    def functions_meant(self) -> tuple[FunctionKey, ...]:
        """The functions whose log it is."""
        return self.functions

    def question(self) -> Question:
        """Ask for the lines around the cursor, or the newest while it follows, or where to jump to."""
        window, choices, jump = self.view.window, self.choices, self._jump
        counted = None if choices.search is None else choices.in_force.having(choices.search)
        self._is_answer_due, self._was_following = True, window.is_following
        is_following = window.is_following and jump is None
        place = LAST_KEY if is_following else window.place or self._place
        return LogQuestion(
            topic=self.TOPIC,
            number=0,
            is_standing=jump is None,
            log_filter=choices.in_force,
            place=place if jump is None else jump.place,
            lines_before=HELD_LINES,
            lines_from=0 if is_following else HELD_LINES,
            seek=jump and jump.seek,
            is_backward=jump is not None and jump.is_backward,
            counted=counted,
        )

    def show_answer(self, answer: Answer) -> None:
        """Show lines; those that follow each other fast, a few times a second."""
        if not isinstance(answer, LogAnswer):
            return
        if self._jump is not None:
            self._land(self._jump, answer)
        elif not self.view.window.is_following or self._answer is None or self._is_answer_due:
            self._take(answer)
        elif self._delayed is None:
            self._delayed = answer
            self.set_timer(max(0.25, self.session.settings.refresh_interval_s / 2), self._take_delayed)
        else:
            self._delayed = answer

    def _take_delayed(self) -> None:
        answer = self._delayed
        self._delayed = None
        if answer is not None and answer.number == self._asked and self._jump is None:
            self._take(answer)

    def _take(self, answer: LogAnswer, *, is_jump: bool = False) -> None:
        self._is_answer_due, self._delayed = False, None
        window = self.view.window
        is_hold = not answer.page.is_complete and not window.is_following and window.lines
        self._answer = answer
        if answer.problem is None and not is_hold and not is_jump and window.is_beyond(answer.page):
            self.ask()
        elif answer.problem is None and not is_hold:
            self.view.show_answer(answer, is_jump=is_jump)
            self._place = window.place or self._place
        self.draw_lines()
        if window.needs_lines and answer.page.is_complete and answer.problem is None:
            self._ask_around()

    def _land(self, jump: Jump, answer: LogAnswer) -> None:
        """Take the answer of a jump, once it is whole."""
        if answer.problem is None and (not answer.page.is_complete or (jump.seek and answer.is_found is None)):
            self._answer = answer
            self.draw_lines()
            return
        self._jump = None
        if jump.seek is not None and not answer.is_found:
            self._is_answer_due = False
            if answer.problem is None and not jump.has_wrapped:
                self.jump(jump._replace(place=LAST_KEY if jump.is_backward else FIRST_KEY, has_wrapped=True))
                return
            if answer.problem is None:
                self.notify(jump.missing, timeout=4, markup=False)
        else:
            if jump.has_wrapped:
                end = "newest" if jump.is_backward else "oldest"
                self.notify(f"none on the way; went on from the {end} line", timeout=3, markup=False)
            self.view.follow(is_wanted=False)
            self._take(answer, is_jump=True)
        self.ask()

    def _ask_around(self) -> None:
        """Ask for lines around the cursor, unless an answer is under way already."""
        if not self._is_answer_due:
            self.ask()

    @on(LogView.Moved)
    def _moved(self) -> None:
        window = self.view.window
        self._place = window.place or self._place
        if window.is_following != self._was_following:
            self.ask()
        elif window.needs_lines:
            self._ask_around()
        self.draw_lines()

    @on(LogView.Opened)
    async def _open_clicked(self) -> None:
        await self.run_action("open")

    def draw_lines(self) -> None:
        """Draw lines and head as they are to be now."""
        if self.picture is None:
            return
        status, snapshot = self.status, self.picture.snapshot
        self.view.draw_as(self._drawing())
        self.view.show_empty(empty_lines(status, snapshot))
        self.head.show_status(status, snapshot)

    @property
    def status(self) -> LogStatus:
        """How the view stands."""
        drawing, settings = self.view.drawing, self.session.settings
        flags = {"raw": drawing.is_raw, "wrapped": drawing.wraps, "unredacted": not self.session.is_redacting}
        return LogStatus(
            names=tuple(key.name for key in self.functions),
            log_filter=self.choices.in_force,
            given=self._given,
            is_following=self.view.window.is_following and self._jump is None,
            waiting_below=self.view.waiting_below,
            search=self.choices.search,
            answer=self._answer,
            pattern=self.pattern,
            flags=tuple(flag for flag, is_on in flags.items() if is_on),
            is_utc=settings.is_utc,
            is_ascii=settings.is_ascii,
        )

    def _drawing(self) -> LogDrawing:
        settings, search = self.session.settings, self.choices.search
        names = [key.name for key in (self.functions or self._read)]
        return self.view.drawing._replace(
            is_utc=settings.is_utc,
            is_ascii=settings.is_ascii,
            dims_platform=self.choices.platform_lines != "shown",
            shows_function=len(self.functions) != 1,
            name_width=min(NAME_WIDTH_MAX, max(map(len, names), default=NAME_WIDTH_MAX)),
            highlights=() if search is None else (search,),
        )

    def jump(self, jump: Jump) -> None:
        """Go somewhere."""
        self._jump = jump
        self.ask()

    def goto(self, timestamp_ms: int) -> None:
        """Go to the first line at or after a time."""
        self.jump(Jump(key_of_time(timestamp_ms)))

    def action_edge(self, direction: int) -> None:
        """Go to the oldest line, or follow the newest."""
        if direction < 0:
            self.jump(Jump(FIRST_KEY))
        else:
            self._jump = None
            self.view.follow(is_wanted=True)
            self.ask()

    def action_follow(self) -> None:
        """Follow what comes, or hold on."""
        if self.view.window.is_following:
            self.view.follow(is_wanted=False)
            self.ask()
            self.draw_lines()
        else:
            self.action_edge(1)

    def action_match(self, direction: int) -> None:
        """Go to the next or the previous line that matches the search."""
        search = self.choices.search
        if search is None:
            self.action_search()
            return
        self._seek(self.choices.in_force.having(search), direction, "no line matches")

    def action_error(self, direction: int) -> None:
        """Go to the next or the previous line at ERROR or above."""
        sought = msgspec.structs.replace(self.choices.in_force, least_level="ERROR")
        self._seek(sought, direction, "no line held is at ERROR or above")

    def action_next_mark(self) -> None:
        """Go to the next marked line, after the last one to the first."""
        marks = sorted(self.view.marks)
        here = self.view.window.key or FIRST_KEY
        if marks:
            self.jump(Jump(next((mark for mark in marks if mark > here), marks[0])))

    def action_back(self) -> None:
        """Leave the search, and what is being looked for, then the place."""
        if self.choices.search is not None:
            self.choices.search = None
            if self._jump is not None and self._jump.seek is not None:
                self._jump = None
            self.ask()
            self.draw_lines()
        else:
            self.app.pop_screen()

    def _seek(self, sought: LogFilter, direction: int, missing: str) -> None:
        """Go on to the next one in a direction; from the newest line, which is followed, there is only the way back."""
        window = self.view.window
        here = LAST_KEY if window.is_following else window.key or self._place
        self.jump(Jump(here, sought, direction < 0 or window.is_following, missing))

    def search_from_here(self, sought: LogFilter) -> None:
        """Go to the newest match while following, else to the next one from the cursor's own line on."""
        window = self.view.window
        here = window.key or self._place
        if window.is_following:
            self.jump(Jump(LAST_KEY, sought, is_backward=True, missing="no line matches"))
        else:
            just_before = LineKey(here.timestamp_ms, here.sequence - 1)
            self.jump(Jump(just_before, sought, missing="no line matches"))
