"""One pane with all its rows."""

from lambdatop.render.page import Page
from lambdatop.render.pane_page import pane_page
from lambdatop.render.panes import Pane
from lambdatop.render.span import Line
from lambdatop.ui.picture import Picture
from lambdatop.ui.screens.page import PageScreen
from lambdatop.ui.session import Session


class PaneScreen(PageScreen):
    """All functions by one measure, all queues, or the traces worth a look."""

    def __init__(self, session: Session, pane: Pane) -> None:
        super().__init__(session)
        self.pane = pane

    def page(self, picture: Picture, width: int) -> Page | tuple[Line, ...]:
        """Return the pane's page."""
        return pane_page(self.pane, picture.snapshot, picture.drawing, width)
