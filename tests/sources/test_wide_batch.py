"""Every minute is asked for once soon after its end and once more later; the past from its end to its beginning."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.model.aggregated import AggregatedBin
from lambdatop.sources.wide_batch import HOUR_MS, MINUTE_MS, SETTLE_MS, Stretch, WideBatch
from lambdatop.sources.wide_groups import WideGroups
from lambdatop.sources.wide_memory import WideMemory
from lambdatop.sources.wide_pace import WidePace

NOW_MS = 1_795_000_080_000
NAMES = frozenset({"a", "b"})


def batch(since_ms: int = NOW_MS - HOUR_MS, until_ms: int | None = None, now_ms: int = NOW_MS) -> WideBatch:
    return WideBatch(NAMES, None, since_ms, until_ms, now_ms)


def asked(one: WideBatch, now_ms: int, *, is_rich: bool = True) -> Stretch | None:
    stretch = one.next_stretch(now_ms, is_counting=True, is_rich=is_rich, is_paid=True)
    if stretch is not None:
        one.finish(stretch)
    return stretch


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1_000, 400_000), max_size=40), st.integers(0, 59_999))
def test_every_minute_is_asked_for_without_gap_or_repeat_however_polls_fall(waits: list[int], offset_ms: int) -> None:
    now_ms = NOW_MS + offset_ms
    one = batch(now_ms=now_ms)
    new: list[Stretch] = []
    late: list[Stretch] = []
    for wait_ms in waits:
        now_ms += wait_ms
        while (due_ms := one.due_ms(is_counting=True)) is not None and due_ms <= now_ms:
            stretch = asked(one, now_ms)
            if stretch is None:
                break
            assert stretch.until_ms <= now_ms - SETTLE_MS
            (late if stretch.kind == "late" else new).append(stretch)
    for stretches in (new, late):
        for before, after in pairwise(stretches):
            assert before.until_ms == after.from_ms or after.kind == "late"
            assert before.until_ms <= after.from_ms
    if new:
        assert new[0].from_ms == one.begin_ms
        assert one.counted_to_ms == new[-1].until_ms > now_ms - SETTLE_MS - 2 * MINUTE_MS
    assert all(stretch.until_ms <= now_ms - 300_000 for stretch in late)


def test_the_first_query_takes_in_few_minutes_and_the_next_is_due_after_the_next_minute() -> None:
    one = batch()

    assert one.due_ms(is_counting=True) is not None
    first = asked(one, NOW_MS)
    assert first is not None
    assert first.until_ms - first.from_ms == 3 * MINUTE_MS
    assert one.due_ms(is_counting=True) == first.until_ms + MINUTE_MS + SETTLE_MS
    assert one.due_ms(is_counting=False) is None


def test_without_spare_money_nothing_is_asked_for_again() -> None:
    one = batch()
    asked(one, NOW_MS)
    later_ms = NOW_MS + 20 * MINUTE_MS
    while (stretch := asked(one, later_ms, is_rich=False)) is not None:
        assert stretch.kind == "new"

    again = asked(one, later_ms)
    assert again is not None
    assert again.kind == "late"


def test_a_range_that_ends_is_asked_for_at_once_to_its_end() -> None:
    one = batch(since_ms=NOW_MS - 10 * MINUTE_MS + 20_000, until_ms=NOW_MS - 25_000)
    one.want_past(NOW_MS - 10 * MINUTE_MS + 20_000, one.begin_ms, NOW_MS)
    found = []
    while (stretch := asked(one, NOW_MS)) is not None:
        found.append(stretch)

    assert found[0].until_ms == NOW_MS - 25_000
    found.sort()
    assert found[0].from_ms == NOW_MS - 10 * MINUTE_MS + 20_000
    assert all(before.until_ms == after.from_ms for before, after in pairwise(found))
    assert one.due_ms(is_counting=True) is None


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 3 * 86_400_000), st.integers(0, 1_000_000))
def test_the_past_is_cut_into_whole_bins_without_gaps(span_ms: int, ago_ms: int) -> None:
    until_ms = (NOW_MS - ago_ms) // MINUTE_MS * MINUTE_MS
    from_ms = until_ms - span_ms
    one = batch(from_ms)
    one.want_past(from_ms, until_ms, NOW_MS)
    found = []
    while one.has_past:
        stretch = one.next_stretch(NOW_MS, is_counting=False, is_rich=False, is_paid=False)
        assert stretch is not None
        one.finish(stretch)
        found.append(stretch)
    assert found == sorted(found, key=lambda each: -each.from_ms)
    assert sum(each.until_ms - each.from_ms for each in found) == span_ms
    for each in found:
        assert each.until_ms % each.bin_ms == 0 or each.bin_ms == MINUTE_MS
        assert each.from_ms % each.bin_ms == 0 or each.from_ms == from_ms
        assert each.bin_ms == MINUTE_MS or each.until_ms <= NOW_MS - HOUR_MS


def test_what_has_too_many_rows_is_halved_down_to_a_bin() -> None:
    one = batch()
    one.want_past(NOW_MS - 8 * MINUTE_MS, NOW_MS, NOW_MS)
    stretch = one.next_stretch(NOW_MS, is_counting=False, is_rich=False, is_paid=False)
    assert stretch is not None
    while one.halve(stretch):
        following = one.next_stretch(NOW_MS, is_counting=False, is_rich=False, is_paid=False)
        assert following is not None
        assert following.until_ms - following.from_ms < stretch.until_ms - stretch.from_ms
        stretch = following
    assert stretch.until_ms - stretch.from_ms == MINUTE_MS
    assert one.past_ms == 8 * MINUTE_MS


def test_many_groups_of_functions_are_asked_for_by_their_prefix_and_the_others_by_name() -> None:
    groups = WideGroups(NOW_MS - HOUR_MS, None)
    near = {f"/aws/lambda/shop-{index}" for index in range(60)}
    groups.follow(frozenset(near | {"/custom/one"}), NOW_MS)

    assert [(one.prefix, len(one.names)) for one in groups.batches] == [("/aws/lambda/shop-", 60), (None, 1)]

    groups.follow(frozenset(near | {"/custom/one", "/aws/lambda/new"}), NOW_MS)
    assert [(one.prefix, len(one.names)) for one in groups.batches] == [("/aws/lambda/", 61), (None, 1)]

    groups.name_all(NOW_MS)
    groups.follow(frozenset(near | {"/custom/one"}), NOW_MS)
    assert all(one.prefix is None and len(one.names) <= 50 for one in groups.batches)
    assert frozenset.union(*(one.names for one in groups.batches)) == near | {"/custom/one"}


def test_groups_stay_in_their_batch_and_halves_are_joined_once_they_are_counted_equally_far() -> None:
    groups = WideGroups(NOW_MS - HOUR_MS, None)
    names = frozenset(f"/g/{index}" for index in range(40))
    groups.follow(names, NOW_MS)
    groups.halve(groups.batches[0], NOW_MS)
    groups.follow(names, NOW_MS)

    assert [len(one.names) for one in groups.batches] == [20, 20]
    for one in groups.batches:
        asked(one, NOW_MS)
    groups.follow(names, NOW_MS)
    assert [len(one.names) for one in groups.batches] == [40]


def test_a_group_that_is_missing_is_left_out_longer_each_time() -> None:
    groups = WideGroups(NOW_MS - HOUR_MS, None)
    waits = []
    for _ in range(3):
        groups.miss(["g"], NOW_MS)
        wait_ms = 0
        while "g" in groups.missing:
            wait_ms += 600_000
            groups.follow(frozenset({"g"}), NOW_MS + wait_ms)
        waits.append(wait_ms)

    assert waits == [600_000, 1_200_000, 2_400_000]


def test_asking_again_tells_only_of_groups_that_changed() -> None:
    memory, minutes = WideMemory(), range(0, 120_000, MINUTE_MS)
    one = AggregatedBin(log_group="a", start_ms=0, invocations=1)
    more = AggregatedBin(log_group="a", start_ms=0, invocations=2)

    assert memory.changed(("a", "b"), minutes, [one]) == ("a", "b")
    assert memory.changed(("a", "b"), minutes, [one]) == ()
    assert memory.changed(("a", "b"), minutes, [more]) == ("a",)
    assert memory.changed(("a", "b"), minutes, []) == ("a",)
    memory.forget_before(MINUTE_MS)
    assert memory.changed(("a", "b"), minutes, []) == ("a", "b")


def test_money_comes_in_steadily_and_is_saved_up_for_some_minutes() -> None:
    pace = WidePace()
    for minute in range(600):
        now_ms = NOW_MS + minute * MINUTE_MS
        if not pace.wait_ms(0.3, now_ms):
            pace.pay(0.01, 0.3, now_ms)

    assert pace.usd_per_hour(NOW_MS + 599 * MINUTE_MS) < 0.32
    assert not pace.is_rich(0.3, NOW_MS + 599 * MINUTE_MS)
    assert pace.is_rich(0.3, NOW_MS + 700 * MINUTE_MS)
    assert pace.wait_ms(float("inf"), NOW_MS) == 0
