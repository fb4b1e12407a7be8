"""Questions about lines: around a place, from match to match, with counts, whole or in steps."""

from msgspec.structs import replace

from lambdatop.engine.answering import ANSWER_INTERVAL_MS, SLOW_INTERVAL_MS, Answering
from lambdatop.engine.log_reading import LogReading
from lambdatop.model.delivery import FunctionsDelivered, LogEventsDelivered, PatternReading
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FIRST_KEY, LAST_KEY, LineKey, LogFilter, TextCondition, key_of_time
from lambdatop.model.question import Answer, LogAnswer, LogQuestion, PushedPattern
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store

NOW_MS = 1_795_000_000_000
SCOPE = Scope("123456789012", "eu-west-1")
CHECKOUT = FunctionKey(*SCOPE, "checkout")
STREAM = "2026/11/21/[$LATEST]0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
TENS = LogFilter(texts=(TextCondition("line 0", is_excluded=True), TextCondition("0")))
"""Of a hundred lines, 10, 20 to 90."""


def archive_of(numbers: range | tuple[int, ...], max_lines: int = 10_000) -> LogArchive:
    """Lines whose number is their millisecond, in small blocks."""
    archive = LogArchive(max_lines, block_lines=4)
    add(archive, *numbers)
    return archive


def add(archive: LogArchive, *numbers: int) -> None:
    index = archive.function_index(CHECKOUT)
    events = [LogEvent(STREAM, number, f"line {number}", number + 5) for number in numbers]
    archive.append([(index, event) for event in events])


def question(**parts: object) -> LogQuestion:
    return replace(LogQuestion(topic="logs", number=1), **parts)


def answers(
    archive: LogArchive, asked: LogQuestion, store: Store | None = None, step_text_bytes: int = 1_000_000
) -> list[LogAnswer]:
    """All that is said until there is no more to say."""
    reading = LogReading(asked, store or Store(NOW_MS), archive, step_text_bytes)
    found = []
    while not reading.is_done:
        answer = reading.step(NOW_MS)
        assert answer is not None
        found.append(answer)
    return found


def whole(archive: LogArchive, asked: LogQuestion, store: Store | None = None) -> LogAnswer:
    return answers(archive, asked, store)[-1]


def times(answer: Answer) -> list[int]:
    assert isinstance(answer, LogAnswer)
    return [line.timestamp_ms for line in answer.page.lines]


def test_a_page_lies_around_its_place_with_what_is_above_and_below() -> None:
    answer = whole(archive_of(range(100)), question(place=key_of_time(50), lines_before=3, lines_from=2))

    assert times(answer) == [47, 48, 49, 50, 51]
    assert (answer.page.lines_before, answer.lines_above, answer.lines_below) == (3, 47, 48)
    assert (answer.lines_held, answer.lines_fallen_off, answer.oldest_ms) == (100, 0, 0)
    assert (answer.is_found, answer.matches, answer.matches_before, answer.problem) == (None, None, None, None)


def test_the_last_lines_and_the_first() -> None:
    archive = archive_of(range(100))

    assert times(whole(archive, question(lines_before=3))) == [97, 98, 99]
    assert times(whole(archive, question(place=FIRST_KEY, lines_from=3))) == [0, 1, 2]


def test_what_has_fallen_off_is_counted() -> None:
    answer = whole(archive_of(range(100), max_lines=30), question(lines_before=3))

    assert answer.lines_held + answer.lines_fallen_off == 100
    assert answer.lines_held <= 30
    assert answer.oldest_ms == answer.lines_fallen_off
    assert answer.lines_above == answer.lines_held - 3


def test_a_filter_counts_only_what_it_lets_through() -> None:
    answer = whole(
        archive_of(range(100)), question(log_filter=TENS, place=key_of_time(50), lines_before=1, lines_from=1)
    )

    assert times(answer) == [40, 50]
    assert (answer.lines_above, answer.lines_below) == (3, 4)


