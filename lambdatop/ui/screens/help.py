"""What every key, pane, column and mark means."""

from lambdatop.render.help_page import help_page
from lambdatop.render.span import Line
from lambdatop.ui.keys import KEYS, Place, help_order, moves
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.page import PageScreen
from lambdatop.ui.session import Session


class HelpScreen(PageScreen):
    """The help page, with the keys of the place that it was opened from first."""

    def __init__(self, session: Session, place: Place) -> None:
        super().__init__(session)
        self._place = place

    def page(self, picture: Picture, width: int) -> tuple[Line, ...]:  # noqa: ARG002  help does not change
        """Return the page, made from the tables that the screen is made of."""
        here = [(key.shown, key.help) for key in help_order(self._place)]
        elsewhere = [(key.shown, key.help) for key in KEYS if self._place not in key.places]
        return help_page(here, moves(self._place), elsewhere, width, is_ascii=self.session.settings.is_ascii)
