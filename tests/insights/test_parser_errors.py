"""Queries that are refused: what is said, and which piece of the query is pointed at."""

import pytest

from lambdatop.insights.parser import parse_query
from lambdatop.insights.syntax import QuerySyntaxError


def refusal_of(text: str) -> tuple[str, str, bool]:
    """What an error says, the piece that it points at, and whether it is of what is not run here."""
    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(text)
    error = caught.value
    assert str(error) == error.message
    return error.message, text[error.span.start : error.span.end], error.is_unsupported


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "Expected a command such as fields, filter or stats, found the end of the query.", ""),
        ("# only this", "Expected a command such as fields, filter or stats, found the end of the query.", ""),
        ("fields a |", "Expected a command such as fields, filter or stats after '|', found the end of the query.", ""),
        ("| fields a", "Expected a command such as fields, filter or stats, found '|'.", "|"),
        ("@message", "Expected a command such as fields, filter or stats, found '@message'.", "@message"),
        ("stat count(*)", "There is no command 'stat'. Did you mean stats?", "stat"),
        ("fields a | filtr b", "There is no command 'filtr'. Did you mean filter?", "filtr"),
        (
            "stats topk(3, a), count(*)",
            "topk stands alone in its stats, without other aggregates and without by.",
            "topk(3, a)",
        ),
        (
            "stats topk(3, a) by b",
            "topk stands alone in its stats, without other aggregates and without by.",
            "topk(3, a)",
        ),
        ("stats cuont(*)", "There is no function 'cuont'. Did you mean count?", "cuont"),
        ("fields xyz(a)", "There is no function 'xyz'.", "xyz"),
        ("stats count(*) by | limit 3", "Expected a field, a value or a function after 'by', found '|'.", "|"),
        ("fields a,", "Expected a field, a value or a function after ',', found the end of the query.", ""),
        ("fields a b", "Expected ',', 'as' or '|' after 'a', found 'b'.", "b"),
        ("fields a as 'b'", "Expected a name after 'as', found \"'b'\".", "'b'"),
        ("fields 10.0.0.1", "Expected a field, a value or a function after 'fields', found '10.0.0.1'.", "10.0.0.1"),
        ("fields 5m", "Expected a field, a value or a function after 'fields', found '5m'.", "5m"),
        ("filter a = /x/", "Expected a field, a value or a function after '=', found '/x/'.", "/x/"),
        ("filter a adn b", "Expected an operator or '|' after 'a', found 'adn'. Did you mean and?", "adn"),
        ("filter a not b", "Expected 'like' or 'in' after 'not', found 'b'.", "b"),
        ("filter a like b", "Expected a string or a regular expression after 'like', found 'b'.", "b"),
        ("filter a in 'b'", "Expected '[' after 'in', found \"'b'\".", "'b'"),
        ("filter a in ['b' 'c']", "Expected ',' or ']' after \"'b'\", found \"'c'\".", "'c'"),
        ("filter a in [b = c]", "Expected ',' or ']' after 'b', found '='.", "="),
        ("filter a [0]", "Expected an operator or '|' after 'a', found '['.", "["),
        ("filter (a = 1", "Expected ')' after '1', found the end of the query.", ""),
        ("filter a = 1)", "Expected an operator or '|' after '1', found ')'.", ")"),
        ("filter js.a[x]", "Expected the place in a list, such as 0, after '[', found 'x'.", "x"),
        (
            'filter a = "abc | limit 1',
            "Expected a field, a value or a function after '=', found '\"abc | limit 1', which has no closing quote.",
            '"abc | limit 1',
        ),
        (
            "filter a like /abc",
            "Expected a string or a regular expression after 'like', found '/abc', which has no closing slash.",
            "/abc",
        ),
        (
            "fields `abc",
            "Expected a field, a value or a function after 'fields', found '`abc', which has no closing back-tick.",
            "`abc",
        ),
        (
            f"filter a = '{'x' * 40}",
            f"Expected a field, a value or a function after '=', found \"'{'x' * 28}…\", which has no closing quote.",
            f"'{'x' * 40}",
        ),
        ("fields abs()", "abs takes 1 argument, found 0.", "abs()"),
        ("fields now(1)", "now takes no arguments, found 1.", "now(1)"),
        ("fields substr(a)", "substr takes 2 to 3 arguments, found 1.", "substr(a)"),
        ("fields concat()", "concat takes 1 or more arguments, found 0.", "concat()"),
        ("fields abs(a b)", "Expected ',' or ')' after 'a', found 'b'.", "b"),
        ("stats count(*) by bin(300)", "Expected a period such as 5m or 1h after '(', found '300'.", "300"),
        ("stats count(*) by bin(5x)", "Expected a period such as 5m or 1h after '(', found '5x'.", "5x"),
        ("stats sum(*)", "Expected a field, a value or a function after '(', found '*'.", "*"),
        ("fields avg(a)", "avg is an aggregate, which can stand only in stats.", "avg(a)"),
        ("filter count(*) > 1", "count is an aggregate, which can stand only in stats.", "count(*)"),
        ("stats count(*) by max(a)", "max is an aggregate, which can stand only in stats.", "max(a)"),
        ("sort max(a)", "max is an aggregate, which can stand only in stats.", "max(a)"),
        ("stats avg(max(a))", "An aggregate cannot stand inside another.", "max(a)"),
        ("stats a by b", "Expected an aggregate such as count(*) in stats, found 'a'.", "a"),
        ("stats max(a) as b, c - b", "Expected an aggregate such as count(*) in stats, found 'c'.", "c"),
        ("stats 5", "Expected an aggregate such as count(*) in stats, found a value.", "5"),
        ("sort a desk", "Expected ',', 'asc', 'desc' or '|' after 'a', found 'desk'. Did you mean desc?", "desk"),
        ("limit", "Expected a number of rows after 'limit', found the end of the query.", ""),
        ("limit 2.5", "Expected a number of rows after 'limit', found '2.5'.", "2.5"),
        ("limit 0", "A limit is a number from 1 to 100000, found 0.", "0"),
        ("limit 100001", "A limit is a number from 1 to 100000, found 100001.", "100001"),
        (
            "parse @message",
            "Expected a string with stars or a regular expression after '@message', found the end of the query.",
            "",
        ),
        ("parse 'a*b*' as x", "The pattern has 2 stars, but 'as' gives 1 name.", "'a*b*'"),
        ("parse 'a' as x", "The pattern has no stars, but 'as' gives 1 name.", "'a'"),
        ("parse 'a'", "Expected a star in the pattern of parse.", "'a'"),
        ("parse /a(b)/", "Expected a named group such as (?<user>…) in the regular expression.", "/a(b)/"),
        ("parse /a(b)/ as x, y", "The regular expression has 1 group, but 'as' gives 2 names.", "/a(b)/"),
        ("unnest a", "Expected 'into' and a name after 'a', found the end of the query.", ""),
        ("dedup a | sort b", "After dedup only limit can follow.", "sort b"),
        ("limit 5 | stats count(*)", "limit must come after the last stats.", "limit 5"),
        ("sort a | fields b | stats count(*)", "sort must come after the last stats.", "sort a"),
        (" | ".join(["stats count(*) as n"] * 11), "A query has at most 10 stats, found 11.", "stats count(*) as n"),
        ("estimate | limit 5", "estimate must be the last command.", "estimate"),
        ("fields a | SOURCE logGroups()", "SOURCE must be the first command.", "SOURCE"),
        ("SOURCE logGroups()", "Expected '|' and a command after ')', found the end of the query.", ""),
        (
            "SOURCE logGroup()",
            "Expected logGroups(…) after 'SOURCE', found 'logGroup'. Did you mean logGroups?",
            "logGroup",
        ),
        (
            "SOURCE logGroups(prefix: ['a'])",
            "Expected namePrefix, accountIdentifier or class after '(', found 'prefix'. Did you mean namePrefix?",
            "prefix",
        ),
        (
            "SOURCE logGroups(namePrefix: ['a','b','c','d','e','f']) | fields a",
            "namePrefix takes at most 5 values, found 6.",
            "namePrefix",
        ),
        (
            "SOURCE logGroups(class: 'STANDART')",
            "A log class is STANDARD or INFREQUENT_ACCESS, found 'STANDART'. Did you mean STANDARD?",
            "'STANDART'",
        ),
        ("SOURCE logGroups(class: [], class: [])", "class is there twice.", "class"),
    ],
)
def test_an_error_says_what_was_expected_and_what_stands_there(text: str, message: str, place: str) -> None:
    assert refusal_of(text) == (message, place, False)


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ('filterIndex a = "b"', "the command filterIndex", "filterIndex"),
        ("fields a | diff", "the command diff", "diff"),
        ("pattern @message | anomaly", "the command anomaly", "anomaly"),
        ("unmask @message", "the command unmask", "unmask"),
        ("fields unmask(@message)", "the function unmask", "unmask"),
        ("join type=inner left=a right=b where a.x = b.x (SOURCE 'c' | fields x)", "the command join", "join"),
        ("lookup t a as b OUTPUT c", "the command lookup", "lookup"),
        ("json field=a 'b' as c", "the command json", "json"),
        ("filter a in (SOURCE 'b' | fields c)", "subqueries", "(SOURCE"),
        ("stats median(a)", "the function median", "median"),
        ("stats rate(a, 5m) by bin(5m)", "the function rate", "rate"),
        ("stats countOverTime(a) by bin(5m)", "the function count_over_time", "countOverTime"),
        ("stats count(*) by bin(5m) offset 1h", "an offset of bin", "offset"),
        ("parse @message logfmt as lf", "parse with logfmt", "logfmt"),
        ("parse csv as a, b", "parse with csv", "csv"),
        ("parse @message /(a)/ as b multi", "parse with multi", "multi"),
        ("fields jsonParse(a).b", "a part of what a function returns", ".b"),
        ("SOURCE '/aws/lambda/a' | fields b", "this form of SOURCE", "'/aws/lambda/a'"),
        ("SOURCE dataSource(['a']) | fields b", "this form of SOURCE", "dataSource"),
        ("SOURCE logGroups() START=-1h END=0s | fields b", "this form of SOURCE", "START"),
    ],
)
def test_what_only_the_service_runs_is_refused_as_such(text: str, what: str, place: str) -> None:
    message = f"Logs Insights knows {what}, but it is not run on this machine."

    assert refusal_of(text) == (message, place, True)
