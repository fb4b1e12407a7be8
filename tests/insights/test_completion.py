"""What is offered at a place in a query; the caret is written as ‸."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.insights.completion import Completions, completions

FIELDS = ("level", "foo-bar", "@message", "user.name", "@aws.tag.a:b", "in")


def offered(text: str) -> Completions:
    """What is offered at the caret."""
    return completions(text.replace("‸", ""), text.index("‸"), FIELDS)


def texts(text: str) -> list[str]:
    """The texts that are offered at the caret."""
    return [item.text for item in offered(text).items]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("‸", ["fields", "filter", "stats"]),
        ("fi‸", ["fields", "filter", "filterIndex"]),
        ("fields a | st‸", ["stats"]),
        ("fields a |‸", ["fields", "filter", "stats"]),
        ("stats ‸", ["count(*)", "avg(", "count("]),
        ("stats COUNT‸", ["count(*)", "count(", "count_distinct("]),
        ("stats max(a) as m, ‸", ["count(*)", "avg("]),
        ("stats avg(dur‸", ["@duration", "@billedDuration", "@initDuration"]),
        ("stats avg(a) by ‸", ["bin(", "level", "`foo-bar`", "user.name", "@`aws.tag.a:b`", "`in`", "@timestamp"]),
        ("stats avg(a) by bin(‸", ["1m", "5m", "10m"]),
        ("stats avg(a) by bin(5‸)", ["5m", "15m"]),
        ("fields datefloor(@timestamp, ‸", ["1m", "5m"]),
        ("stats avg(a) ‸", ["as", "by"]),
        ("stats avg(a) by b ‸", ["as"]),
        ("fields a | sort a ‸", ["desc", "asc"]),
        ("sort a d‸", ["desc"]),
        ("filter level ‸", ["and", "or", "like", "not like"]),
        ("unnest a ‸", ["into"]),
        ("filter lev‸", ["level"]),
        ("filter Lev‸", ["level"]),
        ("filter foo‸", ["`foo-bar`"]),
        ("filter `f‸", ["`foo-bar`"]),
        ("filter `foo‸-bar`", []),
        ("filter @ty‸", ["@type"]),
        ("filter name‸", ["user.name"]),
        ("fields toupp‸er(a)", []),
        ("fields upper‸(a)", ["toupper"]),
        ("fields now‸", ["now()"]),
    ],
)
def test_what_is_offered_first(text: str, first: list[str]) -> None:
    assert texts(text)[: len(first)] == first


@pytest.mark.parametrize(
    "text",
    [
        "filter a = 'fi‸'",
        "filter a = 'fi‸",
        "filter a like /fi‸/",
        "filter a like /fi‸",
        "fields a # fi‸",
        "fields a as f‸",
        "parse @message '*,*' as f, ‸",
        "limit 2‸",
        "limit ‸",
        "filter a > 5‸",
        "filter a in [l‸",
        "filter a like ‸",
        "unknown ‸",
    ],
)
def test_nothing_is_offered_where_no_word_can_stand(text: str) -> None:
    assert texts(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("fields a as b, c as d-x | filter ‸", ["b", "d"]),
        ('parse @message "*,*" as u, v | filter ‸', ["u", "v"]),
        ("parse @message /(?<res>.)(?:x)(?P<two>.)/ | filter ‸", ["res", "two"]),
        ("unnest items into item | filter ‸", ["item"]),
        ("parse @message '*' as `b-c` | filter ‸", ["`b-c`"]),
        ("fields ( | filter a as b | filter ‸", ["b"]),
    ],
)
def test_names_that_the_query_made_come_first(text: str, names: list[str]) -> None:
    items = offered(text).items[: len(names)]

    assert [item.text for item in items] == names
    assert {item.kind for item in items} == {"alias"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "fields x as gone | stats count(*) as n, max(b)/2 by bin(5m), level | sort ‸",
            ["bin(5m)", "level", "n", "max(b)/2"],
        ),
        ("stats max(a) as m by b + 1 | filter ‸", ["`b + 1`", "m"]),
        ("stats count(*) as n by b | fields n * 2 as twice | sort ‸", ["b", "n", "twice"]),
        ("pattern @message | sort ‸", ["@pattern", "@sampleCount", "@ratio"]),
    ],
)
def test_after_stats_only_its_columns_and_functions_are_offered(text: str, names: list[str]) -> None:
    items = offered(text).items

    assert [item.text for item in items if item.kind != "function"] == names


def test_the_whole_word_around_the_caret_is_replaced() -> None:
    offer = offered("fields tou‸xyz, b")

    assert (offer.start, offer.end) == (7, 13)
    assert [item.text for item in offer.items] == ["toupper("]


def test_a_word_that_is_whole_is_offered_nothing_but_longer_ones() -> None:
    assert texts("fields level‸") == []
    assert texts("filter‸") == ["filterIndex"]
    assert texts("fields‸") == []


def test_a_memory_field_says_its_unit() -> None:
    summaries = {item.text: item.summary for item in offered("filter @mem‸").items}

    assert summaries == {"@memorySize": "The memory of the function. In bytes."}


@given(st.text(alphabet=st.sampled_from("|\"'/`#()[] \nstatsfields by@.=,5m*as")), st.integers(0, 40))
def test_any_place_in_any_text_can_be_asked_for(text: str, offset: int) -> None:
    place = min(offset, len(text))

    offer = completions(text, place, FIELDS)

    assert 0 <= offer.start <= place <= offer.end <= len(text)
    assert len(set(offer.items)) == len(offer.items)
