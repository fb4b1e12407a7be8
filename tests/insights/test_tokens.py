"""Texts cut into tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.insights.tokens import tokens_of


def kinds_of(text: str) -> list[tuple[str, str]]:
    """The tokens of a text but for its white space, as kind and text."""
    return [(token.kind, token.text) for token in tokens_of(text) if token.kind != "space"]


@given(st.one_of(st.text(), st.text(alphabet=st.sampled_from("|\"'/`#()[] \n\\statsparse@.=~,5m*^é"))))
def test_tokens_cover_any_text_without_gap_or_overlap(text: str) -> None:
    tokens = tokens_of(text)

    assert "".join(token.text for token in tokens) == text
    assert [token.start for token in tokens] == [0, *(token.end for token in tokens)][: len(tokens)]
    assert all(token.text == text[token.start : token.end] for token in tokens)


def test_words_are_told_apart_by_where_they_stand() -> None:
    assert kinds_of("stats count(*) as stats by @log, source | sort desc desc") == [
        ("command", "stats"),
        ("aggregate", "count"),
        ("bracket", "("),
        ("operator", "*"),
        ("bracket", ")"),
        ("keyword", "as"),
        ("field", "stats"),
        ("keyword", "by"),
        ("automatic", "@log"),
        ("comma", ","),
        ("field", "source"),
        ("pipe", "|"),
        ("command", "sort"),
        ("keyword", "desc"),
        ("keyword", "desc"),
    ]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("FILTER", ("command", "FILTER")),
        ("fields toUpper (", ("bracket", "(")),
        ("fields strlen", ("field", "strlen")),
        ("fields any", ("field", "any")),
        ("limit any", ("keyword", "any")),
        ("fields `a b`", ("ticked", "`a b`")),
        ("fields @`aws.tag.a:b`", ("ticked", "@`aws.tag.a:b`")),
        ("fields js.`user.id`.x", ("ticked", "js.`user.id`.x")),
        ("fields 12.5", ("number", "12.5")),
        ("fields 1e-3", ("number", "1e-3")),
        ("fields 15hrs", ("period", "15hrs")),
        ("fields 2xx", ("field", "2xx")),
        ("fields 10.0.0.1", ("error", "10.0.0.1")),
        ("fields 'a\\'b'", ("text", "'a\\'b'")),
        ("fields 'a\nb", ("field", "b")),
        ("fields a # b | c", ("comment", "# b | c")),
        ("fields '# a'", ("text", "'# a'")),
        ("filter a =~ /b/", ("regex", "/b/")),
        ("filter a != b", ("field", "b")),
        ("filter !", ("operator", "!")),
        ("filter a & b", ("field", "b")),
        ("filter &", ("error", "&")),
        ("filter é", ("error", "é")),
    ],
)
def test_the_last_token_of_a_text(text: str, last: tuple[str, str]) -> None:
    assert kinds_of(text)[-1] == last


@pytest.mark.parametrize(
    ("text", "regexes"),
    [
        (r"filter @message like /a\/b/ and c / d / e > 1", [r"/a\/b/"]),
        ("filter a =~ /x/ or b not like /y/", ["/x/", "/y/"]),
        ("parse @message /(?<a>.)/ | fields a / b / c", ["/(?<a>.)/"]),
        ("fields true / 2 / 3 | filter FALSE/a and b =~ /c/", ["/c/"]),
        ("parse concat(a, b / c / d) /(?<a>.)/", ["/(?<a>.)/"]),
        ("parse /(?<a>.)/", ["/(?<a>.)/"]),
        ("fields regexReplace(a, /b/, 'c') / 2", ["/b/"]),
        ("stats sum(a) / count(*) / 2", []),
        ("fields `a` / 'b' / 3", []),
        ("filter a like /b", []),
        ("filter (a | parse b /(?<c>.)/", ["/(?<c>.)/"]),
    ],
)
def test_a_slash_divides_after_an_operand_and_else_begins_a_regular_expression(text: str, regexes: list[str]) -> None:
    assert [token.text for token in tokens_of(text) if token.kind == "regex"] == regexes


def test_what_has_no_end_is_an_error_up_to_the_end_of_its_line() -> None:
    assert kinds_of("filter a like /b | limit 1\n| limit 2")[3:] == [
        ("error", "/b | limit 1"),
        ("pipe", "|"),
        ("command", "limit"),
        ("number", "2"),
    ]
