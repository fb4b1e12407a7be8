"""The chips of a log filter, and what a function's log levels hide."""

import pytest

from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_line import FieldCondition, LogFilter, TextCondition
from lambdatop.parsers.log_filter_text import condition_text, conditions_of
from lambdatop.render.log_filter_words import condition_words, level_sentence
from lambdatop.render.span import line_text, line_width
from tests.hostile_text import HOSTILE

KEY = FunctionKey("1", "eu-west-1", "checkout")
STREAM = "2026/11/21/[42]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
FILTER = LogFilter(
    texts=(TextCondition("healthcheck", is_excluded=True), TextCondition("a+", is_regex=True), TextCondition("a:b")),
    fields=(FieldCondition("order.id", "42"),),
    least_level="WARN",
    hides_platform=True,
    functions=(KEY, KEY._replace(name="pay"), KEY._replace(name="search")),
    log_streams=(STREAM,),
    versions=("41", "42"),
    request_id="8f5e2c1a-0000-4000-8000-000000000001",
)


def chips(log_filter: LogFilter, given: LogFilter = LogFilter()) -> list[str]:  # noqa: B008  frozen
    return [line_text(chip) for chip in condition_words(log_filter, given)]


def test_each_condition_is_a_chip() -> None:
    assert chips(FILTER) == [
        "function checkout, pay +1",
        "stream 2026/11/21/[42]0c0c0c0c0…",
        "version 41, 42",
        "request 8f5e2c1a",
        "level>=WARN",
        "order.id:42",
        "!healthcheck",
        "/a+/",
        '"a:b"',
        "platform hidden",
    ]
    assert chips(LogFilter()) == []


def test_a_chip_can_be_typed_again() -> None:
    assert tuple(map(condition_text, conditions_of(FILTER))) == (
        "function:checkout,pay,search",
        f"stream:{STREAM}",
        "version:41,42",
        "request:8f5e2c1a-0000-4000-8000-000000000001",
        "level>=warn",
        "order.id:42",
        "!healthcheck",
        "/a+/",
        '"a:b"',
    )


def test_what_a_place_is_about_is_no_condition() -> None:
    given = LogFilter(functions=(KEY,))
    assert chips(LogFilter(functions=(KEY,), least_level="ERROR"), given) == ["level>=ERROR"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_chip_is_short_and_safe_whatever_was_typed(text: str) -> None:
    for chip in condition_words(
        LogFilter(texts=(TextCondition(text),), fields=(FieldCondition("a", text),), log_streams=(text,))
    ):
        assert line_width(chip) <= 32
        assert all(letter.isprintable() for letter in line_text(chip))


def levels(application: str | None, system: str | None, log_format: str = "JSON") -> str:
    function = LambdaFunction(
        key=KEY, log_format=log_format, application_log_level=application, system_log_level=system
    )
    return line_text(level_sentence(function) or ())


def test_what_a_functions_levels_hide_is_said() -> None:
    assert levels("WARN", "WARN") == (
        "JSON, application level WARN: INFO, DEBUG and TRACE lines are not logged; "
        "system level WARN hides START and successful REPORT"
    )
    assert levels("TRACE", "DEBUG") == "JSON, application level TRACE"
    assert levels("DEBUG", "INFO") == "JSON, application level DEBUG: TRACE lines are not logged"
    assert levels(None, None) == "JSON, application level INFO: DEBUG and TRACE lines are not logged"
    assert levels(None, None, "Text") == "Text log format: Lambda has no level for it, the code decides"


def test_of_a_function_known_by_its_logs_alone_no_level_is_said() -> None:
    assert level_sentence(LambdaFunction(key=KEY, is_listed=False)) is None
