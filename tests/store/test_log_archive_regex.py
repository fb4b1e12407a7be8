"""Regular expressions over blocks of lines: what is spared, what is tried again, and how a step is kept short."""

import pytest

from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import LogFilter, TextCondition
from lambdatop.parsers.bounded_pattern import LINE_S, SECOND_TRY_S, BoundedPattern
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.log_archive_block import SEPARATOR
from lambdatop.store.log_archive_budget import BYTES_A_SECOND, Budget
from lambdatop.store.log_archive_regex import CALL_S, FAST_PACE_S, LEAST_PACE_S, RegexTest
from lambdatop.store.log_archive_text import BlockText, InvalidPatternError
from tests.store.archived_lines import PLAIN_BLOCKS, STREAMS

SLOW_LINE = "a" * 60 + "!"


def block_text(*lines: str) -> BlockText:
    return BlockText(SEPARATOR.join([line.encode() for line in lines]), len(lines))


def matching(test: RegexTest, *lines: str) -> list[int]:
    found = test.matching(block_text(*lines), range(len(lines)), Budget(10**12))
    assert found is not None
    return list(found)


def archive_of(*lines: str) -> LogArchive:
    log_archive = LogArchive(block_lines=64, plain_blocks=PLAIN_BLOCKS)
    log_archive.append([(0, LogEvent(STREAMS[0], number, line)) for number, line in enumerate(lines)])
    return log_archive


def regex_filter(pattern: str) -> LogFilter:
    return LogFilter(texts=(TextCondition(pattern, is_regex=True),))


@pytest.mark.parametrize("pace_s", [LEAST_PACE_S, 1e-8, 1e-6, 1e-5, 1e-4])
@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [
        (r"order \d+ kept", [1, 3, 6]),
        ("ORDER|Seek", [3]),
        (r"\d+", [1, 3, 6, 7]),
        (r"(\d)\1", [1]),
        ("^$", [2]),
        ("(?i)SEEK", [4, 5]),
        ("seek", [4, 5]),
        (r"\x00", [7]),
    ],
)
def test_the_same_lines_match_at_any_pace(pattern: str, numbers: list[int], pace_s: float) -> None:
    lines = ("tea", "order 11 kept", "", "ORDER 2 KEPT", "\u017fee\u212a", "seek", "order 3 \u212aept", "7\x008")
    for some in (lines, lines[:7]):
        test = RegexTest(pattern, is_excluded=False)
        test._pace_s = pace_s

        assert matching(test, *some) == [number for number in numbers if number < len(some)]


def test_only_lines_that_hold_the_literal_are_tried_where_trying_is_dear() -> None:
    test = RegexTest(r"[a-z]+ing order \d+", is_excluded=False)
    test._pace_s = FAST_PACE_S
    text = block_text(*["looking at the cart"] * 50, "paying order 17", *["the order"] * 50)
    candidates = test._candidates(text, range(text.count), Budget(1))

    assert list(candidates) == [50]


def test_a_literal_that_most_lines_hold_is_not_looked_for_in_the_next_blocks() -> None:
    test = RegexTest(r"[a-z]+ing order \d+", is_excluded=False)
    test._pace_s = FAST_PACE_S
    text, budget = block_text(*["paying order 17"] * 50), Budget(10**9)

    assert list(test._candidates(text, range(50), budget)) == list(range(50))
    spent = budget._left
    assert list(test._candidates(text, range(50), budget)) == list(range(50))
    assert budget._left == spent


@pytest.mark.parametrize("pattern", [r"missing order \d+", "time(d )?out|refused", r"KeyError: \w+"])
def test_a_block_without_the_words_of_a_literal_is_not_unpacked(pattern: str) -> None:
    log_archive = archive_of(*["the order of customer 17 holds tea, milk and bread"] * 40_000)

    assert log_archive.count(regex_filter(pattern), step_text_bytes=500_000).is_complete
    assert not log_archive.count(regex_filter(r"order .* of \d+"), step_text_bytes=500_000).is_complete


