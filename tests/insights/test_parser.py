"""Queries and the trees or the errors that they make."""

import pytest

from lambdatop.insights import syntax
from lambdatop.insights.parser import parse_query
from lambdatop.insights.syntax import QuerySyntaxError


def failure_of(text: str) -> tuple[str, str]:
    """What an error says, and the piece of the query that it points at."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(text)
    return caught.value.message, text[caught.value.span.start : caught.value.span.end]


def test_a_report_query_is_read() -> None:
    query = parse_query('filter @type = "REPORT" | stats avg(@duration), pct(@duration, 95) as p95 by bin(5m)')

    condition, stats = query.commands
    assert isinstance(condition, syntax.Filter)
    assert isinstance(stats, syntax.Stats)
    assert [column.name for column in stats.aggregates] == ["avg(@duration)", "p95"]
    assert [column.name for column in stats.groups] == ["bin(5m)"]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("stats count(*) by | limit 3", "Expected a field, a value or a function after 'by', found '|'.", "|"),
        ("stat count(*)", "There is no command 'stat'. Did you mean stats?", "stat"),
        ("stats cuont(*)", "There is no function 'cuont'. Did you mean count?", "cuont"),
        ("limit 0", "A limit is a number from 1 to 100000, found 0.", "0"),
        ("", "Expected a command such as fields, filter or stats, found the end of the query.", ""),
    ],
)
def test_an_error_says_what_was_expected_and_where(text: str, message: str, place: str) -> None:
    assert failure_of(text) == (message, place)
