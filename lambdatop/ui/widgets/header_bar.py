"""The two lines above everything."""

from lambdatop.render.header import health_line, place_line
from lambdatop.render.span import Line
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.picture import Picture


class HeaderBar(LineWidget):
    """Who and where, how fresh, what it costs; and how many functions are sick."""

    def __init__(self) -> None:
        super().__init__(id="header")
        self._picture: Picture | None = None

    def show_picture(self, picture: Picture) -> None:
        """Show the header of a picture."""
        self._picture = picture
        self.update_lines()

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:  # noqa: ARG002  always two lines
        """Return both lines."""
        if self._picture is None:
            return ()
        snapshot, header = self._picture.snapshot, self._picture.header
        return (place_line(snapshot, header, width), health_line(snapshot, header, width))
