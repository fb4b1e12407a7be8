"""A filter lets the same lines through as a plain list would, from any place, in any number of steps."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FieldCondition, LogFilter, TextCondition, key_of_time
from lambdatop.store.log_archive_text import InvalidPatternError
from tests.store.archived_lines import (
    FUNCTIONS,
    MESSAGES,
    REQUEST,
    SPAN_MS,
    STREAMS,
    archive,
    batches,
    every_line,
    filled,
    is_let_through,
)

Batches = list[list[tuple[int, LogEvent]]]
LITERALS = (
    "order", "Order", "order 17", "17", "er 1", "requestid: ", "RequestId: ", "\n", "\t", "über", "ß", "K\u212a", "k",
    REQUEST[3:20], "zzz", "a\x00b", '"level":"', " ", "",
)  # fmt: skip
REGEXES = (
    "^order", "17$", r"order\s\d+", r"\bcart\b", "[[e", "Cart|tea", "(?i)MILK", "", r"\A\Z", r"[^a]\n",
    r"order \d+ acc", "time(d )?out|Billed", "tra(ce|CE)|start", r"requestid: [^ ]+\s", "(?i)K$", r"(e)\w*\1", r"\x00",
    "(?m)^File|^ ", "gro(ß|ss)", "(?s)e.+T",
)  # fmt: skip
conditions = st.builds(TextCondition, st.sampled_from(LITERALS) | st.text(max_size=3), st.just(False), st.booleans())
patterns = st.builds(TextCondition, st.sampled_from(REGEXES[:4] + REGEXES[5:]), st.just(True), st.booleans())
filters = st.builds(
    LogFilter,
    texts=st.lists(conditions | patterns, max_size=2).map(tuple),
    least_level=st.sampled_from((None, "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")),
    hides_platform=st.booleans(),
    functions=st.lists(st.sampled_from(FUNCTIONS), max_size=2).map(tuple),
    log_streams=st.lists(st.sampled_from(STREAMS), max_size=2).map(tuple),
    versions=st.lists(st.sampled_from(("$LATEST", "7")), max_size=1).map(tuple),
    request_id=st.sampled_from((None, None, REQUEST)),
)
loose_filters = st.builds(LogFilter, texts=st.lists(conditions | patterns, max_size=2).map(tuple))


def meant(log_filter: LogFilter) -> LogFilter:
    """Without the conditions that say nothing, for the plain list."""
    return LogFilter(
        **{name: getattr(log_filter, name) for name in log_filter.__struct_fields__ if name != "texts"},
        texts=tuple(text for text in log_filter.texts if text.pattern),
    )


@settings(max_examples=400, deadline=None)
@given(
    batches, st.sampled_from((1, 4, 12)), filters | loose_filters, st.integers(-1, SPAN_MS), *[st.integers(0, 6)] * 2
)
def test_a_filtered_page_is_what_a_plain_list_lets_through(
    case: Batches, block_lines: int, log_filter: LogFilter, time_ms: int, before: int, after: int
) -> None:
    log_archive = filled(case, block_lines=block_lines)
    kept = [line for line in every_line(log_archive) if is_let_through(line, meant(log_filter))]
    place = sum(line.timestamp_ms < time_ms for line in kept)

    page = log_archive.page(log_filter, key_of_time(time_ms), before, after)

    assert list(page.lines) == kept[max(place - before, 0) : place + after]
    assert (page.lines_before, page.is_complete) == (min(before, place), True)
    assert log_archive.count(log_filter).lines == len(kept)


@settings(max_examples=150, deadline=None)
@given(batches, batches, filters | loose_filters)
def test_what_was_found_before_stays_true_as_lines_come_in(case: Batches, more: Batches, log_filter: LogFilter) -> None:
    log_archive = filled(case)
    for batch in more:
        log_archive.count(log_filter)
        log_archive.append(batch)

        kept = [line for line in every_line(log_archive) if is_let_through(line, meant(log_filter))]
        assert list(every_line(log_archive, log_filter)) == kept


@settings(max_examples=100, deadline=None)
@given(batches, loose_filters)
def test_steps_of_any_size_find_the_same_and_each_gets_on(case: Batches, log_filter: LogFilter) -> None:
    log_archive = filled(case)
    whole = every_line(filled(case), log_filter)
    examined = []
    while not (counted := log_archive.count(log_filter, step_text_bytes=1)).is_complete:
        examined.append(counted.lines_examined)

    assert counted.lines == len(whole)
    assert examined == sorted(examined)
    assert len(examined) <= 2 * len(every_line(log_archive))  # each of two conditions may be tried line by line


@settings(max_examples=100, deadline=None)
@given(batches, loose_filters, st.integers(0, SPAN_MS))
def test_a_page_in_steps_grows_without_a_gap(case: Batches, log_filter: LogFilter, time_ms: int) -> None:
    log_archive, place = filled(case), key_of_time(time_ms)
    whole = filled(case).page(log_filter, place, 5, 5)
    page = log_archive.page(log_filter, place, 5, 5, step_text_bytes=1)
    for _ in range(500):
        if page.is_complete:
            break
        start = whole.lines_before - page.lines_before
        assert page.lines == whole.lines[start : start + len(page.lines)]
        page = log_archive.page(log_filter, place, 5, 5, step_text_bytes=1)

    assert page == whole


def found_times(log_filter: LogFilter, *messages: str) -> list[int]:
    """The numbers of the messages that are let through, in an archive that packs nearly all."""
    log_archive = filled([[(0, LogEvent(STREAMS[0], number, message)) for number, message in enumerate(messages)]])
    return [line.timestamp_ms for line in every_line(log_archive, log_filter)]


@pytest.mark.parametrize(
    ("field", "value", "numbers"),
    [
        ("order.id", "17", [0, 1]),
        ("order.id", "17*", [0, 1, 2]),
        ("order.items", "milk", [0]),
        ("order.items", "Tea", []),
        ("order.items", "TEA", []),
        ("ok", "false", [1]),
        ("gone", "null", [3]),
        ("level", "info", [0, 4]),
        ("level", "30", [2]),
        ("message", "*accepted", [0]),
        ("message", "accepted", []),
        ("nothing", "*", []),
        ("", "x", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_a_field_has_a_value(field: str, value: str, numbers: list[int]) -> None:
    lines = (
        '{"level":"INFO","message":"order 17 accepted","order":{"id":17,"items":["tea","Milk"]}}',
        '{"level":"warn","message":"slow","order.id":"17","ok":false}',
        '{"level":30,"\\u006frder":{"\\u0069d":"17a"}}',
        '{"gone":null}',
        '2026-11-21T03:00:00.000Z\tundefined\tINFO\t{"level":"INFO","message":"slow again"}',
        "order.id:17",
    )

    assert found_times(LogFilter(fields=(FieldCondition(field, value),)), *lines) == numbers


def test_a_field_can_be_filtered_out() -> None:
    condition = FieldCondition("level", "info", is_excluded=True)

    assert found_times(LogFilter(fields=(condition,)), '{"level":"INFO"}', '{"level":"WARN"}', "text") == [1, 2]


@pytest.mark.parametrize(
    ("pattern", "is_regex", "numbers"),
    [
        ("cart", False, [0, 1, 2]),
        ("Cart", False, [1]),
        (r"c\w+t", True, [0, 1, 2]),
        (r"C\w+t", True, [1]),
        (r"\bcart\B", True, []),
        (r"\Scar", True, [3]),
        ("straße", False, [4]),
    ],
)
def test_a_pattern_in_lower_case_matches_any_case(pattern: str, is_regex: bool, numbers: list[int]) -> None:
    lines = "a cart", "a Cart", "a CART", "xcar", "STRAßE"

    assert found_times(LogFilter(texts=(TextCondition(pattern, is_regex),)), *lines) == numbers


def test_a_text_is_never_found_across_two_lines() -> None:
    assert found_times(LogFilter(texts=(TextCondition("onetwo"),)), *["one", "two"] * 40) == []
    assert found_times(LogFilter(texts=(TextCondition("e.t", is_regex=True),)), *["one", "two"] * 40) == []


def test_a_line_without_a_level_counts_as_info_and_a_failure_of_the_platform_as_error() -> None:
    assert len(found_times(LogFilter(least_level="INFO"), *MESSAGES)) == len(MESSAGES) - 1
    shown = found_times(LogFilter(least_level="ERROR", hides_platform=True), *MESSAGES)
    assert [MESSAGES[number][:12] for number in shown] == [
        "REPORT Reque",
        "2026-11-21T0",
        "2026-11-21T0",
        "[ERROR] KeyE",
    ]


def test_a_pattern_that_is_no_regular_expression_is_refused_in_a_sentence() -> None:
    with pytest.raises(InvalidPatternError, match=r"^Not a regular expression: missing \)"):
        archive().count(LogFilter(texts=(TextCondition("(", is_regex=True),)))


def test_a_function_that_the_archive_hears_of_after_its_filter_is_let_through() -> None:
    new = FUNCTIONS[0]._replace(name="new")
    log_archive = archive()
    assert every_line(log_archive, LogFilter(functions=(new,))) == ()

    log_archive.append([(log_archive.function_index(new), LogEvent("s", 1, "hello"))])

    assert [line.function for line in every_line(log_archive, LogFilter(functions=(new,)))] == [new]
