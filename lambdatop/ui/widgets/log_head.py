"""The two lines above the log: whose it is, how it stands, what is filtered."""

from lambdatop.model.snapshot import Snapshot
from lambdatop.render.log_view_words import LogStatus, condition_line, title_line
from lambdatop.render.span import Line
from lambdatop.ui.line_widget import LineWidget


class LogHead(LineWidget):
    """Words a status."""

    def __init__(self) -> None:
        super().__init__(id="log-head")
        self._told: tuple[LogStatus, Snapshot] | None = None

    def show_status(self, status: LogStatus, snapshot: Snapshot) -> None:
        """Say how the view stands."""
        self._told = (status, snapshot)
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:  # noqa: ARG002  always two lines
        """Return both lines."""
        if self._told is None:
            return ()
        status, snapshot = self._told
        return title_line(status, snapshot, width), condition_line(status, snapshot, width)
