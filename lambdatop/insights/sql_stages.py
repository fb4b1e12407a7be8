"""A query as a chain of SELECTs, each over the one before, and what its rows have by then."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lambdatop.insights import syntax
from lambdatop.insights.expression_walk import walk
from lambdatop.insights.sql_expression import ExpressionCompiler, Surroundings
from lambdatop.insights.sql_fields import DOCUMENT, automatic_field, discovered_text, is_costly, json_pointers
from lambdatop.insights.sql_value import NULL, Kind, SqlValue, as_number, as_text, text_literal
from lambdatop.insights.syntax import Expression, QuerySyntaxError, Span


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One expression to sort by."""

    sql: str
    is_descending: bool

    def clause(self) -> str:
        """The key as it stands in ORDER BY: null is before all else."""
        return f"{self.sql} {'DESC NULLS LAST' if self.is_descending else 'ASC NULLS FIRST'}"


@dataclass(slots=True)
class Stages:
    """The SELECTs so far, and the names, the order and the columns that the rows of the last of them have."""

    around: Surroundings
    bodies: list[str]
    names: dict[str, SqlValue] = field(default_factory=dict)
    """What commands have named."""
    is_of_events: bool = True
    """Whether rows are events still, with the fields that events have."""
    order: list[OrderKey] = field(default_factory=lambda: [OrderKey("e_time", is_descending=True)])
    places: list[str] = field(default_factory=lambda: ["e_place"])
    """What puts equal rows in the order of loading."""
    items: list[str] = field(default_factory=list)
    """What puts the rows that `unnest` made of one row in the order of the list."""
    columns: list[str] = field(default_factory=list)
    has_fields: bool = False
    displayed: list[str] | None = None
    regexes: list[tuple[str, Span]] = field(default_factory=list)
    grouped: list[int] = field(default_factory=list)
    """Which SELECTs made rows into groups, with how many rows each has as `e_rows`."""
    has_all_matches: bool = False
    """Whether the first groups hold each event that matched, once."""
    matching: int = 0
    """The last SELECT that dropped events that did not match."""
    _extracted: dict[str, SqlValue] = field(default_factory=dict)
    _made: int = 0

    @property
    def source(self) -> str:
        """The name of the last SELECT."""
        return f"s{len(self.bodies) - 1}"

    def add(self, select: str, rest: str = "") -> None:
        """Put a SELECT over the last one: its columns, and what follows FROM."""
        self.bodies.append(f"SELECT {select} FROM {self.source} {rest}".rstrip())

    def fresh(self, letter: str) -> str:
        """A column name that nothing has yet."""
        self._made += 1
        return f"{letter}{self._made}"

    def expressions(
        self,
        aggregate: Callable[[syntax.Call], SqlValue] | None = None,
        look_up: Callable[[syntax.Name], SqlValue] | None = None,
    ) -> ExpressionCompiler:
        """A compiler of expressions over the rows of the last SELECT."""
        return ExpressionCompiler(self.around, look_up or self.look_up, self.written, aggregate, self.regexes)

    def written(self, expression: Expression) -> SqlValue | None:
        """After `stats`, the column that is called as the expression is written."""
        if self.is_of_events:
            return None
        text = self.around.text[expression.span.start : expression.span.end]
        return self.names.get(text) or self.names.get(f"({text})")

    def look_up(self, name: syntax.Name) -> SqlValue:
        """What a name means in the rows of the last SELECT."""
        known = self._named(name.name)
        if known is not None:
            return known
        if not self.is_of_events:
            message = f"After stats there is no field {name.name[:60]!r}, only the columns of stats."
            raise QuerySyntaxError(message, name.span)
        return self._extracted.get(name.name) or self._field(name.name)

    def _named(self, name: str) -> SqlValue | None:
        if name in self.names:
            return self.names[name]
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            whole = self.names.get(".".join(parts[:length]))
            if whole is not None and whole.kind is Kind.STRUCTURE:
                pointers = json_pointers(".".join(parts[length:]))
                found = [f"json_at({whole.sql}, {text_literal(pointer)})" for pointer in pointers]
                return SqlValue(f"COALESCE({', '.join(found)})", Kind.STRUCTURE)
            if whole is not None and not self.is_of_events:
                return NULL
        return None

    def _field(self, name: str) -> SqlValue:
        automatic = automatic_field(name, self.around.account_id)
        if automatic is not None:
            return automatic
        pointers = json_pointers(name)
        items = tuple(f"json_extract_string({DOCUMENT}, {text_literal(pointer)})" for pointer in pointers)
        return SqlValue(discovered_text(pointers, items), Kind.TEXT)

    def extract(self, expressions: Iterable[Expression]) -> None:
        """Take the fields that expressions name out of the message, once for all that follows."""
        if not self.is_of_events:
            return
        named = dict.fromkeys(
            each.name for expression in expressions for each in walk(expression) if isinstance(each, syntax.Name)
        )
        wanted = [name for name in named if name not in self._extracted and self._named(name) is None]
        in_json = [name for name in wanted if automatic_field(name, self.around.account_id) is None]
        for name in wanted:
            if is_costly(name):
                self._extracted[name] = self.column(self._field(name))
        if in_json:
            self._extract_json(in_json)

    def _extract_json(self, names: list[str]) -> None:
        """All of them with one reading of the document."""
        pointers = [(name, pointer) for name in names for pointer in json_pointers(name)]
        items = self.fresh("j")
        paths = ", ".join(text_literal(pointer) for _, pointer in pointers)
        self.add(f"*, json_extract_string({DOCUMENT}, [{paths}]) AS {items}")
        place = 0
        made = []
        for name in names:
            own = json_pointers(name)
            texts = tuple(f"{items}[{place + offset + 1}]" for offset in range(len(own)))
            place += len(own)
            column = self.fresh("c")
            made.append(f"{discovered_text(own, texts)} AS {column}")
            self._extracted[name] = SqlValue(column, Kind.TEXT)
        self.add(f"*, {', '.join(made)}")

    def column(self, value: SqlValue) -> SqlValue:
        """The value computed once, as a column of its own."""
        is_column = value.sql.isidentifier() and value.sql.islower()
        return value if is_column or value.constant is not None else self.new_column(value)

    def new_column(self, value: SqlValue) -> SqlValue:
        """The value as a column of its own, even where it is the same in every row."""
        name = self.fresh("c")
        self.add(f"*, {value.sql} AS {name}")
        return SqlValue(name, value.kind)

    def name(self, name: str, value: SqlValue) -> None:
        """Give a value a name that hides older ones."""
        self.names[name] = self.column(value)

    def show(self, names: Iterable[str]) -> None:
        """Add columns to the answer."""
        self.columns = list(dict.fromkeys([*self.columns, *names]))

    def order_clause(self) -> str:
        """ORDER BY what was asked for; equal rows as they were loaded, or in reverse where the first key falls."""
        is_falling = self.order[0].is_descending
        keys = [
            *self.order,
            *(OrderKey(place, is_falling) for place in self.places),
            *(OrderKey(item, is_descending=False) for item in self.items),
        ]
        return f"ORDER BY {', '.join(key.clause() for key in keys)}"

    def become_groups(self) -> None:
        """Rows are no events any more; they have a place of their own, and nothing else."""
        self.is_of_events = False
        self.names = {}
        self._extracted = {}
        self.columns = []
        self.has_fields, self.displayed = True, None
        self.order, self.places = [OrderKey("e_place", is_descending=False)], ["e_place"]
        self.items = []


def order_keys(value: SqlValue, *, is_descending: bool) -> list[OrderKey]:
    """What to sort by: null, then texts in natural order, then numbers."""
    if value.kind is Kind.STRUCTURE:
        value = SqlValue(as_text(value), Kind.TEXT)
    if value.kind is Kind.NUMERAL:
        return [OrderKey(as_number(value), is_descending)]
    if value.kind is not Kind.TEXT:
        return [OrderKey(value.sql, is_descending)]
    text, number = value.sql, f"text_number({value.sql})"
    keys = (
        f"CASE WHEN {text} IS NULL THEN 0 WHEN {number} IS NULL THEN 1 ELSE 2 END",
        number,
        f"CASE WHEN {number} IS NULL THEN natural_key({text}) END",
    )
    return [OrderKey(key, is_descending) for key in keys]