def test_letters_that_match_in_another_case_are_found_in_packed_blocks() -> None:
    lines = ["the order of customer 17 holds tea, milk and bread, as ever"] * 1_000
    lines[100], lines[300], lines[500] = "TASK 17 failed", "ta\u017f\u212a 18 failed", "task 19 failed"

    assert archive_of(*lines).count(regex_filter(r"task \d+ failed")).lines == 3


def test_a_step_stops_within_a_block_and_the_next_goes_on_from_there() -> None:
    log_archive = archive_of(*[f"{number}{number}" for number in range(100)])
    pattern = regex_filter(r"^(\d+)\1$")
    steps = 1
    while not (counted := log_archive.count(pattern, step_text_bytes=1)).is_complete:
        steps += 1

    assert counted.lines == 100
    assert 50 < steps <= 101


def test_what_is_under_way_in_a_block_that_changes_is_begun_anew() -> None:
    log_archive = archive_of(*["11", "12"] * 20)
    pattern = regex_filter(r"(\d)\1")
    for time_ms in range(10):
        log_archive.count(pattern, step_text_bytes=1)
        log_archive.append([(0, LogEvent(STREAMS[0], time_ms, "22"))])

    assert log_archive.count(pattern).lines == 30


def test_a_call_that_takes_too_long_is_paid_for_and_its_lines_are_tried_in_smaller_portions() -> None:
    test, limits = RegexTest("tea", is_excluded=False), []
    assert test._joined is not None
    find = test._joined.matching

    def matching_of(joined: str, limit_s: float) -> list[int]:
        limits.append((joined.count("tea"), limit_s))
        if joined.count("tea") > 20:
            raise TimeoutError
        return find(joined, limit_s)

    test._joined.matching = matching_of  # type: ignore[method-assign]
    budget = Budget(10**12)
    text = block_text(*["a cup of tea"] * 5_000)
    found = test.matching(text, range(5_000), budget)

    assert found == list(range(5_000))
    assert max(limit_s for _, limit_s in limits) <= CALL_S
    assert 10**12 - budget._left >= int(sum(limit_s for _, limit_s in limits) * BYTES_A_SECOND / 2)


def test_a_second_try_ends_a_step() -> None:
    test = RegexTest(r"(x)\1", is_excluded=False)
    tried: list[float] = []

    def search(_text: str, timeout: float, concurrent: bool) -> object:  # noqa: ARG001  as regex calls it
        tried.append(timeout)
        if timeout < SECOND_TRY_S:
            raise TimeoutError
        return object()

    test._pattern._search = search
    text, steps = block_text(*["xx"] * 5), 1
    while test.matching(text, range(5), Budget(8 * 1024 * 1024)) is None:
        steps += 1
        assert sum(timeout > SECOND_TRY_S for timeout in tried) == steps - 1

    assert steps == 5
    assert max(tried) < SECOND_TRY_S + 2 * LINE_S


def test_one_that_would_take_for_ever_is_refused_after_a_few_steps() -> None:
    log_archive = archive_of(*["a cup of tea"] * 2_000, *[SLOW_LINE] * 20)
    for _ in range(200):
        try:
            counted = log_archive.count(regex_filter("(a|aa)+$"))
        except InvalidPatternError as error:
            assert "takes too long" in str(error)  # noqa: PT017  it may take several steps to come
            return
        assert not counted.is_complete
    raise AssertionError


def test_no_pattern_is_tried_with_a_limit_longer_than_its_line_has() -> None:
    pattern, limits = BoundedPattern("a"), []
    pattern._search = lambda _text, timeout, concurrent: limits.append(timeout)  # noqa: ARG005  as regex calls it
    test = RegexTest(r"(a)\1", is_excluded=False)
    test._pattern, test._pace_s = pattern, 1e-4
    matching(test, "x" * 10_000)

    assert limits == [LINE_S + 10_000 * 1e-7]


def test_lines_are_tried_one_by_one_where_no_call_for_several_ends_in_time() -> None:
    test = RegexTest("t", is_excluded=False)
    assert test._joined is not None

    def never(joined: str, limit_s: float) -> list[int]:
        raise TimeoutError(joined, limit_s)

    test._joined.matching = never  # type: ignore[method-assign]
    text = block_text("t", "a", "t")
    answers = [test.matching(text, range(3), Budget(1)) for _ in range(20)]

    assert [0, 2] in answers