def test_a_filter_that_lets_nothing_through_says_so_with_zeros() -> None:
    nothing = LogFilter(texts=(TextCondition("nowhere"),))
    answer = whole(archive_of(range(100)), question(log_filter=nothing, place=key_of_time(50), lines_before=9))

    assert answer.page.is_complete
    assert (answer.page.lines, answer.lines_above, answer.lines_below) == ((), 0, 0)


def test_matches_are_counted_in_all_and_before_the_place() -> None:
    answer = whole(archive_of(range(100)), question(place=key_of_time(50), lines_from=2, counted=TENS))

    assert (answer.matches, answer.matches_before) == (9, 4)


def test_seeking_goes_strictly_beyond_the_place_in_either_direction() -> None:
    archive = archive_of(range(100))
    (at,) = archive.page(TENS, key_of_time(50), 0, 1).lines

    forward = whole(archive, question(place=at.key, seek=TENS, lines_before=1, lines_from=2, counted=TENS))
    backward = whole(archive, question(place=at.key, seek=TENS, lines_before=1, lines_from=2, is_backward=True))

    assert (forward.is_found, forward.place.timestamp_ms, times(forward)) == (True, 60, [59, 60, 61])
    assert forward.matches_before == 5
    assert (backward.is_found, backward.place.timestamp_ms, times(backward)) == (True, 40, [39, 40, 41])


def test_lines_of_one_millisecond_are_each_found() -> None:
    archive = archive_of((7, 7, 7))
    place, visited = FIRST_KEY, []
    for _ in range(4):
        answer = whole(archive, question(place=place, seek=LogFilter(), lines_from=1))
        visited.append((answer.is_found, answer.place))
        place = answer.place

    assert visited == [(True, LineKey(7, 1)), (True, LineKey(7, 2)), (True, LineKey(7, 3)), (False, LineKey(7, 3))]


def test_the_place_stays_where_nothing_is_found() -> None:
    archive, place = archive_of(range(100)), key_of_time(95)
    forward = whole(archive, question(place=place, seek=TENS, lines_from=2))
    backward = whole(archive, question(place=key_of_time(5), seek=TENS, lines_from=2, is_backward=True))

    assert (forward.is_found, forward.place, times(forward)) == (False, place, [95, 96])
    assert (backward.is_found, times(backward)) == (False, [5, 6])


def test_what_was_found_or_not_stays_so_while_the_question_stands() -> None:
    archive = archive_of(range(100))
    found = LogReading(question(place=key_of_time(15), seek=TENS, lines_from=1), Store(NOW_MS), archive)
    missed = LogReading(question(place=key_of_time(95), seek=TENS, lines_from=1), Store(NOW_MS), archive)
    found.step(NOW_MS)
    missed.step(NOW_MS)
    (ten,) = archive.page(TENS, key_of_time(10), 0, 1).lines
    archive.append(
        [(archive.function_index(CHECKOUT), LogEvent(STREAM, time_ms, ten.message, 0)) for time_ms in (17, 99)]
    )
    found.begin_again()
    missed.begin_again()

    again, still_missed = found.step(NOW_MS), missed.step(NOW_MS)

    assert again is not None
    assert still_missed is not None
    assert (again.is_found, times(again)) == (True, [20])
    assert (still_missed.is_found, times(still_missed)) == (False, [95])


def test_the_page_comes_first_and_its_counts_follow() -> None:
    asked = question(log_filter=TENS, place=key_of_time(50), lines_before=1, lines_from=1, counted=TENS)
    said = answers(archive_of(range(100)), asked, step_text_bytes=1)

    assert said[-1] == whole(archive_of(range(100)), asked)
    assert said[0].page.is_complete is False
    first_whole = next(answer for answer in said if answer.page.is_complete)
    assert (first_whole.lines_above, first_whole.lines_below, first_whole.matches) == (None, None, None)
    assert first_whole.page == said[-1].page
    assert {answer.number for answer in said} == {1}


