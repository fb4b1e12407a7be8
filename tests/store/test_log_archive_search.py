"""The next and the previous match, error and time are found from any line, also while lines come in."""

from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FIRST_KEY, LAST_KEY, LineKey, LogFilter, TextCondition
from lambdatop.store.log_archive import LogArchive
from tests.store.archived_lines import FUNCTIONS, PLAIN_BLOCKS, STREAMS, archive

WORDS = ("tea", "milk", "bread", "TEA", "salt")


def with_words(lines: int = 400) -> LogArchive:
    log_archive = archive()
    log_archive.append([(0, LogEvent(STREAMS[0], number, WORDS[number % 5])) for number in range(lines)])
    return log_archive


def next_time(log_archive: LogArchive, log_filter: LogFilter, key: LineKey) -> int | None:
    lines = log_archive.page(log_filter, key.following, 0, 1).lines
    return lines[0].timestamp_ms if lines else None


def previous_time(log_archive: LogArchive, log_filter: LogFilter, key: LineKey) -> int | None:
    lines = log_archive.page(log_filter, key, 1, 0).lines
    return lines[0].timestamp_ms if lines else None


def test_the_next_and_the_previous_match_lie_strictly_beyond_a_line() -> None:
    log_archive, tea = with_words(), LogFilter(texts=(TextCondition("tea"),))
    key = log_archive.page(tea, LineKey(200, 0), 0, 1).lines[0].key

    assert (key.timestamp_ms, next_time(log_archive, tea, key), previous_time(log_archive, tea, key)) == (200, 203, 198)


def test_there_is_no_match_beyond_the_last_and_before_the_first() -> None:
    log_archive, tea = with_words(), LogFilter(texts=(TextCondition("tea"),))

    assert next_time(log_archive, tea, LAST_KEY) is None
    assert previous_time(log_archive, tea, FIRST_KEY) is None


def test_a_search_stays_within_what_a_filter_lets_through() -> None:
    log_archive = with_words()
    shown = LogFilter(texts=(TextCondition("TEA", is_excluded=True),))

    assert log_archive.count(shown.having(TextCondition("tea"))).lines == 80


def test_the_next_error_is_found_by_its_level() -> None:
    log_archive = with_words()
    log_archive.append([(1, LogEvent(STREAMS[1], 250, "[ERROR] KeyError: 'a'\nTraceback (most recent call last):\n"))])
    errors = LogFilter(least_level="ERROR")

    assert next_time(log_archive, errors, LineKey(100, 0)) == 250
    assert previous_time(log_archive, errors, LineKey(300, 0)) == 250
    assert next_time(log_archive, errors, LineKey(250, 401)) is None


def test_a_search_in_steps_sees_the_lines_that_come_in_meanwhile() -> None:
    log_archive, sought = with_words(), LogFilter(texts=(TextCondition("needle"),))
    assert not log_archive.count(sought, step_text_bytes=100).is_complete

    log_archive.append([(0, LogEvent(STREAMS[0], time_ms, "a needle")) for time_ms in (3, 200, 399, 500)])
    while not (counted := log_archive.count(sought, step_text_bytes=100)).is_complete:
        pass

    assert counted.lines == 4


def test_a_page_ends_before_its_end_and_nothing_beyond_is_looked_at() -> None:
    log_archive, tea = with_words(), LogFilter(texts=(TextCondition("tea"),))
    end = LineKey(30, 0)

    page = log_archive.page(tea, LineKey(20, 0), 1, 100, end=end)
    assert [line.timestamp_ms for line in page.lines] == [18, 20, 23, 25, 28]
    milk, place = LogFilter(texts=(TextCondition("milk"),)), LineKey(20, 0)
    assert log_archive.page(milk, place, 0, 100, step_text_bytes=2_000, end=end).is_complete
    assert not log_archive.page(milk, place, 0, 100, step_text_bytes=2_000).is_complete


def test_a_block_without_the_words_is_not_unpacked() -> None:
    log_archive = LogArchive(block_lines=64, plain_blocks=PLAIN_BLOCKS)
    line = "the cart of customer 17 holds tea, milk and bread"
    log_archive.append([(0, LogEvent(STREAMS[0], number, line)) for number in range(10_000)])
    step_text_bytes = 10_000 * len(line) // 4

    def is_counted_in_a_step(text: str) -> bool:
        return log_archive.count(LogFilter(texts=(TextCondition(text),)), step_text_bytes=step_text_bytes).is_complete

    assert all(map(is_counted_in_a_step, ("coffee", "cart of customer 1 ", "customer 18", "arte", "7 hold ")))
    assert not is_counted_in_a_step("tea and milk")


def test_what_was_found_in_blocks_that_are_gone_is_let_go_of() -> None:
    log_archive, sought = archive(max_lines=100), LogFilter(texts=(TextCondition("tea"),))
    for number in range(1_000):
        log_archive.append([(0, LogEvent(STREAMS[0], number - number % 7, "tea"))])
        log_archive.count(sought)

    (compiled,) = log_archive._compiled.values()
    assert set(compiled._found) == set(log_archive._blocks)


def test_a_filter_by_function_asks_only_the_blocks_that_have_it() -> None:
    log_archive = with_words()
    log_archive.append([(1, LogEvent(STREAMS[1], 1_000, "paid"))])

    counted = log_archive.count(LogFilter(functions=(FUNCTIONS[1],)), step_text_bytes=1_100)

    assert (counted.lines, counted.is_complete) == (1, True)
