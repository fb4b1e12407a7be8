"""Choosing what a query reads and which query it is: log groups, time, tabs, saved and past queries."""

from lambdatop.parsers.time_range import RANGES_ACCEPTED, TimeRange
from lambdatop.render.printable import printable
from lambdatop.ui.query_desk import TABS_MAX
from lambdatop.ui.query_groups import GroupChoice, chosen_groups, known_groups
from lambdatop.ui.query_saved import SavedQuery, SavedQueryError
from lambdatop.ui.query_shelf import ShelfQuery, shelf_of
from lambdatop.ui.screens.insights_runs import InsightsRuns

NAMED_MAX = 60
"""Log groups that are named while one chooses; no line is longer."""


class InsightsChoices(InsightsRuns):
    """A place where the tab's query and what it reads are chosen."""

    def action_groups(self) -> None:
        """Ask for log groups."""
        tab = self.tab

        def note(text: str) -> str:
            snapshot = self.session.snapshot
            chosen = chosen_groups(GroupChoice(text), snapshot, tab.scope)
            known = known_groups(chosen, snapshot, tab.scope)
            named = ", ".join(group.removeprefix("/aws/lambda/") for group in known[:NAMED_MAX])
            return chosen.problem or (f"{chosen.words}: {named}" if len(known) > 1 else chosen.words)

        def use(text: str) -> None:
            chosen = chosen_groups(GroupChoice(text), self.session.snapshot, tab.scope)
            if chosen.problem is not None:
                self.say(chosen.problem, 8, is_warning=True)
            tab.groups = GroupChoice(" ".join(text.split()))

        placeholder = "all functions; or names, globs such as check*, log groups by name, prefix:/aws/lambda/check"
        self.prompt("log groups", tab.groups.text, placeholder, use, note)

    def action_time(self) -> None:
        """Ask for the time that is read."""
        tab, settings = self.tab, self.session.settings

        def problem(text: str) -> str:
            try:
                TimeRange(text).bounds_s(settings.now_ms(), settings.is_utc)
            except ValueError as error:
                return str(error)
            return ""

        def use(text: str) -> None:
            why = problem(text)
            if why:
                self.say(f"The time stays {tab.time_range.words}: {why}.", 8, is_warning=True)
            else:
                tab.time_range = TimeRange(" ".join(text.split()))

        self.prompt("time", tab.time_range.text, RANGES_ACCEPTED, use, problem)

    def action_save_query(self) -> None:
        """Ask for a name to save the query under."""
        if not self.tab.buffer.text.strip():
            self.say("There is no query to save.")
            return
        path = self.desk.saved.path
        where = f"a name, such as orders/slow; in {path}" if path is not None else "a name, such as orders/slow"
        self.prompt("save as", self.tab.name, printable(where, 200), self._save)

    def action_pick(self) -> None:
        """Choose among ready, saved, the account's and past queries."""
        from lambdatop.ui.screens.insights_picker import QueryPicker

        problems: list[str] = []
        scope = self.tab.scope

        def shelf() -> tuple[ShelfQuery, ...]:
            try:
                saved = self.desk.saved.read()
            except SavedQueryError as error:
                problems[:] = [str(error)]
                saved = ()
            return shelf_of(saved, self.desk.definitions.get(scope), self.desk.history.queries, self.log_formats)

        def problem() -> str:
            found = self.desk.definitions.get(scope)
            more = [found.problem.sentence] if found is not None and found.problem is not None else []
            return "  ".join([*problems, *more])

        def picked(choice: tuple[ShelfQuery, bool] | None) -> None:
            if choice is not None:
                self._take(*choice)

        picker = QueryPicker(shelf, problem, is_utc=self.session.settings.is_utc)
        self.desk.ask_definitions(scope, picker.refresh_shelf)
        self.app.push_screen(picker, picked)

    def action_past(self, steps: int) -> None:
        """Go to the query that was run before the one in the editor, or after it."""
        past = [query.text for query in self.desk.history.queries]
        here = past.index(self.tab.buffer.text) if self.tab.buffer.text in past else -1
        to = here + steps
        if 0 <= to < len(past):
            self.tab.buffer.set_text(past[to])
            self.tab.call("")
            self.redraw()

    def action_new_tab(self) -> None:
        """Open a tab."""
        if self.desk.new_tab() is None:
            self.say(f"There are {TABS_MAX} tabs; f9 closes one.")
            return
        self.editor.focus()
        self.redraw()

    def action_close_tab(self) -> None:
        """Close the tab, and the place with the last one."""
        self.stop(self.tab)
        if self.desk.close_tab():
            self.redraw()
            self.go_on()
        else:
            self.desk.new_tab()
            self.app.pop_screen()

    def action_step_tab(self, direction: int) -> None:
        """Go to the next tab or the one before."""
        self.desk.step(direction)
        self.redraw()
        self.go_on()

    def _save(self, name: str) -> None:
        tab = self.tab
        if not name.strip():
            return
        query = SavedQuery(
            name=" ".join(name.split()),
            text=tab.buffer.text,
            groups=tab.groups.text,
            time_range=tab.time_range.text,
        )
        try:
            self.desk.saved.save(query)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            self.say(f"not saved: {why}", 10, is_warning=True)
            return
        tab.call(query.name)
        where = f" in {self.desk.saved.path}" if self.desk.saved.path is not None else " until lambdatop ends"
        self.say(f"saved as {query.name}{where}")

    def _take(self, query: ShelfQuery, is_for_new_tab: bool) -> None:
        """Write a query into the editor, with what it reads where it says so."""
        if is_for_new_tab and self.desk.new_tab() is None:
            self.say(f"There are {TABS_MAX} tabs; f9 closes one.")
            return
        tab = self.tab
        tab.buffer.set_text(query.text)
        tab.call(_typed(query.name) if query.kind != "past" else "")
        tab.parameters = {**{name: _typed(value) for name, value in query.parameters}, **tab.parameters}
        if query.groups:
            tab.groups = GroupChoice(_typed(query.groups))
        if query.time_range:
            tab.time_range = TimeRange(_typed(query.time_range))
        self.editor.focus()
        self.redraw()


def _typed(text: str) -> str:
    """Return foreign text as it may stand in a line that is typed."""
    return printable(text, 1_000)
