"""What the store holds stays bounded however much goes through it."""

from lambdatop.store.concurrency_timeline import CHUNK_MS, POINTS_KEPT, ConcurrencyTimeline, let_go_of_oldest
from lambdatop.store.log_ledger import REMEMBERED_A_STREAM
from lambdatop.store.rolling_window import RollingWindow
from tests.store.lines import CHECKOUT, START_MS, catalogue, delivery, events, read, reported, row, started


def test_a_stream_remembers_its_newest_occurrences_and_counts_them_all() -> None:
    most = REMEMBERED_A_STREAM[1]
    store = read([])
    for first in range(0, 5 * most, most):
        lines = [
            line
            for number in range(first, first + most)
            for line in (started(number, number), reported(number, number, 1))
        ]
        store.apply(delivery(events(lines)), START_MS)
    (stream,) = store._logs.streams_of(store._ledgers[CHECKOUT])

    assert stream.remembered == most
    assert row(store).window.invocations == 5 * most


def test_buckets_are_folded_and_lose_nothing() -> None:
    window = RollingWindow()
    day_ms = 86_400_000
    for at_ms in range(0, day_ms, 5_000):
        window.bucket_at(at_ms).invocations += 1
        if at_ms % 60_000 == 0:
            window.roll(at_ms)
    window.roll(day_ms)

    assert len(window._tens) <= 42
    assert len(window._minutes) <= 62
    assert window.total_since(None).invocations == day_ms // 5_000
    assert window.total_since(day_ms - 3_600_000).invocations == 720


def test_timelines_give_up_their_oldest_points_together() -> None:
    timelines = [ConcurrencyTimeline() for _ in range(4)]
    for index, timeline in enumerate(timelines):
        for number in range(POINTS_KEPT // 6):
            timeline.add(number * 50 + index, number * 50 + 120)
    end_ms = POINTS_KEPT // 6 * 50
    peaks = [timeline.peak(0, end_ms) for timeline in timelines]
    let_go_of_oldest(timelines, end_ms - 3_600_000)

    assert sum(timeline.weight for timeline in timelines) <= POINTS_KEPT // 2 + end_ms // CHUNK_MS * 16 * 4
    assert [timeline.peak(0, end_ms) for timeline in timelines] == peaks


def test_streams_silent_for_an_hour_are_forgotten() -> None:
    store = read([reported(0, 1)])
    store.apply(catalogue(), START_MS)
    late = events([reported(3_700_000, 2)], "2026/11/18/[$LATEST]" + "1" * 32)
    store.apply(delivery(late), START_MS + 3_700_000)
    assert row(store, 3_700_000).window.invocations == 2

    assert [stream.name for stream in store._logs.streams_of(store._ledgers[CHECKOUT])] == [late[0].log_stream]
