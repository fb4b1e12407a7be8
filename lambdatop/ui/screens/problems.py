"""Where the numbers come from and what is wrong with that."""

from lambdatop.render.source_page import source_page
from lambdatop.render.span import Line
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.page import PageScreen


class ProblemsScreen(PageScreen):
    """Every source's state, the remedy where one helps, and what the API costs."""

    def page(self, picture: Picture, width: int) -> tuple[Line, ...]:
        """Return the sources, those with problems first."""
        return source_page(picture.snapshot, picture.drawing, width)
