"""What a screen is told of queries, those with errors too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.insights.parser import parse_query
from lambdatop.insights.query_facts import (
    QueryFacts,
    commands_in,
    facts_of,
    has_source,
    refused_by_infrequent_access,
)


def facts(text: str) -> QueryFacts:
    return facts_of(parse_query(text))


def test_the_bin_is_told_from_the_other_groups() -> None:
    told = facts("stats count(*) as n, avg(@duration) by fn, bin(5m) as t | sort t")

    assert told.bin_period is not None
    assert (told.bin_period.count, told.bin_period.unit) == (5, "m")
    assert told.bin_column == "t"
    assert told.group_columns == ("fn",)
    assert told.aggregate_columns == ("n", "avg(@duration)")
    assert told.is_aggregated


@pytest.mark.parametrize(
    ("text", "bin_column", "groups", "aggregates"),
    [
        ("stats count(*) by bin(5m)", "bin(5m)", (), ("count(*)",)),
        ("fields bin(1h) as hour | stats count(*) by hour, @log", "hour", ("@log",), ("count(*)",)),
        ("stats count(*) as n by bin(5m) as t, fn | stats sum(n) by t", "t", (), ("sum(n)",)),
        ("stats count(*) as n by bin(5m), fn | stats sum(n) by bin(5m)", "bin(5m)", (), ("sum(n)",)),
        ("stats count(*) as n by bin(5m) as t | stats max(n)", None, (), ("max(n)",)),
        ("stats count(*) as n by fn | fields n * 2 as twice", None, ("fn",), ("n", "twice")),
        ("stats count(*) as n, avg(x) as a by fn, bin(5m) | display bin(5m), a", "bin(5m)", (), ("a",)),
        ("fields @timestamp, @message", None, (), ()),
        ("fields bin(5m) as t | fields a as t | stats count(*) by t", None, ("t",), ("count(*)",)),
    ],
)
def test_the_columns_of_the_last_stats_are_named(
    text: str, bin_column: str | None, groups: tuple[str, ...], aggregates: tuple[str, ...]
) -> None:
    told = facts(text)

    assert (told.bin_column, told.group_columns, told.aggregate_columns) == (bin_column, groups, aggregates)


def test_fields_of_the_log_are_those_that_the_query_did_not_make() -> None:
    told = facts('parse @message "user=*" as user | filter level = "x" | stats count(*) as n by user, bin(5m) | sort n')

    assert told.fields == ("@message", "@timestamp", "level")


def test_a_name_inside_of_a_made_structure_is_no_field_of_the_log() -> None:
    assert facts("fields jsonParse(@message) as js | filter js.user.id = 1").fields == ("@message",)


def test_records_are_told_from_groups() -> None:
    assert not facts("filter a = 1 | dedup a | limit 7").is_aggregated
    assert facts("pattern @message").is_aggregated


def test_the_smallest_limit_counts() -> None:
    assert facts("limit 30 | limit 7").limit == 7
    assert facts("fields a").limit is None


def test_commands_are_found_in_a_text_with_errors() -> None:
    text = "SOURCE 'x' | fields unmask(@message) ( | Diff | filter \"a | pattern b\" = /| sort/ # | limit 1"

    assert commands_in(text) == ("SOURCE", "fields", "unmask", "diff", "filter")
    assert refused_by_infrequent_access(text) == ("unmask", "diff")


def test_a_field_that_is_called_like_a_command_is_none() -> None:
    assert commands_in("fields source, pattern | sort limit") == ("fields", "sort")
    assert not has_source("filter source = 1")
    assert has_source("source logGroups() | fields a")


@given(st.text(alphabet=st.sampled_from("|\"'/`#()[] \nstatsourcepadif@.=~,5m")))
def test_the_commands_of_any_text_can_be_asked_for(text: str) -> None:
    assert set(refused_by_infrequent_access(text)) <= set(commands_in(text))
