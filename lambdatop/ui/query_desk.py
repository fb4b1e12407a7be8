"""The queries one works on, in tabs that outlive their place on screen."""

from collections.abc import Callable, Sequence
from pathlib import Path

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.query import DefinitionList, DefinitionsFound, FieldList, FieldsFound
from lambdatop.parsers.time_range import TimeRange
from lambdatop.ui.query_errands import OneOutcome, QueryErrands
from lambdatop.ui.query_groups import GroupChoice
from lambdatop.ui.query_history import QueryHistory
from lambdatop.ui.query_saved import SavedQueries
from lambdatop.ui.query_tab import QueryTab
from lambdatop.ui.session import Session

TABS_MAX = 20
FIELD_GROUPS_MAX = 5
"""Of so many log groups the fields are asked for: GetLogGroupFields may be called five times a second."""
_NOWHERE = Scope("", "")


class QueryDesk:
    """Tabs, the tasks under way for them, and what is kept of queries."""

    def __init__(self, session: Session, state_folder: Path | None = None, config_folder: Path | None = None) -> None:
        self._session = session
        self.errands = QueryErrands(session)
        self.history = QueryHistory(None if state_folder is None else state_folder / "query-history.jsonl")
        self.saved = SavedQueries(None if config_folder is None else config_folder / "queries.toml")
        self.definitions: dict[Scope, DefinitionsFound | None] = {}
        """The account's saved queries; None while they are being asked for."""
        self._fields: dict[tuple[Scope, str], tuple[str, ...] | None] = {}
        self.tabs: list[QueryTab] = []
        self.index = 0
        self._last_tab = 0

    @property
    def tab(self) -> QueryTab:
        """The tab on screen."""
        return self.tabs[self.index]

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The accounts and regions that are looked at."""
        snapshot = self._session.snapshot
        known = {account.scope for account in snapshot.accounts} | {row.key.scope for row in snapshot.functions}
        return tuple(sorted(known))

    def find_scopes(self) -> None:
        """Have tabs that were opened before any account was known read the first one."""
        for tab in self.tabs:
            if tab.scope == _NOWHERE:
                tab.scope = next(iter(self.scopes), _NOWHERE)

    def open_for(self, functions: Sequence[FunctionKey]) -> None:
        """Be ready for queries over some functions' logs, those of all where none are named."""
        scope = functions[0].scope if functions else next(iter(self.scopes), _NOWHERE)
        groups = GroupChoice(" ".join(sorted({key.name for key in functions if key.scope == scope})))
        if not self.tabs:
            self.new_tab(scope, groups)
        elif functions and (self.tab.scope, self.tab.groups) != (scope, groups):
            if self.tab.is_pristine or len(self.tabs) >= TABS_MAX:
                self.tab.scope, self.tab.groups = scope, groups
            else:
                self.new_tab(scope, groups)

    def new_tab(self, scope: Scope | None = None, groups: GroupChoice | None = None) -> QueryTab | None:
        """Open a tab beside the others, over what the one on screen reads where nothing else is said."""
        if len(self.tabs) >= TABS_MAX:
            return None
        here = self.tab if self.tabs else None
        self._last_tab += 1
        tab = QueryTab(
            self._last_tab,
            scope or (here.scope if here else next(iter(self.scopes), _NOWHERE)),
            groups if groups is not None else here.groups if here else GroupChoice(),
            here.time_range if here else TimeRange(),
        )
        self.tabs.append(tab)
        self.index = len(self.tabs) - 1
        return tab

    def close_tab(self) -> bool:
        """Close the tab on screen, its query too; returns whether another one is left."""
        self.stop(self.tab)
        del self.tabs[self.index]
        self.index = max(0, min(self.index, len(self.tabs) - 1))
        return bool(self.tabs)

    def step(self, direction: int) -> None:
        """Go to the next tab or the one before, round and round."""
        self.index = (self.index + direction) % len(self.tabs)

    def stop(self, tab: QueryTab) -> bool:
        """Stop a tab's query and what is asked for it; returns whether a query was running."""
        was_running = tab.is_running
        for result in (tab.result, tab.estimate):
            if result is not None and not result.is_done:
                self.errands.end(result.task.number)
                result.stop()
        return was_running

    def leave(self) -> int:
        """Stop everything; returns how many queries were running."""
        stopped = sum(self.stop(tab) for tab in self.tabs)
        self.errands.end_all()
        self.definitions = {scope: found for scope, found in self.definitions.items() if found is not None}
        self._fields = {place: fields for place, fields in self._fields.items() if fields is not None}
        return stopped

    def ask_definitions(self, scope: Scope, hear: Callable[[], None]) -> None:
        """Ask for an account's saved queries, unless they are known."""
        found = self.definitions.get(scope)
        if scope in self.definitions and (found is None or found.problem is None):
            return
        self.definitions[scope] = None

        def take(outcome: object) -> None:
            if isinstance(outcome, DefinitionsFound):
                self.definitions[scope] = outcome
                hear()

        self.errands.begin(DefinitionList(number=self._session.next_task(), scope=scope), OneOutcome(take))

    def fields(self, scope: Scope, log_groups: Sequence[str]) -> tuple[str, ...]:
        """Return the fields that AWS found in log groups, the most frequent first; others are asked for."""
        wanted = [(scope, group) for group in log_groups[:FIELD_GROUPS_MAX]]
        for place in wanted:
            if place not in self._fields:
                self._fields[place] = None
                self._ask_fields(*place)
        return tuple(dict.fromkeys(name for place in wanted for name in self._fields[place] or ()))

    def _ask_fields(self, scope: Scope, group: str) -> None:
        def take(outcome: object) -> None:
            if isinstance(outcome, FieldsFound):
                self._fields[scope, group] = tuple(name for name, _ in outcome.fields)

        task = FieldList(number=self._session.next_task(), scope=scope, log_group=group)
        self.errands.begin(task, OneOutcome(take))
