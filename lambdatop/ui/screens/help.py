"""What every key, pane, column and mark means."""

from lambdatop.render.help_page import help_page
from lambdatop.render.span import Line
from lambdatop.ui.keys import KEYS, MOVES
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.page import PageScreen


class HelpScreen(PageScreen):
    """The help page."""

    def page(self, picture: Picture, width: int) -> tuple[Line, ...]:  # noqa: ARG002  help does not change
        """Return the page, made from the tables that the screen is made of."""
        return help_page(((key.shown, key.help) for key in KEYS), MOVES, width)
