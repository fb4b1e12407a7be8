"""A second meaning of the query language: slow, obvious, and written from `lambdatop/insights/README.md` alone."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from lambdatop.insights import syntax
from lambdatop.insights.expression_walk import walk
from tests.insights import reference_aggregates, reference_values
from tests.insights.reference_discovery import Record, fields_of
from tests.insights.reference_expressions import Row, Surroundings, is_aggregate, is_time, look_up, value_of
from tests.insights.reference_pattern import patterns
from tests.insights.reference_values import Structure, Value, holds, number_of, sort_key

Cells = tuple[str | None, ...]
_DEFAULT_LIMIT = 10_000


class Evaluation:
    """One query over one log; each method is a command."""

    def __init__(self, around: Surroundings, rows: list[Row]) -> None:
        self.around = around
        self.rows = rows
        self.columns: list[str] = []
        self.has_fields = False
        self.displayed: list[str] | None = None
        self.is_grouped = False

    def run(self, command: syntax.Command) -> None:  # noqa: C901 - one case for each command
        match command:
            case syntax.Fields():
                self.has_fields = True
                self.compute(command.columns)
                self.add_columns([column.name for column in command.columns])
            case syntax.Display():
                self.compute(command.columns)
                self.displayed = list(dict.fromkeys(column.name for column in command.columns))
            case syntax.Filter():
                self.check(command.condition)
                self.rows = [row for row in self.rows if holds(value_of(command.condition, row, self.around))]
            case syntax.Sort():
                self.sort(command)
            case syntax.Limit():
                self.rows = self.rows[: command.count]
            case syntax.ParseGlob() | syntax.ParseRegex():
                self.parse(command)
            case syntax.Dedup():
                self.dedup(command)
            case syntax.Unnest():
                self.unnest(command)
            case syntax.Stats():
                self.stats(command)
            case syntax.Pattern():
                self.pattern(command)
            case syntax.Estimate():
                pass

    def check(self, *expressions: syntax.Expression) -> None:
        """Refuse names that no row can have; needed where there are no rows."""
        if self.is_grouped:
            row = Row(dict.fromkeys(self.around.named), None, (0,))
            around = replace(self.around, aggregate=lambda call: self.aggregate([row], call))
            for expression in expressions:
                value_of(expression, row, around)

    def add_columns(self, names: Sequence[str]) -> None:
        self.columns = list(dict.fromkeys([*self.columns, *names]))

    def compute(self, columns: Sequence[syntax.Column]) -> None:
        for column in columns:
            self.check(column.expression)
            for row in self.rows:
                row.named[column.name] = value_of(column.expression, row, self.around)
            self.name(column.name, is_time=is_time(column.expression, self.around))

    def name(self, name: str, *, is_time: bool = False) -> None:
        """Note that a name is there, and whether it is of timestamps."""
        self.around.named.add(name)
        (self.around.times.add if is_time else self.around.times.discard)(name)

    def sort(self, command: syntax.Sort) -> None:
        self.check(*(key.expression for key in command.keys))
        sign = -1 if command.keys[0].is_descending else 1
        rows = sorted(self.rows, key=lambda row: (sign * row.place[0], *row.place[1:]))
        for key in reversed(command.keys):
            rows.sort(
                key=lambda row, key=key: sort_key(value_of(key.expression, row, self.around)),  # type: ignore[misc]
                reverse=key.is_descending,
            )
        self.rows = rows

    def dedup(self, command: syntax.Dedup) -> None:
        self.check(*command.keys)
        seen: set[tuple[str, ...]] = set()
        kept = []
        for row in self.rows:
            keys = [value_of(key, row, self.around) for key in command.keys]
            texts = tuple(str(key) for key in keys if isinstance(key, str))
            if len(texts) < len(keys) or texts not in seen:
                kept.append(row)
            if len(texts) == len(keys):
                seen.add(texts)
        self.rows = kept

    def parse(self, command: syntax.ParseGlob | syntax.ParseRegex) -> None:
        self.check(command.subject)
        for row in self.rows:
            subject = value_of(command.subject, row, self.around)
            found: Sequence[str | None] | None = None
            if isinstance(subject, str) and isinstance(command, syntax.ParseGlob):
                found = glob_parts(subject, command.literals)
            elif isinstance(subject, str) and isinstance(command, syntax.ParseRegex):
                match = reference_values.python_regex(command.regex.pattern).search(subject)
                found = [match[number] for number in command.groups] if match else None
            for place, name in enumerate(command.names):
                row.named[name] = (found[place] or None) if found is not None else None
        for name in command.names:
            self.name(name)
        self.add_columns(command.names)

    def unnest(self, command: syntax.Unnest) -> None:
        self.check(command.subject)
        rows = []
        for row in self.rows:
            value = value_of(command.subject, row, self.around)
            items: list[Value] = [value] if value is not None else []
            if isinstance(value, Structure) and isinstance(value.content, list):
                items = [reference_values.from_json(item) for item in value.content]
            for place, item in enumerate(items):
                named = {**row.named, command.name: item}
                rows.append(Row(named, row.discovered, (*row.place, place), row.pointer))
        self.rows = rows
        self.name(command.name, is_time=is_time(command.subject, self.around))
        self.add_columns([command.name])

    def stats(self, command: syntax.Stats) -> None:
        self.check(*(column.expression for column in command.groups))
        for part in [part for column in command.aggregates for part in walk(column.expression)]:
            if isinstance(part, syntax.Call) and is_aggregate(part.function):
                self.check(part)
        groups: dict[tuple[str | None, ...], list[Row]] = {} if command.groups else {(): []}
        keys: dict[tuple[str | None, ...], list[Value]] = {(): []}
        for row in self.rows:
            values = [value_of(column.expression, row, self.around) for column in command.groups]
            values = [value if isinstance(value, str) else None for value in values]
            texts = tuple(None if value is None else str(value) for value in values)
            groups.setdefault(texts, []).append(row)
            keys[texts] = values
        order = sorted(groups, key=lambda texts: ([sort_key(text) for text in texts], [text or "" for text in texts]))
        self.rows = [self.group_row(command, keys[texts], groups[texts], place) for place, texts in enumerate(order)]
        self.columns = list(dict.fromkeys(column.name for column in (*command.groups, *command.aggregates)))
        for column in (*command.groups, *command.aggregates):
            self.name(column.name, is_time=is_time(column.expression, self.around))
        self.around = replace(self.around, named=set(self.columns), times=self.around.times & set(self.columns))
        self.has_fields, self.displayed, self.is_grouped = True, None, True

    def group_row(self, command: syntax.Stats, keys: list[Value], rows: list[Row], place: int) -> Row:
        named = {column.name: key for column, key in zip(command.groups, keys, strict=True)}
        result = Row(named, None, (place,))
        around = replace(self.around, aggregate=partial(self.aggregate, rows))
        for column in command.aggregates:
            result.named[column.name] = value_of(column.expression, result, around)
        return result

    def aggregate(self, rows: list[Row], call: syntax.Call) -> Value:
        arguments = list(call.arguments)
        if not arguments or isinstance(arguments[0], syntax.Star):
            return str(len(rows))
        if call.function == "topk":
            arguments.reverse()
        placed = [
            reference_aggregates.Placed(
                value_of(arguments[0], row, self.around),
                int(str(look_up("@timestamp", row))) if call.function in ("earliest", "latest") else 0,
                row.place,
            )
            for row in rows
        ]
        parameter = value_of(arguments[1], Row({}, None, ()), self.around) if len(arguments) > 1 else "0"
        return reference_aggregates.aggregate(call.function, placed, number_of(parameter) or 0.0)

    def pattern(self, command: syntax.Pattern) -> None:
        self.check(command.subject)
        found = patterns([value_of(command.subject, row, self.around) for row in self.rows])
        self.columns = ["@pattern", "@sampleCount", "@ratio", "@severityLabel"]
        self.has_fields, self.displayed, self.is_grouped = True, None, True
        self.around = replace(self.around, named=set(self.columns), times=set())
        self.rows = [
            Row(dict(zip(self.columns, cells, strict=True)), None, (place,)) for place, cells in enumerate(found)
        ]

    def answer_columns(self) -> list[str]:
        if self.displayed is not None:
            return self.displayed
        return self.columns if self.has_fields else list(dict.fromkeys(["@timestamp", "@message", *self.columns]))


def glob_parts(text: str, literals: Sequence[str]) -> list[str] | None:
    """What the stars of a glob stand for: each literal is the first one after the literal before it."""
    place = text.find(literals[0])
    if place < 0:
        return None
    place += len(literals[0])
    found = []
    for number, literal in enumerate(literals[1:], start=1):
        is_rest = not literal and number == len(literals) - 1
        end = len(text) if is_rest else text.find(literal, place)
        if end < 0:
            return None
        found.append(text[place:end])
        place = end + len(literal)
    return found


def evaluate(
    query: syntax.Query,
    records: Sequence[Record],
    start_ms: int,
    end_ms: int,
    now_ms: int,
    limit: int | None,
    account_id: str,
) -> tuple[list[str], list[Cells], list[str | None]]:
    """The columns, the rows and each row's pointer (None after `stats`)."""
    inside = [(place, record) for place, record in enumerate(records) if start_ms <= record.timestamp_ms <= end_ms]
    inside.sort(key=lambda each: (each[1].timestamp_ms, each[0]), reverse=True)
    rows = [Row({}, fields_of(record, account_id), (place,), record.pointer) for place, record in inside]
    evaluation = Evaluation(Surroundings(query.text, start_ms, end_ms, now_ms), rows)
    for command in query.commands:
        evaluation.run(command)
    most = _DEFAULT_LIMIT if limit is None else limit
    if limit is None and any(isinstance(command, syntax.Limit) for command in query.commands):
        most = len(evaluation.rows)
    kept = evaluation.rows[:most]
    columns = evaluation.answer_columns()
    cells = [tuple(reference_values.answer_text(look_up(column, row)) for column in columns) for row in kept]
    return columns, cells, [row.pointer for row in kept]