def test_a_search_in_steps_finds_the_same_and_says_that_it_is_under_way() -> None:
    archive = archive_of(range(100))
    asked = question(place=FIRST_KEY, seek=LogFilter(texts=(TextCondition("line 88"),)), lines_before=2, lines_from=2)
    said = answers(archive, asked, step_text_bytes=1)

    assert len(said) > 5
    assert {answer.is_found for answer in said[:-1]} >= {None}
    assert said[0].is_found is None
    assert said[-1] == whole(archive_of(range(100)), asked)
    assert times(said[-1]) == [86, 87, 88, 89]


def test_a_pattern_that_is_none_is_said_and_ends_the_work() -> None:
    broken = LogFilter(texts=(TextCondition("(", is_regex=True),))
    shown = []
    for asked in (question(log_filter=broken), question(seek=broken), question(counted=broken, lines_before=2)):
        reading = LogReading(asked, Store(NOW_MS), archive_of(range(100)))
        answer = reading.step(NOW_MS)
        assert answer is not None
        assert reading.is_done
        assert (answer.problem or "").startswith("Not a regular expression")
        reading.begin_again()
        assert reading.is_done
        shown.append(times(answer))
    assert shown == [[], [], [98, 99]]


class Desk:
    """Questions about lines that stand."""

    def __init__(self, *numbers: int) -> None:
        self.archive = archive_of(numbers)
        self.answering = Answering(Store(NOW_MS), self.archive)

    def answer(self, now_ms: int) -> Answer | None:
        due_ms = self.answering.next_due_ms(now_ms)
        return self.answering.step(now_ms) if due_ms is not None and due_ms <= now_ms else None


def test_followed_lines_come_soon_and_late_ones_where_they_belong() -> None:
    desk = Desk(10, 20)
    desk.answering.ask(question(lines_before=4))
    first = desk.answer(NOW_MS)
    add(desk.archive, 30, 15)

    assert desk.answer(NOW_MS + ANSWER_INTERVAL_MS - 1) is None
    second = desk.answer(NOW_MS + ANSWER_INTERVAL_MS)

    assert first is not None
    assert second is not None
    assert times(first) == [10, 20]
    assert times(second) == [10, 15, 20, 30]
    assert isinstance(second, LogAnswer)


def test_lines_around_a_fixed_place_are_looked_at_less_often() -> None:
    desk = Desk(10, 20)
    desk.answering.ask(question(place=key_of_time(10), lines_from=4))
    desk.answer(NOW_MS)
    add(desk.archive, 15)

    assert desk.answer(NOW_MS + SLOW_INTERVAL_MS - 1) is None
    again = desk.answer(NOW_MS + SLOW_INTERVAL_MS)
    assert again is not None
    assert times(again) == [10, 15, 20]


def test_a_question_that_takes_the_place_of_another_is_answered_by_its_own_number() -> None:
    desk = Desk(10, 20)
    desk.answering.ask(question(lines_before=1))
    desk.answer(NOW_MS)
    desk.answering.ask(question(number=2, place=LAST_KEY, lines_before=2))

    answer = desk.answer(NOW_MS)

    assert answer is not None
    assert (answer.number, times(answer)) == (2, [10, 20])


def test_the_answer_says_of_which_functions_only_platform_lines_are_read_and_since_when_the_others_are_full() -> None:
    store, archive = Store(NOW_MS), archive_of(range(10))
    names = ("checkout", "payment", "stock", "unread")
    keys = tuple(FunctionKey(*SCOPE, name) for name in names)
    groups = tuple(LambdaFunction(key=key, log_group=f"/aws/lambda/{key.name}") for key in keys)
    store.apply(FunctionsDelivered(scope=SCOPE, functions=groups), NOW_MS)
    for name, full_from_ms in (("checkout", 500), ("payment", 700), ("stock", None)):
        store.apply(swept(name, full_from_ms), NOW_MS)

    of_all = whole(archive, question(lines_before=1), store)
    of_two = whole(archive, question(log_filter=LogFilter(functions=keys[:2]), lines_before=1), store)
    store.apply(swept("payment", None), NOW_MS)
    of_two_later = whole(archive, question(log_filter=LogFilter(functions=keys[:2]), lines_before=1), store)

    assert (of_all.functions_read, of_all.functions_in_part, of_all.in_part_count) == (3, keys[2:3], 1)
    assert (of_two.functions_read, of_two.in_part_count, of_two.full_from_ms) == (2, 0, 700)
    assert (of_two_later.functions_in_part, of_two_later.full_from_ms) == (keys[1:2], 500)


