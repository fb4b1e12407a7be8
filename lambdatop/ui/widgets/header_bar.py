"""The two lines above everything."""

from lambdatop.render.header import health_line, place_line
from lambdatop.ui.line_widget import LineWidget
from lambdatop.ui.picture import Picture


class HeaderBar(LineWidget):
    """Who and where, how fresh, what it costs; and how many functions are sick."""

    def show_picture(self, picture: Picture) -> None:
        """Show the header of a picture."""
        width = self.size.width
        self.show(
            (
                place_line(picture.snapshot, picture.header, width),
                health_line(picture.snapshot, picture.header, width),
            )
        )
