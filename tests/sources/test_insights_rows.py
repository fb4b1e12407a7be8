"""The query's regular expression and the rows it finds."""

import re
import tomllib
from pathlib import Path

import pytest

from lambdatop.sources.insights_rows import REGEX, event_of, query_text
from lambdatop.sources.platform_pattern import TERMS, is_match

LINES = Path(__file__).parent.parent / "lines"


def corpus() -> list[str]:
    """Every log line of the specification of the formats, and pieces of each."""
    lines: list[str] = []
    for path in sorted(LINES.glob("*.toml")):
        lines.extend(text for case in walk(tomllib.loads(path.read_text())) for text in case)
    return lines


def walk(value: object) -> list[list[str]]:
    if isinstance(value, dict):
        return [found for one in value.values() for found in walk(one)]
    if isinstance(value, list):
        return [found for one in value for found in walk(one)]
    return [[value, value.lower(), value[1:], value[: len(value) // 2]]] if isinstance(value, str) else []


def test_the_regular_expression_finds_what_the_filter_pattern_finds() -> None:
    lines = corpus()
    wanted = [is_match(line) for line in lines]
    assert min(wanted.count(True), wanted.count(False)) > 100
    assert [re.search(REGEX, line) is not None for line in lines] == wanted


@pytest.mark.parametrize("term", TERMS)
def test_each_term_stands_for_itself_alone(term: str) -> None:
    assert re.search(REGEX, f"x{term}y")
    assert not re.search(REGEX, "platformX [XERRORX] Error:")


def test_the_query_holds_no_bar_that_could_part_its_commands() -> None:
    text = query_text(10)
    assert text.count("/") == 2
    commands = (text[: text.index("/")] + text[text.rindex("/") + 1 :]).split("|")
    assert [command.split()[0] for command in commands] == ["fields", "filter", "sort", "limit"]
    assert len(query_text(100_000)) < 10_000


def test_a_row_becomes_an_event_of_its_group() -> None:
    found = event_of(
        {
            "@timestamp": "2026-11-21 03:00:00.007",
            "@ingestionTime": "2026-11-21 03:00:01.250",
            "@logStream": "2026/11/21/[$LATEST]0",
            "@log": "123456789012:/aws/lambda/orders",
            "@message": "END RequestId: 1\n",
            "@ptr": "abc",
        }
    )
    assert found is not None
    group, event = found
    assert (group, event.log_stream, event.message) == (
        "/aws/lambda/orders",
        "2026/11/21/[$LATEST]0",
        "END RequestId: 1\n",
    )
    assert (event.timestamp_ms, event.ingestion_time_ms) == (1_795_230_000_007, 1_795_230_001_250)


@pytest.mark.parametrize("missing", ["@timestamp", "@message", "@log"])
def test_a_row_without_time_text_or_group_is_none(missing: str) -> None:
    row = {"@timestamp": "2026-11-21 03:00:00.007", "@message": "END", "@log": "1:/g"}
    assert event_of(row) is not None
    assert event_of({name: value for name, value in row.items() if name != missing}) is None
