"""What a screen wants to know of a query before it runs: what a chart can be drawn of, and what some log groups refuse.

The functions of a text say what they can of any text, one with errors too.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lambdatop.insights import syntax
from lambdatop.insights.expression_walk import walk
from lambdatop.insights.syntax import Column, Command, Expression, Period, Query
from lambdatop.insights.tokens import tokens_of
from lambdatop.insights.vocabulary import COMMANDS, PATTERN_COLUMNS


@dataclass(frozen=True, slots=True)
class QueryFacts:
    """What a query says of its answer; the columns are those of the last `stats`, as the answer calls them."""

    commands: tuple[str, ...]
    """Each command once, in order of appearance."""
    is_aggregated: bool
    """Whether the rows are groups; else they are records, which have a `@ptr`."""
    bin_period: Period | None
    bin_column: str | None
    """The column of `bin()` among those by which it is grouped."""
    group_columns: tuple[str, ...]
    """What it is grouped by, without the bin."""
    aggregate_columns: tuple[str, ...]
    fields: tuple[str, ...]
    """The fields of the log that it reads, sorted."""
    limit: int | None


def commands_in(text: str) -> tuple[str, ...]:
    """The commands that any text names, each once, in order of appearance; `unmask()` counts as one."""
    names: dict[str, None] = {}
    for token in tokens_of(text):
        lower = token.text.lower()
        if token.kind == "command" or (token.kind == "function" and lower in COMMANDS):
            names[COMMANDS[lower].name] = None
    return tuple(names)


def refused_by_infrequent_access(text: str) -> tuple[str, ...]:
    """The commands in any text that log groups of the Infrequent Access class refuse."""
    return tuple(name for name in commands_in(text) if COMMANDS[name.lower()].is_refused_by_infrequent_access)


def has_source(text: str) -> bool:
    """Whether any text chooses its log groups itself."""
    return "SOURCE" in commands_in(text)


def facts_of(query: Query) -> QueryFacts:
    """What a query says of its answer."""
    reading = _Reading()
    for command in query.commands:
        reading.read(command)
    limits = [command.count for command in query.commands if isinstance(command, syntax.Limit)]
    bin_column = next((name for name in reading.groups if name in reading.bins), None)
    return QueryFacts(
        commands=commands_in(query.text),
        is_aggregated=reading.is_aggregated,
        bin_period=None if bin_column is None else reading.bins[bin_column],
        bin_column=bin_column,
        group_columns=tuple(name for name in reading.groups if name != bin_column),
        aggregate_columns=tuple(reading.aggregates),
        fields=tuple(sorted(reading.fields)),
        limit=min(limits, default=None),
    )


class _Reading:
    """What the commands so far have made and read."""

    def __init__(self) -> None:
        self.is_aggregated = False
        self.groups: list[str] = []
        self.aggregates: list[str] = []
        self.fields: set[str] = set()
        self.bins: dict[str, Period] = {}
        self._made: set[str] = set()

    def read(self, command: Command) -> None:
        """Take in the next command."""
        match command:
            case syntax.Stats():
                self._read_stats(command)
            case syntax.Fields() | syntax.Display():
                self._read_columns(command.columns)
                self._show(command)
            case syntax.Filter():
                self._use(command.condition)
            case syntax.Sort():
                self._use(*(key.expression for key in command.keys))
            case syntax.Dedup():
                self._use(*command.keys)
            case syntax.ParseGlob() | syntax.ParseRegex():
                self._use(command.subject)
                self._made.update(command.names)
            case syntax.Unnest():
                self._use(command.subject)
                self._made.add(command.name)
            case syntax.Pattern():
                self._use(command.subject)
                self.is_aggregated = True
                self.groups, self.aggregates = ["@pattern"], ["@sampleCount", "@ratio"]
                self._made = set(PATTERN_COLUMNS)
            case syntax.Limit() | syntax.Estimate():
                pass

    def _read_stats(self, stats: syntax.Stats) -> None:
        self._read_columns(stats.groups)
        self._read_columns(stats.aggregates)
        self.is_aggregated = True
        self.groups = [column.name for column in stats.groups]
        self.aggregates = [column.name for column in stats.aggregates]
        self._made = {*self.groups, *self.aggregates}

    def _read_columns(self, columns: Iterable[Column]) -> None:
        for column in columns:
            self._use(column.expression)
            period = self._period_of(column.expression)
            if period is not None:
                self.bins[column.name] = period
            elif column.is_alias:
                self.bins.pop(column.name, None)
            if not isinstance(column.expression, syntax.Name) or column.is_alias:
                self._made.add(column.name)

    def _period_of(self, expression: Expression) -> Period | None:
        """The period of what is a `bin()`, or the name of one that was made before."""
        if isinstance(expression, syntax.Name):
            return self.bins.get(expression.name)
        if isinstance(expression, syntax.Call) and expression.function == "bin":
            period = expression.arguments[0]
            return period if isinstance(period, Period) else None
        return None

    def _show(self, command: syntax.Fields | syntax.Display) -> None:
        """After `stats`, `fields` adds columns and `display` leaves only its own."""
        if not self.is_aggregated:
            return
        names = [column.name for column in command.columns]
        added = [name for name in names if name not in self.groups and name not in self.aggregates]
        if isinstance(command, syntax.Display):
            self.groups = [name for name in self.groups if name in names]
            self.aggregates = [name for name in names if name not in self.groups]
        else:
            self.aggregates += added

    def _use(self, *expressions: Expression) -> None:
        for expression in expressions:
            for part in walk(expression):
                if isinstance(part, syntax.Name) and not self._is_made(part.name):
                    self.fields.add(part.name)
                elif isinstance(part, syntax.Call) and part.function == "bin":
                    self.fields.add("@timestamp")

    def _is_made(self, name: str) -> bool:
        """Whether a name is of a column that the query has made, or of something inside of one."""
        return name in self._made or any(name.startswith(f"{made}.") for made in self._made)
