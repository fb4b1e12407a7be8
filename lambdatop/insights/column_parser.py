"""The columns that `fields`, `display` and `stats` list: an expression each, with or without a name of its own."""

from lambdatop.insights import syntax
from lambdatop.insights.expression_parser import parse_expression
from lambdatop.insights.expression_walk import walk
from lambdatop.insights.literals import is_name, name_of
from lambdatop.insights.syntax import Column, Expression, QuerySyntaxError
from lambdatop.insights.token_cursor import TokenCursor, compact, quoted, unsupported
from lambdatop.insights.vocabulary import AGGREGATES, FUNCTIONS


def parse_columns(cursor: TokenCursor) -> tuple[Column, ...]:
    """One column or more between commas, none of them with an aggregate."""
    columns = _columns(cursor)
    for column in columns:
        check_without_aggregates(column.expression)
    return columns


def parse_stats(cursor: TokenCursor, start: int) -> syntax.Stats:
    """What follows the word `stats`."""
    aggregates = _columns(cursor, is_aggregated=True)
    following = cursor.following
    if cursor.is_word("group") and following is not None and following.text.lower() == "by":
        cursor.take()
    groups = parse_columns(cursor) if cursor.took_word("by") else ()
    if cursor.is_word("offset"):
        raise unsupported("an offset of bin", cursor.here())
    known = {column.name for column in groups}
    for column in aggregates:
        _check_aggregate(column, known)
        known.add(column.name)
    _check_topk(aggregates, groups)
    cursor.stats_columns = {
        compact(cursor.text[each.expression.span.start : each.expression.span.end]): each.name
        for each in (*groups, *aggregates)
        if not each.is_alias
    }
    return syntax.Stats(aggregates, groups, cursor.span_from(start))


def check_without_aggregates(expression: Expression) -> None:
    """Refuse an aggregate, for a place that is not in `stats`."""
    for each in walk(expression):
        if isinstance(each, syntax.Call) and each.function in AGGREGATES:
            name = FUNCTIONS[each.function].name
            raise QuerySyntaxError(f"{name} is an aggregate, which can stand only in stats.", each.span)


def _columns(cursor: TokenCursor, *, is_aggregated: bool = False) -> tuple[Column, ...]:
    columns = [_column(cursor, is_aggregated=is_aggregated)]
    while cursor.took_sign(","):
        columns.append(_column(cursor, is_aggregated=is_aggregated))
    return tuple(columns)


def _column(cursor: TokenCursor, *, is_aggregated: bool) -> Column:
    start = cursor.start
    expression = parse_expression(cursor, is_aggregated=is_aggregated)
    written = cursor.text[start : cursor.end]
    if cursor.took_word("as"):
        token = cursor.token
        if token is None or not is_name(token):
            raise cursor.expected("a name")
        cursor.take()
        return Column(expression, name_of(token), is_alias=True, span=cursor.span_from(start))
    is_plain = isinstance(expression, syntax.Name) and "`" in written and "[" not in written
    name = expression.name if is_plain and isinstance(expression, syntax.Name) else written
    return Column(expression, name, is_alias=False, span=cursor.span_from(start))


def _check_aggregate(column: Column, known: set[str]) -> None:
    """Refuse a column of stats that neither aggregates nor is computed from what stands before it."""
    is_aggregated = False
    for each in walk(column.expression):
        if isinstance(each, syntax.Call) and each.function in AGGREGATES:
            is_aggregated = True
            _check_not_nested(each)
    if is_aggregated:
        return
    names = [each for each in walk(column.expression) if isinstance(each, syntax.Name)]
    for name in names:
        if name.name not in known:
            message = f"Expected an aggregate such as count(*) in stats, found {quoted(name.name)}."
            raise QuerySyntaxError(message, name.span)
    if not names:
        raise QuerySyntaxError("Expected an aggregate such as count(*) in stats, found a value.", column.span)


def _check_topk(aggregates: tuple[Column, ...], groups: tuple[Column, ...]) -> None:
    """Refuse what the service refuses beside `topk`: other aggregates, and groups."""
    calls = [each for column in aggregates for each in walk(column.expression) if isinstance(each, syntax.Call)]
    for call in calls:
        if call.function == "topk" and (groups or len(aggregates) > 1):
            raise QuerySyntaxError(
                "topk stands alone in its stats, without other aggregates and without by.", call.span
            )


def _check_not_nested(call: syntax.Call) -> None:
    for argument in call.arguments:
        for each in walk(argument):
            if isinstance(each, syntax.Call) and each.function in AGGREGATES:
                raise QuerySyntaxError("An aggregate cannot stand inside another.", each.span)
