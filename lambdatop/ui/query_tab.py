"""One of several queries on the desk: its text, what it reads, what came of it and how that is looked at."""

from typing import NamedTuple

from lambdatop.model.identity import Scope
from lambdatop.model.query import QueryProgress
from lambdatop.parsers.time_range import TimeRange
from lambdatop.render.drawing import Drawing
from lambdatop.render.query_chart import ChartChoice
from lambdatop.render.query_table import QueryTable, TableChoice
from lambdatop.ui.query_buffer import QueryBuffer
from lambdatop.ui.query_groups import GroupChoice
from lambdatop.ui.query_result import QueryResult

FIRST_TEXT = "fields @timestamp, @message, @log, @logStream\n| sort @timestamp desc\n| limit 200"


class Asked(NamedTuple):
    """What a run, or an estimate, was asked for: the same again says the same."""

    text: str
    groups: GroupChoice
    time_range: TimeRange
    scope: Scope


class QueryTab:
    """A query; nothing in it knows the screen."""

    def __init__(self, number: int, scope: Scope, groups: GroupChoice, time_range: TimeRange) -> None:
        self.number = number
        self.name = ""
        """That of a saved query, or one of the library."""
        self.named_text = ""
        """What the query of that name says."""
        self.buffer = QueryBuffer(FIRST_TEXT)
        self.scope = scope
        self.groups = groups
        self.time_range = time_range
        self.parameters: dict[str, str] = {}
        """What was last said for `{{name}}`, by name."""
        self.result: QueryResult | None = None
        self.ran: Asked | None = None
        """What the result is of."""
        self.source_length = 0
        """Characters that were put before the text when it ran, which AWS counts and the editor does not have."""
        self.estimate: QueryResult | None = None
        self.estimated: Asked | None = None
        self.choice = TableChoice()
        self.row = 0
        """The row under the cursor, as shown."""
        self.column = 0
        """Of the columns shown, the one under the cursor."""
        self.is_chart = False
        self.chart = ChartChoice()
        self._table: QueryTable | None = None
        self._table_of: tuple[QueryProgress, Drawing] | None = None

    @property
    def title(self) -> str:
        """Its name, with a star where the text is another one by now; or what it begins with."""
        words = " ".join(line for line in self.buffer.text.split("\n") if not line.lstrip().startswith("#"))
        if self.name:
            return self.name if self.buffer.text == self.named_text else f"{self.name}*"
        return " ".join(words.split()) or "empty"

    @property
    def asked(self) -> Asked:
        """What running it now would ask for."""
        return Asked(self.buffer.text, self.groups, self.time_range, self.scope)

    @property
    def is_running(self) -> bool:
        """Whether its query is under way at AWS."""
        return self.result is not None and not self.result.has_ended

    @property
    def is_pristine(self) -> bool:
        """Whether nothing was done with it yet."""
        return self.result is None and not self.name and self.buffer.text in ("", FIRST_TEXT)

    @property
    def estimate_now(self) -> QueryResult | None:
        """What was asked about how much it would scan, where that is still what would run."""
        return self.estimate if self.estimated == self.asked else None

    def show_result(self, result: QueryResult, asked: Asked, source_length: int) -> None:
        """Look at another result: the same query's as before, another one's from its beginning."""
        if self.ran is None or self.ran.text != asked.text:
            self.row = self.column = 0
            self.choice = self.choice._replace(sort_column=None, filter_text="", skip=0)
            self.chart = self.chart._replace(value_column=None)
        self.result, self.ran, self.source_length = result, asked, source_length

    def call(self, name: str) -> None:
        """Give the query as it is a name, or none."""
        self.name, self.named_text = name, self.buffer.text

    def table(self, drawing: Drawing) -> QueryTable | None:
        """Return the table of its rows, None before there are any columns."""
        if self.result is None or not self.result.progress.columns:
            return None
        of = self.result.progress, drawing._replace(now_ms=0)
        if (
            self._table is None
            or self._table_of is None
            or self._table_of[0] is not of[0]
            or self._table_of[1] != of[1]
        ):
            self._table, self._table_of = QueryTable.of(of[0], self.choice, of[1]), of
        elif self._table.choice != self.choice:
            self._table = self._table.changed(self.choice)
        return self._table
