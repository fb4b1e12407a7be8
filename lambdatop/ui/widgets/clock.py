"""The time of day, a widget of its own so that a passing second costs a few bytes."""

from lambdatop.render import units
from lambdatop.render.words import line, said
from lambdatop.ui.line_widget import LineWidget


class Clock(LineWidget):
    """Shows the time; the only thing on an idle screen that changes."""

    def show_time(self, now_ms: int, *, is_utc: bool) -> None:
        """Show a moment, with a Z where it is UTC."""
        zone = "Z" if is_utc else " "
        self.show((line(said(f" {units.clock(now_ms, is_utc)}{zone}", "heading")),))
