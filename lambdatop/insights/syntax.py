"""What a query says, as a tree: `parser.parse_query` makes it, everything else reads it.

Spans are offsets into the text of the query, so that an error, a column's name and an editor's mark can point at it.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Span(NamedTuple):
    """A stretch of the query's text; `end` is excluded."""

    start: int
    end: int


class QuerySyntaxError(ValueError):
    """A query that cannot be understood, or that asks for what is not supported; the message is one sentence."""

    def __init__(self, message: str, span: Span, *, is_unsupported: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.is_unsupported = is_unsupported
        """Whether Logs Insights knows it, and only this implementation does not."""


@dataclass(frozen=True, slots=True)
class Name:
    """A field or an alias, without back-ticks: `@timestamp`, `record.metrics.durationMs`, `items.0.id`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, such as `1000`, `0.5`, `1e3`; a sign before it is an operator."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """A string between single or double quotes, its escapes resolved."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true` or `false`."""

    value: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Regex:
    r"""A regular expression between slashes, `\/` in it being a slash; flags are inline, such as `(?i)`."""

    pattern: str
    span: Span


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time such as `5m` or `1h`, its unit one of ms s m h d w mo q y."""

    count: int
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class Star:
    """The star of `count(*)`."""

    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an aggregate, its name in lower case; `vocabulary.FUNCTIONS` says which there are.

    What has several names has the one of its `Function` here: `pct` for `percentile`.
    """

    function: str
    arguments: tuple["Expression", ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x` or `not x`."""

    operator: Literal["-", "not"]
    operand: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic, comparison or logic; `==` is read as `=`."""

    operator: Literal["+", "-", "*", "/", "^", "%", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
    left: "Expression"
    right: "Expression"
    span: Span


@dataclass(frozen=True, slots=True)
class Like:
    """`x like "text"`, `x like /regex/` and `=~`, which say the same."""

    subject: "Expression"
    pattern: Text | Regex
    is_negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Membership:
    """`x in [a, b]` and `x not in [a, b]`."""

    subject: "Expression"
    items: tuple["Expression", ...]
    is_negated: bool
    span: Span


Expression = Name | Number | Text | Boolean | Regex | Period | Star | Call | Unary | Binary | Like | Membership


@dataclass(frozen=True, slots=True)
class Column:
    """An expression with the name of what it makes: its alias, else its text as it was written."""

    expression: Expression
    name: str
    is_alias: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Source:
    """`SOURCE logGroups(namePrefix: […])`; first of all commands where it is there."""

    name_prefixes: tuple[str, ...]
    account_ids: tuple[str, ...]
    log_group_classes: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Fields:
    """`fields a, b + c as d`."""

    columns: tuple[Column, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Display:
    """`display a, b`: the columns of the answer; the last one counts."""

    columns: tuple[Column, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Filter:
    """`filter condition`, also written `where`."""

    condition: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Stats:
    """`stats aggregate as a, … by group, bin(5m)`; an aggregate may be arithmetic over aggregates."""

    aggregates: tuple[Column, ...]
    groups: tuple[Column, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of a sort; ascending unless it says otherwise."""

    expression: Expression
    is_descending: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Sort:
    """`sort a desc, b`."""

    keys: tuple[SortKey, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Limit:
    """`limit 20`; `limit any 20` takes the first that are found."""

    count: int
    is_any: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ParseGlob:
    """`parse @message "user=*, id=*" as user, id`; `literals` has one more than `names`."""

    subject: Expression
    literals: tuple[str, ...]
    names: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ParseRegex:
    """`parse @message /(?<user>…)/`, the names being those of its groups, or given by `as`."""

    subject: Expression
    regex: Regex
    names: tuple[str, ...]
    span: Span
    groups: tuple[int, ...] = ()
    """For each name the number of its group, as in `re`: all groups that capture count, from 1."""


@dataclass(frozen=True, slots=True)
class Dedup:
    """`dedup a, b`: the first row of each combination."""

    keys: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Unnest:
    """`unnest list into name`: a row for each item."""

    subject: Expression
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Pattern:
    """`pattern @message`: lines of one shape together."""

    subject: Expression
    span: Span


@dataclass(frozen=True, slots=True)
class Estimate:
    """`estimate`: how many bytes the query would scan; the last command."""

    span: Span


Command = (
    Fields | Display | Filter | Stats | Sort | Limit | ParseGlob | ParseRegex | Dedup | Unnest | Pattern | Estimate
)


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query."""

    text: str
    source: Source | None
    commands: tuple[Command, ...]
