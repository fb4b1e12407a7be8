"""The words of the language, against each other and against the parser."""

import pytest

from lambdatop.insights.parser import parse_query
from lambdatop.insights.syntax import QuerySyntaxError
from lambdatop.insights.vocabulary import AGGREGATES, AUTOMATIC_FIELDS, COMMANDS, FUNCTIONS, PERIOD_UNITS, Function


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_signature_has_as_many_arguments_as_the_function_takes(function: Function) -> None:
    arguments = [each for each in function.signature.partition("(")[2].rstrip(")").split(", ") if each]

    if "…" in arguments or function.name == "count":
        assert function.least <= len(arguments)
    else:
        assert len(arguments) == function.most
    assert function.summary.endswith(".")


def test_every_name_of_a_function_leads_to_one_that_has_its_own_name() -> None:
    assert {FUNCTIONS[name].name for name in ("percentile", "pct")} == {"pct"}
    assert all(FUNCTIONS[function.name.lower()] is function for function in FUNCTIONS.values())
    assert {"avg", "count_distinct", "countdistinct", "latest"} <= AGGREGATES


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_read_or_said_not_to_be_run_here(name: str) -> None:
    word = COMMANDS[name]

    with pytest.raises(QuerySyntaxError) as caught:
        parse_query(f"{word.name} |")
    assert caught.value.is_unsupported is not word.is_run_here


def test_infrequent_access_refuses_what_the_documentation_says() -> None:
    refused = {word.name for word in COMMANDS.values() if word.is_refused_by_infrequent_access}

    assert refused == {"pattern", "diff", "filterIndex", "unmask"}


def test_memory_is_in_bytes_and_durations_are_in_milliseconds() -> None:
    units = {field.name: field.unit for field in AUTOMATIC_FIELDS.values() if field.unit}

    assert units == {
        "@duration": "ms",
        "@billedDuration": "ms",
        "@initDuration": "ms",
        "@memorySize": "bytes",
        "@maxMemoryUsed": "bytes",
    }


@pytest.mark.parametrize(("written", "unit"), PERIOD_UNITS.items())
def test_a_unit_of_time_is_read_in_all_its_spellings(written: str, unit: str) -> None:
    query = parse_query(f"fields bin(7{written})")

    assert f"unit='{unit}'" in repr(query.commands)
