"""What every part of the place of queries stands on: the desk, the widgets, and what is asked in a line."""

from collections.abc import Callable

from textual.css.query import NoMatches

from lambdatop.render.printable import printable
from lambdatop.ui.query_desk import QueryDesk
from lambdatop.ui.query_groups import ChosenGroups, chosen_groups, log_formats
from lambdatop.ui.query_tab import QueryTab
from lambdatop.ui.screens.place import PlaceScreen
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.filter_bar import FilterBar
from lambdatop.ui.widgets.query_editor import QueryEditor
from lambdatop.ui.widgets.query_results import QueryResults

Use = Callable[[str], None]
Note = Callable[[str], str]


def _nothing_to_note(_text: str) -> str:
    return ""


def _nothing() -> None:
    return None


class InsightsPlace(PlaceScreen):
    """A place with queries in tabs."""

    def __init__(self, session: Session, desk: QueryDesk) -> None:
        super().__init__(session)
        self.desk = desk
        self.editor = QueryEditor()
        self.results = QueryResults()
        self._use: Use = lambda _text: None
        self._note: Note = _nothing_to_note
        self._give_up: Callable[[], None] = _nothing
        self._focus_after: QueryEditor | QueryResults = self.editor

    @property
    def tab(self) -> QueryTab:
        """The tab on screen."""
        return self.desk.tab

    @property
    def groups_now(self) -> ChosenGroups:
        """What the tab's choice of log groups means now."""
        return chosen_groups(self.tab.groups, self.session.snapshot, self.tab.scope)

    @property
    def log_formats(self) -> frozenset[str]:
        """In which formats the functions of the tab's log groups log."""
        return log_formats(self.groups_now, self.session.snapshot, self.tab.scope)

    @property
    def is_editing(self) -> bool:
        """Whether keys go to the editor."""
        return self.editor.has_focus

    def prompt(
        self,
        label: str,
        text: str,
        placeholder: str,
        use: Use,
        note: Note = _nothing_to_note,
        give_up: Callable[[], None] = _nothing,
    ) -> None:
        """Ask for a line of text above the keys; `note` says of what is typed what it means, `use` takes it."""
        if self.query(FilterBar):
            return
        self._use, self._note, self._give_up = use, note, give_up
        self._focus_after = self.editor if self.is_editing else self.results
        self.mount(FilterBar(text, label, placeholder), after=self.results)

    def on_filter_bar_changed(self, message: FilterBar.Changed) -> None:
        """Say what is typed means."""
        said = self._note(message.text)
        try:
            self.query_one(FilterBar).note(said)
        except NoMatches:
            return

    def on_filter_bar_closed(self, message: FilterBar.Closed) -> None:
        """Use what was typed, and give the keys back."""
        use, give_up = self._use, self._give_up
        self._note = _nothing_to_note
        self._focus_after.focus()

        def go_on() -> None:
            if message.is_kept:
                use(message.text)
            else:
                give_up()
            self.redraw()

        removal = self.query(FilterBar).remove()
        self.call_next(self._after, removal, go_on)

    async def _after(self, removal: object, go_on: Callable[[], None]) -> None:
        await removal  # type: ignore[misc]
        go_on()

    def say(self, sentence: str, seconds: float = 5, *, is_warning: bool = False) -> None:
        """Say a sentence that may hold foreign text."""
        said = printable(sentence, 400)
        self.notify(said, severity="warning" if is_warning else "information", timeout=seconds, markup=False)
