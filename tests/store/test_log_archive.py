"""The archive keeps every line in order of time, and counts what falls off."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FIRST_KEY, LAST_KEY, LATE_MS, LineKey, LogFilter, LogLine, key_of_time
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.store.log_archive import WAITING_LINES, LogArchive
from tests.store.archived_lines import (
    FUNCTIONS,
    PLAIN_BLOCKS,
    REQUEST,
    SPAN_MS,
    STREAMS,
    TAKEN,
    archive,
    batches,
    every_line,
    filled,
    in_order,
)

Batches = list[list[tuple[int, LogEvent]]]
ALL = LogFilter()


def at(*times_ms: int, function: int = 0) -> list[tuple[int, LogEvent]]:
    return [(function, LogEvent(STREAMS[0], time_ms, f"at {time_ms}", time_ms)) for time_ms in times_ms]


def times(lines: Sequence[LogLine]) -> list[int]:
    return [line.timestamp_ms for line in lines]


@settings(max_examples=200, deadline=None)
@given(batches, st.integers(1, 6))
def test_lines_of_any_order_and_batches_lie_in_order_of_time_and_are_as_they_came(
    case: Batches, block_lines: int
) -> None:
    lines = every_line(filled(case, block_lines=block_lines))

    assert [(line.key, line.function, line.log_stream, line.message, line.ingestion_time_ms) for line in lines] == [
        (
            (arrived.event.timestamp_ms, arrived.sequence),
            FUNCTIONS[arrived.function],
            arrived.event.log_stream,
            arrived.event.message,
            arrived.event.ingestion_time_ms,
        )
        for arrived in in_order(case)
    ]


@settings(max_examples=50, deadline=None)
@given(batches)
def test_a_line_knows_what_it_says(case: Batches) -> None:
    for line in every_line(filled(case)):
        record = parse_log_line(line.message)

        assert line.kind == record.__struct_config__.tag
        assert line.request_id == getattr(record, "request_id", None)
        assert getattr(record, "level", None) in {None, line.level}


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_order_and_the_batches_that_events_come_in_change_no_line(data: st.DataObject) -> None:
    case = [pair for batch in data.draw(batches) for pair in batch]
    shuffled = data.draw(st.permutations(case))
    cut = data.draw(st.integers(0, len(case)))

    def told(given_batches: Batches) -> list[tuple[object, ...]]:
        lines = every_line(filled(given_batches))
        return sorted((line.timestamp_ms, line.message, line.function, line.kind, str(line.level)) for line in lines)

    assert told([case]) == told([shuffled[:cut], shuffled[cut:]])
    assert times(every_line(filled([case]))) == times(every_line(filled([shuffled[:cut], shuffled[cut:]])))


@settings(max_examples=200, deadline=None)
@given(batches, st.integers(1, 30), st.integers(1, 6))
def test_what_falls_off_is_the_oldest_and_is_counted(case: Batches, max_lines: int, block_lines: int) -> None:
    log_archive = filled(case, max_lines=max_lines, block_lines=block_lines)
    kept = every_line(log_archive)
    expected = in_order(case)

    assert log_archive.lines_held == len(kept) <= max_lines
    assert log_archive.lines_held + log_archive.lines_fallen_off == len(expected)
    assert [line.key for line in kept] == [
        (arrived.event.timestamp_ms, arrived.sequence) for arrived in expected[len(expected) - len(kept) :]
    ]


def test_one_line_at_a_time_fills_blocks_as_a_batch_does() -> None:
    log_archive = archive()
    for time_ms in range(100):
        log_archive.append(at(time_ms))

    assert times(every_line(log_archive)) == list(range(100))


def test_the_archive_keeps_nearly_as_many_lines_as_it_may() -> None:
    log_archive = filled([at(*range(start, start + 10)) for start in range(0, 1_000, 10)], max_lines=100)

    assert 100 - 2 * 4 < log_archive.lines_held <= 100


def test_a_line_older_than_one_that_fell_off_falls_off_at_once() -> None:
    log_archive = filled([at(*range(100, 200))], max_lines=50)
    held = log_archive.lines_held

    log_archive.append(at(5))

    assert (log_archive.lines_held, log_archive.lines_fallen_off) == (held, 101 - held)
    assert times(every_line(log_archive))[0] > 100


def test_long_lines_fall_off_by_their_size() -> None:
    log_archive = LogArchive(1_000, max_bytes=20_000, block_lines=4, plain_blocks=PLAIN_BLOCKS)
    function = log_archive.function_index(FUNCTIONS[0])
    for number in range(200):
        log_archive.append([(function, LogEvent("s", number, " ".join(map(str, range(number, 90_000, 450)))))])

    assert log_archive.packed_bytes <= 20_000
    assert 0 < log_archive.lines_fallen_off < 200
    assert log_archive.lines_held + log_archive.lines_fallen_off == 200


@pytest.mark.parametrize(("lag_ms", "is_late"), [(0, False), (LATE_MS - 1, False), (LATE_MS, True)])
def test_a_line_that_was_ingested_long_after_it_was_logged_is_late(lag_ms: int, is_late: bool) -> None:
    log_archive = filled([[(0, LogEvent(STREAMS[0], 20_000, "tea", 20_000 + lag_ms))]])

    assert [line.is_late for line in every_line(log_archive)] == [is_late]


def test_a_line_whose_ingestion_is_not_known_is_not_late() -> None:
    assert not any(line.is_late for line in every_line(filled([[(0, LogEvent(STREAMS[0], 20_000, "tea"))]])))


def test_a_key_keeps_its_place_while_lines_are_added_inserted_and_fall_off() -> None:
    log_archive = filled([at(*range(0, 200, 2))], max_lines=150)
    key = log_archive.page(ALL, key_of_time(100), 0, 1).lines[0].key

    log_archive.append(at(*range(1, 200, 2)))
    log_archive.append(at(*range(200, 220)))

    page = log_archive.page(ALL, key, 2, 2)
    assert log_archive.lines_fallen_off > 0
    assert times(page.lines) == [98, 99, 100, 101]
    assert page.lines[page.lines_before].key == key


def test_a_key_that_fell_off_leads_to_the_oldest_line_held() -> None:
    log_archive = filled([at(*range(100))], max_lines=20)

    assert log_archive.page(ALL, LineKey(3, 4), 5, 1).lines[0].key == log_archive.first_key


@settings(max_examples=100, deadline=None)
@given(batches, st.integers(-1, SPAN_MS + 1), st.integers(0, 9), st.integers(0, 9))
def test_a_page_is_the_lines_around_a_place(case: Batches, time_ms: int, before: int, after: int) -> None:
    page = filled(case).page(ALL, key_of_time(time_ms), before, after)

    keys = [(line.event.timestamp_ms, line.sequence) for line in in_order(case)]
    place = sum(key < (time_ms, 0) for key in keys)
    assert [line.key for line in page.lines] == keys[max(place - before, 0) : place + after]
    assert page.lines_before == min(place, before)


def test_the_first_line_at_or_after_a_time_is_found() -> None:
    log_archive = filled([at(*range(0, 100, 10))])

    assert times(log_archive.page(ALL, key_of_time(41), 0, 1).lines) == [50]
    assert times(log_archive.page(ALL, key_of_time(40), 0, 1).lines) == [40]
    assert log_archive.page(ALL, key_of_time(91), 0, 1).lines == ()


def test_an_archive_without_lines_has_no_page_no_count_and_no_keys() -> None:
    log_archive = archive()

    assert log_archive.page(ALL, LAST_KEY, 5, 5).lines == ()
    assert log_archive.count(ALL).lines == 0
    assert (log_archive.first_key, log_archive.last_key) == (None, None)


@settings(max_examples=100, deadline=None)
@given(batches)
def test_lines_that_waited_for_others_read_as_those_put_in_order_at_once(case: Batches) -> None:
    waiting = archive()
    for batch in case:
        waiting.append(batch)

    assert every_line(waiting) == every_line(filled(case))


def test_lines_do_not_wait_for_a_reader_without_end() -> None:
    log_archive = archive(block_lines=512, block_text_bytes=256 * 1024)
    for start in range(0, WAITING_LINES, 10_000):
        log_archive.append(at(*range(start, start + 10_000)))

    assert log_archive.packed_bytes > 0


@settings(max_examples=100, deadline=None)
@given(batches, st.integers(0, SPAN_MS), st.integers(0, SPAN_MS))
def test_lines_between_two_places_are_counted(case: Batches, start_ms: int, end_ms: int) -> None:
    counted = filled(case).count(ALL, key_of_time(start_ms), key_of_time(end_ms))

    assert counted.lines == sum(start_ms <= line.event.timestamp_ms < end_ms for line in in_order(case))
    assert counted.is_complete


@pytest.mark.parametrize("lines", [3, 4 * 2 * PLAIN_BLOCKS + 40])
def test_a_line_reads_the_same_plain_and_packed(lines: int) -> None:
    report = f"REPORT RequestId: {REQUEST}\t{TAKEN}Status: timeout\n"
    log_archive = filled([[(1, LogEvent(STREAMS[1], 7, report, 9)), *at(*range(10, 10 + lines))]])

    (line,) = log_archive.page(ALL, FIRST_KEY, 0, 1).lines
    assert (log_archive.packed_bytes > 0) is (lines > 3)
    assert line == LogLine(
        key=LineKey(7, 1),
        ingestion_time_ms=9,
        function=FUNCTIONS[1],
        log_stream=STREAMS[1],
        message=report,
        kind="report",
        level="ERROR",
        request_id=REQUEST,
    )


def test_half_a_surrogate_pair_is_shown_as_a_question_mark() -> None:
    log_archive = filled([[(0, LogEvent(STREAMS[0], 1, "broken \ud83d"))]])

    assert every_line(log_archive)[0].message == "broken ?"


def test_who_keeps_many_lines_lets_them_take_as_much_room_each() -> None:
    assert LogArchive(10_000_000)._max_bytes == 10 * LogArchive()._max_bytes
