"""The text of a query read into its tree, or an error that says what was expected where.

The grammar, with words in any letter case; white space and comments (`#` to the end of the line) stand between tokens:

    query      = [ source "|" ] command { "|" command }
    source     = "SOURCE" "logGroups" "(" [ part { "," part } ] ")"
    part       = ( "namePrefix" | "accountIdentifier" | "class" ) ":" ( text | "[" [ text { "," text } ] "]" )
    command    = "fields" columns | "display" columns | ( "filter" | "where" ) expression
               | "stats" columns [ [ "group" ] "by" columns ]
               | "sort" [ "by" ] key { "," key } | "limit" [ "any" ] number
               | "parse" [ expression ] ( text "as" names | regex [ "as" names ] )
               | "dedup" expression { "," expression } | "unnest" expression "into" name
               | "pattern" expression | "estimate"
    columns    = column { "," column }
    column     = expression [ "as" name ]
    key        = expression [ "asc" | "desc" ]
    names      = name { "," name }

    expression = conjunct { "or" conjunct }
    conjunct   = negation { "and" negation }
    negation   = "not" negation | comparison
    comparison = sum { ( "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" ) sum
                     | ( "like" | "not" "like" | "=~" ) ( text | regex )
                     | [ "not" ] "in" "[" sum { "," sum } "]" }
    sum        = product { ( "+" | "-" ) product }
    product    = sign { ( "*" | "/" | "%" ) sign }
    sign       = ( "-" | "!" ) sign | power
    power      = operand [ "^" sign ]
    operand    = name { "[" digits "]" [ name ] } | text | number | "true" | "false"
               | function "(" [ argument { "," argument } ] ")" | "(" expression ")"
    argument   = expression | "*" (of count) | period (of bin, datefloor, dateceil) | regex (of regexReplace)
    name       = letters, digits, "_", "@", "." or anything between back-ticks, parts of both joined by "."
"""

from collections.abc import Callable

from lambdatop.insights import syntax
from lambdatop.insights.column_parser import check_without_aggregates, parse_columns, parse_stats
from lambdatop.insights.expression_parser import parse_expression
from lambdatop.insights.literals import is_name, name_of
from lambdatop.insights.parse_command import parse_parse
from lambdatop.insights.source_parser import parse_source
from lambdatop.insights.syntax import Query, QuerySyntaxError, Span
from lambdatop.insights.token_cursor import TokenCursor, did_you_mean, quoted, unsupported
from lambdatop.insights.vocabulary import COMMANDS

LONGEST_QUERY = 10_000
"""Characters of a query: `queryString` of StartQuery."""
MOST_ROWS = 100_000
"""The largest `limit`."""
MOST_STATS = 10
"""How many `stats` a query may have."""


_FOLLOWING: dict[type[syntax.Command], str] = {
    syntax.Fields: "',', 'as' or '|'",
    syntax.Display: "',', 'as' or '|'",
    syntax.Filter: "an operator or '|'",
    syntax.Stats: "',', 'as', 'by' or '|'",
    syntax.Sort: "',', 'asc', 'desc' or '|'",
    syntax.Dedup: "',' or '|'",
}
_WORDS = ("and", "asc", "by", "desc", "like")


def parse_query(text: str) -> Query:
    """Read a query; QuerySyntaxError where it cannot be understood or asks for what is not run here."""
    if len(text) > LONGEST_QUERY:
        raise QuerySyntaxError(f"A query has at most {LONGEST_QUERY} characters.", Span(LONGEST_QUERY, len(text)))
    cursor = TokenCursor(text)
    source = parse_source(cursor) if cursor.is_word("source") else None
    if source is not None and cursor.token is None:
        raise cursor.expected("'|' and a command")
    if source is not None:
        cursor.take_sign("|")
    commands = [_command(cursor)]
    while cursor.token is not None:
        if not cursor.took_sign("|"):
            raise cursor.expected(_FOLLOWING.get(type(commands[-1]), "'|' or the end of the query"), _WORDS)
        commands.append(_command(cursor))
    _check_order(commands)
    return Query(text, source, tuple(commands))


def _command(cursor: TokenCursor) -> syntax.Command:
    token = cursor.token
    if token is None:
        raise cursor.expected("a command such as fields, filter or stats")
    word = COMMANDS.get(token.text.lower()) if token.kind == "command" else None
    if word is None:
        hint = did_you_mean(token.text, (each.name for each in COMMANDS.values() if each.is_run_here))
        if is_name(token) and hint:
            raise QuerySyntaxError(f"There is no command {quoted(token.text)}.{hint}", cursor.here())
        raise cursor.expected("a command such as fields, filter or stats")
    if word.name == "SOURCE":
        raise QuerySyntaxError("SOURCE must be the first command.", cursor.here())
    if not word.is_run_here:
        raise unsupported(f"the command {word.name}", cursor.here())
    cursor.take()
    return _READERS[word.name](cursor, token.start)


