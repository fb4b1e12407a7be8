"""What can be changed about how the log is read: filters, levels, folds, marks."""

import msgspec

from lambdatop.model.log_line import LogFilter, LogLine
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.render.log_lines import LogDrawing
from lambdatop.ui.log_choices import LogChoices
from lambdatop.ui.screens.log_line_actions import LogLineActions
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.log_view import LogView


class LogLookActions(LogLineActions):
    """A place with a log view."""

    def __init__(self, session: Session, log_filter: LogFilter) -> None:
        super().__init__(session)
        self.view = LogView()
        self.choices = LogChoices(log_filter)

    def draw_lines(self) -> None:
        """Draw lines and head as they are to be now."""
        raise NotImplementedError

    @property
    def line(self) -> LogLine | None:
        """The line under the cursor."""
        return self.view.window.cursor

    @property
    def newest_ms(self) -> int:
        """Time of the newest line that there may be: now, or that of a line whose clock is ahead."""
        lines = self.view.window.lines
        return max(super().newest_ms, lines[-1].timestamp_ms if lines else 0)

    @property
    def log_filter(self) -> LogFilter:
        """What is shown."""
        return self.choices.in_force

    def filter_by(self, log_filter: LogFilter) -> None:
        """Filter so, keeping the place."""
        self.choices.filter_by(log_filter)
        self.ask()
        self.draw_lines()

    def action_open(self) -> None:
        """Open the whole event with its invocation's lines."""
        from lambdatop.ui.screens.event import EventScreen

        if self.line is not None:
            self.app.push_screen(EventScreen(self.session, self.line))

    def action_take_back(self) -> None:
        """Take the last condition off the filter."""
        self.choices.take_back()
        self.ask()
        self.draw_lines()

    def action_only(self, part: str) -> None:
        """Show only what has the line's request, log stream, version or function."""
        line = self.line
        if line is None:
            return
        chosen = self.choices.log_filter
        stream = parse_log_stream(line.log_stream)
        if part == "request" and line.request_id is not None:
            chosen = msgspec.structs.replace(chosen, request_id=line.request_id)
        elif part == "stream":
            chosen = msgspec.structs.replace(chosen, log_streams=(line.log_stream,))
        elif part == "version" and stream is not None:
            chosen = msgspec.structs.replace(chosen, versions=(stream.version,))
        elif part == "function":
            chosen = msgspec.structs.replace(chosen, functions=(line.function,))
        if chosen == self.choices.log_filter:
            self.notify(f"This line has no {part} to filter by.", timeout=4, markup=False)
        else:
            self.filter_by(chosen)

    def action_level(self) -> None:
        """Show lines from the next level up."""
        self.choices.next_level()
        self.ask()
        self.draw_lines()

    def action_platform(self) -> None:
        """Dim the platform's lines, show them like others, or hide them."""
        words = {"dimmed": "dimmed", "shown": "shown like all others", "hidden": "hidden, but for failures"}
        self.notify(f"platform lines are {words[self.choices.next_platform_lines()]}", timeout=3, markup=False)
        self.ask()
        self.draw_lines()

    def action_raw(self) -> None:
        """Show lines as they came, or read."""
        self._draw_as(self.view.drawing._replace(is_raw=not self.view.drawing.is_raw))

    def action_wrap(self) -> None:
        """Wrap long lines, or scroll them sideways."""
        self._draw_as(self.view.drawing._replace(wraps=not self.view.drawing.wraps, left=0))

    def action_fold(self) -> None:
        """Unfold the line, or fold it."""
        self.view.toggle_fold()

    def action_fold_all(self) -> None:
        """Unfold all lines, or fold them."""
        self.view.toggle_all_folds()

    def action_mark(self) -> None:
        """Mark the line, or take its mark away."""
        self.view.toggle_mark()

    def _draw_as(self, drawing: LogDrawing) -> None:
        self.view.draw_as(drawing)
        self.draw_lines()
