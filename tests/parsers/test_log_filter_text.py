"""What is typed to filter a log, and what it makes of a filter."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import FieldCondition, LogFilter, TextCondition
from lambdatop.parsers.log_filter_text import (
    Condition,
    ConditionError,
    LevelCondition,
    PartCondition,
    condition_text,
    conditions_of,
    parse_condition,
    with_condition,
    without_condition,
)

KNOWN = tuple(FunctionKey("1", "eu-west-1", name) for name in ("checkout", "checkout-worker", "pay[1]", "search"))
STREAMS = (
    "2026/11/20/[41]0a0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
    "2026/11/21/[42]0b0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
    "2026/11/21/[$LATEST]1c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("no stock", TextCondition("no stock")),
        ("  No stock ", TextCondition("No stock")),
        ("!healthcheck", TextCondition("healthcheck", is_excluded=True)),
        ("- healthcheck", TextCondition("healthcheck", is_excluded=True)),
        ("/time(d )?out/", TextCondition("time(d )?out", is_regex=True)),
        ("!/GET|HEAD/", TextCondition("GET|HEAD", is_regex=True, is_excluded=True)),
        ("/orders/42", TextCondition("/orders/42")),
        ("//", TextCondition("//")),
        ('"level:warn"', TextCondition("level:warn")),
        (r'"say \"hi\""', TextCondition('say "hi"')),
        ('!"!"', TextCondition("!", is_excluded=True)),
        ("order.id:42", FieldCondition("order.id", "42")),
        ("order.id=42", FieldCondition("order.id", "42")),
        ("customer:Jo Doe", FieldCondition("customer", "Jo Doe")),
        ('customer:"Jo: Doe"', FieldCondition("customer", "Jo: Doe")),
        ("!path:/health*", FieldCondition("path", "/health*", is_excluded=True)),
        ("@l:Error", FieldCondition("@l", "Error")),
        ("x-correlation-id:c", FieldCondition("x-correlation-id", "c")),
        ("TypeError: x is undefined", TextCondition("TypeError: x is undefined")),
        ("lambda_runtime::layers", TextCondition("lambda_runtime::layers")),
        ("https://example.com/a", TextCondition("https://example.com/a")),
        ("arn:aws:lambda:eu-west-1", TextCondition("arn:aws:lambda:eu-west-1")),
        ("14:02", TextCondition("14:02")),
        ("failed order:7", TextCondition("failed order:7")),
        ("a==b", TextCondition("a==b")),
        ("level:warn", LevelCondition("WARN")),
        ("level=ERROR", LevelCondition("ERROR")),
        ("level>=warning", LevelCondition("WARN")),
        ("Level>=critical", LevelCondition("FATAL")),
        ("function:check*", PartCondition("function", ("check*",))),
        ("!function:search", PartCondition("function", ("search",), is_excluded=True)),
        ("stream:2026/11/21/[42]0b", PartCondition("stream", ("2026/11/21/[42]0b",))),
        ("version:41,42", PartCondition("version", ("41", "42"))),
        ("version:$LATEST", PartCondition("version", ("$LATEST",))),
        ("request:8f5e2c1a", PartCondition("request", ("8f5e2c1a",))),
        ("!request:8f5e2c1a", TextCondition("8f5e2c1a", is_excluded=True)),
    ],
)
def test_a_text_states_a_condition(text: str, condition: Condition) -> None:
    assert parse_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Say what to look for."),
        ("!", "Say what to hide after !."),
        ("order.id:", "Say a value after order.id:"),
        ("version:,", "Say a value after version:"),
        ('"open', "The text ends without its closing quote."),
        ('""', "Say what to look for between the quotes."),
        ("level:loud", "loud is no level; say trace, debug, info, warn, error or fatal."),
        ("!level:warn", "Levels are hidden from below: say level>=warn for this level and above."),
        ("order.total>=5", "Only level takes >=; say order.total:5 for one value, * for any part of it."),
        ("!version:42", "A version cannot be hidden; say version: with those to show, such as version:41,42."),
        ("/a(/", "Not a regular expression: missing ), unterminated subpattern at position 1."),
    ],
)
def test_what_is_no_condition_is_told_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConditionError) as told:
        parse_condition(text)
    assert str(told.value) == sentence


def filtered(*texts: str) -> LogFilter:
    log_filter = LogFilter()
    for text in texts:
        log_filter = with_condition(log_filter, parse_condition(text), functions=KNOWN, streams=STREAMS)
    return log_filter


def test_conditions_stack_and_one_said_twice_counts_once() -> None:
    assert filtered("a", "!b", "a", "k:v", "k:v", "level:warn", "level:error", "request:r") == LogFilter(
        texts=(TextCondition("a"), TextCondition("b", is_excluded=True)),
        fields=(FieldCondition("k", "v"),),
        least_level="ERROR",
        request_id="r",
    )
    assert filtered("level:warn", "level:trace").least_level is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("function:checkout", ["checkout"]),
        ("function:check", ["checkout", "checkout-worker"]),
        ("function:CHECK*er", ["checkout-worker"]),
        ("function:*c*", ["checkout", "checkout-worker", "search"]),
        ("function:pay[1]", ["pay[1]"]),
        ("function:*[1]", ["pay[1]"]),
        ("function:search,pay", ["pay[1]", "search"]),
        ("!function:check*", ["pay[1]", "search"]),
    ],
)
def test_functions_are_meant_by_name_beginning_or_glob(text: str, names: list[str]) -> None:
    assert [key.name for key in filtered(text).functions] == names


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"stream:{STREAMS[1]}", [1]),
        ("stream:2026/11/21", [1, 2]),
        ("stream:*[42]*", [1]),
        ("stream:0a0c", [0]),
        ("!stream:2026/11/20", [1, 2]),
    ],
)
def test_log_streams_are_meant_by_name_beginning_glob_or_environment(text: str, places: list[int]) -> None:
    assert filtered(text).log_streams == tuple(STREAMS[place] for place in places)


def test_names_that_nothing_has_are_told() -> None:
    for text, sentence in (
        ("function:cart", "No function is called cart."),
        ("!function:*", "That hides every function."),
        ("stream:2025", "No log stream is called 2025."),
        ("!stream:2026", "That hides every log stream."),
    ):
        with pytest.raises(ConditionError, match=sentence.replace("*", "[*]")):
            filtered(text)


def test_where_streams_are_not_known_only_a_whole_name_will_do() -> None:
    named = parse_condition(f"stream:{STREAMS[0]}")
    assert with_condition(LogFilter(), named).log_streams == (STREAMS[0],)
    for text in ("stream:2026*", f"!stream:{STREAMS[0]}"):
        with pytest.raises(ConditionError, match="Say the whole name"):
            with_condition(LogFilter(), parse_condition(text))


WORDS = st.text(st.sampled_from('ab:=!-/"\\ *.{[(é数>,'), min_size=1, max_size=8).filter(
    lambda text: bool(text.strip())
)
CONDITIONS = st.one_of(
    st.builds(TextCondition, WORDS, st.just(False), st.booleans()),
    st.builds(FieldCondition, st.sampled_from(["a", "order.id", "@l"]), WORDS, st.booleans()),
    st.sampled_from([TextCondition("a|b/", is_regex=True), TextCondition("/", is_regex=True, is_excluded=True)]),
    st.sampled_from([LevelCondition("WARN"), LevelCondition("FATAL")]),
    st.sampled_from([PartCondition("request", ("r",)), PartCondition("version", ("41", "$LATEST"))]),
)


@given(CONDITIONS)
def test_a_condition_is_typed_as_it_reads(condition: Condition) -> None:
    assert parse_condition(condition_text(condition)) == condition


@given(st.lists(CONDITIONS, max_size=5))
def test_a_filter_is_its_conditions(conditions: list[Condition]) -> None:
    log_filter = LogFilter()
    for condition in conditions:
        log_filter = with_condition(log_filter, condition)
    again = LogFilter()
    for condition in conditions_of(log_filter):
        again = with_condition(again, parse_condition(condition_text(condition)))
    assert again == log_filter
    for condition in conditions_of(log_filter):
        log_filter = without_condition(log_filter, condition)
    assert log_filter == LogFilter()


@given(st.text(max_size=30) | st.text(st.sampled_from('!-/"level:>=function*(['), max_size=20))
def test_any_text_is_a_condition_or_a_sentence(text: str) -> None:
    with suppress(ConditionError):
        with_condition(LogFilter(), parse_condition(text), functions=KNOWN, streams=STREAMS)
