"""Of which stretches of time every line was read."""

from msgspec.structs import replace

from lambdatop.model.delivery import LogDepth
from lambdatop.model.log_event import LogEvent
from lambdatop.store.full_text import SPANS_KEPT, FullText
from tests.store.lines import START_MS, STREAM, delivery


def page(depth: LogDepth, *times: int, swept_to: int | None = None) -> tuple[list[LogEvent], LogDepth, int | None]:
    return [LogEvent(STREAM, START_MS + at_ms, "a line") for at_ms in times], depth, swept_to


def read(*pages: tuple[list[LogEvent], LogDepth, int | None]) -> FullText:
    full_text = FullText()
    for events, depth, swept_to in pages:
        full_text.apply(delivery(events, depth, swept_to))
    return full_text


def covers(full_text: FullText, start: int, end: int) -> bool:
    return full_text.covers(START_MS + start, START_MS + end)


def test_nothing_is_covered_while_only_platform_lines_are_read() -> None:
    assert not covers(read(page("platform", 10, 20, swept_to=30)), 10, 20)


def test_a_sweep_covers_from_its_oldest_line_once_it_is_whole() -> None:
    first = page("full", 15, 10)
    assert not covers(read(first), 10, 15)
    whole = read(first, page("full", 20, swept_to=30))
    assert covers(whole, 10, 30)
    assert not covers(whole, 9, 30)


def test_what_is_being_read_is_covered_to_its_open_end() -> None:
    assert covers(read(page("full", 10, swept_to=30)), 20, 500)
    assert not covers(read(page("full", 10, swept_to=30), page("platform", 40, swept_to=50)), 20, 500)


def test_sweeps_on_end_make_one_stretch_and_a_pause_makes_two() -> None:
    through = read(page("full", 10, swept_to=30), page("full", swept_to=60), page("full", 70, swept_to=90))
    assert covers(through, 10, 90)
    paused = read(page("full", 10, swept_to=30), page("platform", swept_to=60), page("full", 70, swept_to=90))
    assert covers(paused, 10, 30)
    assert covers(paused, 70, 90)
    assert not covers(paused, 20, 80)


def test_a_pause_that_is_read_after_all_joins_the_stretches() -> None:
    joined = read(page("full", 10, swept_to=30), page("platform", swept_to=60), page("full", 25, 70, swept_to=90))
    assert covers(joined, 10, 90)


def test_old_stretches_are_forgotten() -> None:
    pages = []
    for number in range(SPANS_KEPT + 5):
        pages += [page("full", number * 100, swept_to=number * 100 + 10), page("platform")]
    full_text = read(*pages)
    assert not covers(full_text, 0, 10)
    assert covers(full_text, 500, 510)


def test_a_sweep_that_says_since_when_it_was_read_in_full_is_believed() -> None:
    full_text = FullText()
    assert full_text.open_from_ms is None
    full_text.apply(
        replace(delivery([LogEvent(STREAM, START_MS + 50, "a line")], "full", 90), full_from_ms=START_MS + 20)
    )
    assert full_text.open_from_ms == START_MS + 20
    full_text.apply(
        replace(delivery([LogEvent(STREAM, START_MS, "before a gap")], "full", 90), full_from_ms=START_MS + 20)
    )
    assert full_text.open_from_ms == START_MS + 20
    full_text.apply(delivery([], "platform", 99))
    assert full_text.open_from_ms is None
