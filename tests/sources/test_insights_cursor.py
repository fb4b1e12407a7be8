"""Which stretches are asked for, and which events are new, given queries and a clock."""

from lambdatop.model.log_event import LogEvent
from lambdatop.sources.insights_cursor import DEEP_EVERY_MS, DEEP_OVERLAP_MS, OVERLAP_MS, SETTLE_MS, InsightsCursor

NOW_MS = 1_795_230_000_000
SINCE_MS = NOW_MS - 900_000
EVERY_MS = 120_000


def event(at_ms: int, message: str = "REPORT", ingestion_ms: int | None = None) -> LogEvent:
    return LogEvent("s", at_ms, message, at_ms + 200 if ingestion_ms is None else ingestion_ms)


def read(cursor: InsightsCursor, now_ms: int, *events: LogEvent) -> tuple[int | None, list[LogEvent]]:
    """One complete query up to what can be read now."""
    start_ms = cursor.start_ms(now_ms)
    if start_ms is None:
        return None, []
    fresh = cursor.take([one for one in events if one.timestamp_ms >= start_ms])
    cursor.finish(start_ms, cursor.head_ms(now_ms), now_ms)
    return start_ms, fresh


def test_the_first_query_reads_all_and_the_next_ones_what_was_not_old_enough() -> None:
    cursor = InsightsCursor(SINCE_MS, None)
    assert read(cursor, NOW_MS)[0] == SINCE_MS
    assert cursor.complete_to_ms == NOW_MS - SETTLE_MS
    assert cursor.start_ms(NOW_MS) is None
    assert read(cursor, NOW_MS + EVERY_MS)[0] == NOW_MS - OVERLAP_MS


def test_nothing_moves_before_a_query_is_complete() -> None:
    cursor = InsightsCursor(SINCE_MS, None)
    assert [cursor.start_ms(NOW_MS), cursor.start_ms(NOW_MS + 60_000)] == [SINCE_MS, SINCE_MS]


def test_a_stretch_that_was_old_already_is_not_read_again() -> None:
    cursor = InsightsCursor(SINCE_MS, None)
    cursor.finish(SINCE_MS, SINCE_MS + 60_000, NOW_MS)
    assert cursor.start_ms(NOW_MS) == SINCE_MS + 60_000


def test_what_lay_within_the_overlap_is_read_at_every_age_until_it_has_passed() -> None:
    cursor = InsightsCursor(SINCE_MS, None)
    for poll in range(60):
        now_ms = NOW_MS + poll * EVERY_MS
        start_ms, _ = read(cursor, now_ms)
        assert start_ms is not None
        assert poll == 0 or start_ms <= now_ms - EVERY_MS - OVERLAP_MS


def test_late_events_are_found_by_the_overlap_and_later_ones_by_the_deep_query() -> None:
    cursor = InsightsCursor(SINCE_MS, None)
    late_ms, later_ms = NOW_MS + 600_000, NOW_MS + 600_001
    found: list[tuple[int, int]] = []
    for poll in range(30):
        now_ms = NOW_MS + poll * EVERY_MS
        arrived = [at for at, lag in ((late_ms, OVERLAP_MS), (later_ms, DEEP_OVERLAP_MS)) if now_ms >= at + lag]
        _, fresh = read(cursor, now_ms, *(event(at) for at in arrived))
        found.extend((one.timestamp_ms, now_ms) for one in fresh)
    assert [at for at, _ in found] == [late_ms, later_ms]
    assert found[0][1] <= late_ms + OVERLAP_MS + EVERY_MS
    assert found[1][1] <= later_ms + DEEP_OVERLAP_MS + DEEP_EVERY_MS + EVERY_MS
    ledger = cursor.ledger(NOW_MS, 0)
    assert (ledger.delivered, ledger.recovered) == (2, 2)


def test_copies_in_one_millisecond_are_told_as_often_as_one_query_holds_them() -> None:
    cursor = InsightsCursor(SINCE_MS, None)
    twin = event(NOW_MS - 100_000)
    counts = [len(read(cursor, NOW_MS + poll * 40_000, *[twin] * held)[1]) for poll, held in enumerate((2, 3, 1, 3))]
    assert counts == [2, 1, 0, 0]
    other = event(NOW_MS - 100_000, ingestion_ms=NOW_MS)
    assert len(cursor.take([twin, other])) == 1
    ledger = cursor.ledger(NOW_MS, 0)
    assert (ledger.fetched, ledger.delivered, ledger.repeated) == (11, 4, 7)


def test_new_events_get_ids_of_their_own() -> None:
    fresh = InsightsCursor(SINCE_MS, None).take([event(NOW_MS), event(NOW_MS), event(NOW_MS + 1)])
    assert len({one.event_id for one in fresh}) == 3


def test_memory_is_bounded_by_event_time_and_nothing_forgotten_is_told_again() -> None:
    cursor = InsightsCursor(SINCE_MS, None)
    held: list[LogEvent] = []
    delivered, most = 0, 0
    for poll in range(200):
        now_ms = NOW_MS + poll * EVERY_MS
        held.extend(event(now_ms - 60_000 - number * 100) for number in range(100))
        start_ms = cursor.start_ms(now_ms)
        assert start_ms is not None
        delivered += len(cursor.take([one for one in held if one.timestamp_ms >= start_ms - 3_600_000]))
        cursor.finish(start_ms, cursor.head_ms(now_ms), now_ms)
        most = max(most, cursor.ledger(now_ms, 0).remembered)
    assert delivered == len(held) == 20_000
    assert most < 2_500


def test_a_group_that_is_not_up_to_date_gets_no_deep_query() -> None:
    cursor = InsightsCursor(SINCE_MS, None)
    read(cursor, NOW_MS)
    now_ms = NOW_MS + 2 * (DEEP_OVERLAP_MS + DEEP_EVERY_MS)
    assert cursor.start_ms(now_ms) == NOW_MS - OVERLAP_MS


def test_a_bounded_range_is_read_to_its_end_and_then_done() -> None:
    cursor = InsightsCursor(SINCE_MS, NOW_MS - 100_500)
    assert not cursor.is_finished
    assert read(cursor, NOW_MS)[0] == SINCE_MS
    assert (cursor.is_finished, cursor.complete_to_ms) == (True, NOW_MS - 100_500)
    assert cursor.start_ms(NOW_MS + 3_600_000) is None
    assert cursor.ledger(NOW_MS + 3_600_000, 60_000).groups_behind == 0