def _fields(cursor: TokenCursor, start: int) -> syntax.Fields:
    return syntax.Fields(parse_columns(cursor), cursor.span_from(start))


def _display(cursor: TokenCursor, start: int) -> syntax.Display:
    return syntax.Display(parse_columns(cursor), cursor.span_from(start))


def _filter(cursor: TokenCursor, start: int) -> syntax.Filter:
    condition = parse_expression(cursor)
    check_without_aggregates(condition)
    return syntax.Filter(condition, cursor.span_from(start))


def _sort(cursor: TokenCursor, start: int) -> syntax.Sort:
    cursor.took_word("by")
    keys: list[syntax.SortKey] = []
    while not keys or cursor.took_sign(","):
        key_start = cursor.start
        expression = parse_expression(cursor)
        check_without_aggregates(expression)
        is_descending = cursor.took_word("desc")
        if not is_descending:
            cursor.took_word("asc")
        keys.append(syntax.SortKey(expression, is_descending, cursor.span_from(key_start)))
    return syntax.Sort(tuple(keys), cursor.span_from(start))


def _limit(cursor: TokenCursor, start: int) -> syntax.Limit:
    is_any = cursor.took_word("any")
    token = cursor.token
    if token is None or token.kind != "number" or not token.text.isdigit():
        raise cursor.expected("a number of rows")
    if not 1 <= int(token.text) <= MOST_ROWS:
        raise QuerySyntaxError(f"A limit is a number from 1 to {MOST_ROWS}, found {token.text}.", cursor.here())
    cursor.take()
    return syntax.Limit(int(token.text), is_any, cursor.span_from(start))


def _dedup(cursor: TokenCursor, start: int) -> syntax.Dedup:
    keys = [parse_expression(cursor)]
    while cursor.took_sign(","):
        keys.append(parse_expression(cursor))
    for key in keys:
        check_without_aggregates(key)
    return syntax.Dedup(tuple(keys), cursor.span_from(start))


def _unnest(cursor: TokenCursor, start: int) -> syntax.Unnest:
    subject = parse_expression(cursor)
    check_without_aggregates(subject)
    if not cursor.took_word("into"):
        raise cursor.expected("'into' and a name")
    token = cursor.token
    if token is None or not is_name(token):
        raise cursor.expected("a name")
    return syntax.Unnest(subject, name_of(cursor.take()), cursor.span_from(start))


def _pattern(cursor: TokenCursor, start: int) -> syntax.Pattern:
    subject = parse_expression(cursor)
    check_without_aggregates(subject)
    return syntax.Pattern(subject, cursor.span_from(start))


def _estimate(cursor: TokenCursor, start: int) -> syntax.Estimate:
    if cursor.token is not None:
        raise QuerySyntaxError("estimate must be the last command.", cursor.span_from(start))
    return syntax.Estimate(cursor.span_from(start))


_READERS: dict[str, Callable[[TokenCursor, int], syntax.Command]] = {
    "fields": _fields,
    "display": _display,
    "filter": _filter,
    "where": _filter,
    "stats": parse_stats,
    "sort": _sort,
    "limit": _limit,
    "parse": parse_parse,
    "dedup": _dedup,
    "unnest": _unnest,
    "pattern": _pattern,
    "estimate": _estimate,
}


def _check_order(commands: list[syntax.Command]) -> None:
    """Refuse what may not follow one another."""
    stats = [command for command in commands if isinstance(command, syntax.Stats)]
    if len(stats) > MOST_STATS:
        raise QuerySyntaxError(f"A query has at most {MOST_STATS} stats, found {len(stats)}.", stats[MOST_STATS].span)
    for index, command in enumerate(commands):
        later = commands[index + 1 :]
        if isinstance(command, syntax.Dedup):
            _check_after_dedup(later)
        elif isinstance(command, syntax.Sort | syntax.Limit):
            _check_before_stats(command, later)


def _check_after_dedup(later: list[syntax.Command]) -> None:
    for command in later:
        if not isinstance(command, syntax.Limit | syntax.Estimate):
            raise QuerySyntaxError("After dedup only limit can follow.", command.span)


def _check_before_stats(command: syntax.Sort | syntax.Limit, later: list[syntax.Command]) -> None:
    if any(isinstance(each, syntax.Stats) for each in later):
        word = "sort" if isinstance(command, syntax.Sort) else "limit"
        raise QuerySyntaxError(f"{word} must come after the last stats.", command.span)