def test_the_answer_says_how_far_reading_is_left_to_a_pattern_and_counts_a_shared_group_once() -> None:
    store, archive = Store(NOW_MS), archive_of(range(10))
    keys = tuple(FunctionKey(*SCOPE, name) for name in ("checkout", "payment", "refund", "stock"))
    groups = tuple(
        LambdaFunction(key=key, log_group=f"/aws/lambda/{name}")
        for key, name in zip(keys, ("checkout", "payment", "payment", "stock"), strict=True)
    )
    store.apply(FunctionsDelivered(scope=SCOPE, functions=groups), NOW_MS)
    refused = PatternReading(pattern="WARN", problem="refused")
    store.apply(swept("checkout", None, PatternReading(pattern="WARN", lines=3, from_ms=700)), NOW_MS)
    store.apply(swept("payment", None, PatternReading(pattern="WARN", lines=4, from_ms=500)), NOW_MS)
    store.apply(swept("stock", 100, refused), NOW_MS)

    answer = whole(archive, question(lines_before=1), store)
    assert answer.pattern == PushedPattern(
        pattern="WARN", functions=keys[:3], function_count=3, lines=7, from_ms=500, problem="refused"
    )
    assert (answer.functions_read, answer.in_part_count, answer.full_from_ms) == (4, 0, 100)

    store.apply(swept("payment", None), NOW_MS)
    one = whole(archive, question(log_filter=LogFilter(functions=keys[:2]), lines_before=1), store)
    assert one.pattern == PushedPattern(pattern="WARN", functions=keys[:1], function_count=1, lines=3, from_ms=700)
    assert one.functions_in_part == keys[1:2], "the pattern was taken away"
    other = whole(archive, question(log_filter=LogFilter(functions=keys[1:2]), lines_before=1), store)
    assert other.pattern is None


def test_what_live_tail_brings_says_nothing_of_a_pattern() -> None:
    store = Store(NOW_MS)
    function = LambdaFunction(key=CHECKOUT, log_group="/aws/lambda/checkout")
    store.apply(FunctionsDelivered(scope=SCOPE, functions=(function,)), NOW_MS)
    store.apply(swept("checkout", None, PatternReading(pattern="WARN", lines=3, from_ms=700)), NOW_MS)
    store.apply(replace(swept("checkout", None), swept_to_ms=None), NOW_MS)

    assert [state.pattern for _, state in store.patterns_of((CHECKOUT,))] == [
        PatternReading(pattern="WARN", lines=3, from_ms=700)
    ]


def swept(name: str, full_from_ms: int | None, pattern: PatternReading | None = None) -> LogEventsDelivered:
    return LogEventsDelivered(
        scope=SCOPE,
        pattern=pattern,
        log_group=f"/aws/lambda/{name}",
        events=[],
        depth="platform" if full_from_ms is None else "full",
        swept_to_ms=1_000,
        full_from_ms=full_from_ms,
    )


def test_a_regular_expression_that_would_never_end_is_given_up_and_said() -> None:
    archive = archive_of(range(1))
    archive.append([(archive.function_index(CHECKOUT), LogEvent(STREAM, 5, "a" * 60 + "!", 0))])
    endless = LogFilter(texts=(TextCondition("(a|a)*$", is_regex=True),))

    shown = whole(archive, question(lines_before=5, counted=endless))

    assert (shown.problem or "").startswith("This regular expression takes too long")
    assert times(shown) == [0, 5]
