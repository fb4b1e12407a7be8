"""Counting all functions by Insights: what is asked, what is delivered, what it may cost, and what goes wrong."""

from collections import Counter
from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from lambdatop.model.aggregated import MinutesAggregated
from lambdatop.model.view import View
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.watch import Watch
from lambdatop.sources.wide_logs import WideLogs
from tests.sources.counting_insights import CountingInsights
from tests.sources.fake_call import SteadyRandom, watch_of
from tests.store.lines import reported

MINUTE_MS = 60_000
NOW_MS = 1_795_000_080_000
SINCE_MS = NOW_MS - 10 * MINUTE_MS
REPORT = reported(0, 1)[1]


class Wide:
    """A source over functions of these names, driven by a clock moved by hand."""

    def __init__(
        self,
        names: Iterable[str],
        insights: CountingInsights | None = None,
        since_ms: int = SINCE_MS,
        until_ms: int | None = None,
        wish: str = "insights",
        watch: Watch | None = None,
    ) -> None:
        self.insights = insights or CountingInsights()
        self.watch = watch or watch_of(*names)
        self.watch.view = View(wide_logs=wish)  # type: ignore[arg-type]  # one of the wishes
        self.source = WideLogs(self.insights.fake.call, self.watch, SteadyRandom(), since_ms, until_ms, 0.4)
        self.now_ms = NOW_MS
        self.told: list[MinutesAggregated] = []

    def run(self, seconds: float = 30) -> None:
        end_ms = self.now_ms + round(seconds * 1000)
        while self.now_ms < end_ms:
            due_ms = self.source.next_due_ms()
            if due_ms is not None and due_ms <= self.now_ms:
                self.told += self.source.poll(self.now_ms)
            else:
                self.now_ms += 250

    @property
    def counted(self) -> Counter[str]:
        """Invocations by log group, of the newest answer about each minute."""
        newest: dict[tuple[str, int], int] = {}
        for one in sorted(self.told, key=lambda each: each.asked_at_ms):
            for name in one.log_groups:
                for start_ms in range(one.from_ms - one.from_ms % one.bin_ms, one.until_ms, one.bin_ms):
                    newest[name, start_ms] = 0
            for each in one.bins:
                newest[each.log_group, each.start_ms] += each.invocations
        counted: Counter[str] = Counter()
        for (name, _), number in newest.items():
            counted[name] += number
        return +counted


def group(name: str) -> str:
    return f"/aws/lambda/{name}"


MANY = tuple(f"shop-{index}" for index in range(60))


def test_all_functions_are_counted_by_one_query_a_minute_and_each_line_once() -> None:
    insights = CountingInsights()
    for minute in range(-10, 12):
        insights.write(group("shop-7"), NOW_MS + minute * MINUTE_MS + 5, REPORT)
    wide = Wide(MANY, insights)
    wide.run(600)

    assert wide.counted == {group("shop-7"): 19}
    new = [(start, end) for _, start, end in insights.queries if end - start == 60]
    assert len(new) == len(set(new)) == 10
    assert {chosen for chosen, _, _ in insights.queries} == {"/aws/lambda/shop-"}
    covered = {name for one in wide.told for name in one.log_groups}
    assert covered == {group(name) for name in MANY}
    status = wide.source.status(wide.now_ms)
    assert status.state == "working"
    assert "60 log groups counted by one query a minute" in status.detail
    assert status.reading is not None
    assert status.reading.choice == "insights"
    assert wide.source.has_first_answer()


def test_each_byte_is_scanned_twice_and_told_a_second_time_only_where_it_changed() -> None:
    insights = CountingInsights()
    wide = Wide(MANY, insights)
    wide.run(400)
    late_ms = NOW_MS + MINUTE_MS + 7
    insights.write(group("shop-1"), late_ms, REPORT)
    before = len(wide.told)
    wide.run(500)

    assert wide.counted == {group("shop-1"): 1}
    again = [one for one in wide.told[before:] if one.bins]
    assert [one.log_groups for one in again] == [(group("shop-1"),)]
    seconds = Counter(second for _, start, end in insights.queries for second in range(start, end))
    assert max(seconds.values()) == 2


def test_functions_with_groups_of_their_own_names_are_asked_for_fifty_at_a_time() -> None:
    watch = watch_of(*MANY)
    assert watch.functions is not None
    watch.functions = tuple(replace(one, log_group=f"/own/{one.key.name}") for one in watch.functions)
    insights = CountingInsights()
    insights.write("/own/shop-3", NOW_MS - MINUTE_MS, REPORT)
    wide = Wide((), insights, watch=watch)
    wide.run(60)

    assert {len(chosen) for chosen, _, _ in insights.queries} == {50, 10}
    assert wide.counted == {"/own/shop-3": 1}


def test_an_endpoint_without_source_is_asked_by_names() -> None:
    insights = CountingInsights()
    insights.refused["SOURCE"] = SourceFailure("failed", "no", code="MalformedQueryException")
    insights.write(group("shop-9"), NOW_MS - MINUTE_MS, REPORT)
    wide = Wide(MANY, insights)
    wide.run(60)

    assert wide.counted == {group("shop-9"): 1}
    assert wide.source.status(wide.now_ms).state == "working"


def test_log_groups_that_are_missing_keep_no_other_from_being_counted_and_are_known_to_be_empty() -> None:
    insights = CountingInsights()
    insights.refused["SOURCE"] = SourceFailure("failed", "no", code="InvalidParameterException")
    for name in ("shop-3", "shop-44"):
        insights.refused[group(name)] = SourceFailure("failed", "gone", code="ResourceNotFoundException")
    insights.write(group("shop-9"), NOW_MS - MINUTE_MS, REPORT)
    wide = Wide(MANY, insights)
    wide.run(120)

    assert wide.counted == {group("shop-9"): 1}
    assert {name for one in wide.told for name in one.log_groups} == {group(name) for name in MANY}
    assert wide.source.status(wide.now_ms).state == "working"
    before = len(insights.queries)
    wide.run(120)
    assert len(insights.queries) - before < 12


def test_where_others_log_most_under_the_prefix_groups_are_named() -> None:
    insights = CountingInsights()
    for index in range(20):
        insights.write(group(f"shop-other-{index}"), NOW_MS - MINUTE_MS + index, REPORT)
    insights.write(group("shop-1"), NOW_MS - MINUTE_MS, REPORT)
    wide = Wide(MANY, insights)
    wide.run(150)

    assert wide.counted == {group("shop-1"): 1}
    assert all(isinstance(chosen, tuple) for chosen, _, _ in insights.queries[-2:])


def test_few_groups_are_left_to_sweeps_and_nothing_is_asked() -> None:
    wide = Wide(MANY[:5], wish="auto")
    wide.run(120)

    assert not wide.insights.queries
    assert wide.watch.reading is not None
    assert wide.watch.reading.choice == "sweep"
    assert wide.source.has_first_answer()
    assert wide.source.status(wide.now_ms).state == "working"


def test_who_may_not_query_has_all_groups_swept_and_is_told_why() -> None:
    insights = CountingInsights()
    denied = SourceFailure("denied", "The role may not call logs:StartQuery.", "Allow logs:StartQuery.")
    insights.refused |= dict.fromkeys(["SOURCE", *(group(name) for name in MANY)], denied)
    wide = Wide(MANY, insights)
    wide.run(120)

    assert wide.watch.reading is not None
    assert wide.watch.reading.choice == "sweep"
    assert "logs:StartQuery" in wide.watch.reading.sentence
    assert wide.source.has_first_answer()
    assert len(insights.fake.asked["StartQuery"]) < 8


def test_a_range_that_ends_is_counted_once_with_its_past() -> None:
    insights = CountingInsights(bytes_per_minute=10.0)
    insights.fake.answers["GetMetricData"] = {
        "MetricDataResults": [{"Id": "bytes", "Timestamps": [NOW_MS / 1000], "Values": [1e3], "StatusCode": "Complete"}]
    }
    for hours in range(6):
        insights.write(group("shop-1"), NOW_MS - hours * 3_600_000 - 30 * MINUTE_MS, REPORT)
    wide = Wide(MANY, insights, since_ms=NOW_MS - 6 * 3_600_000, until_ms=NOW_MS)
    assert not wide.source.has_first_answer()
    wide.run(60)

    assert wide.source.has_first_answer()
    assert wide.counted == {group("shop-1"): 6}
    assert {one.bin_ms for one in wide.told} == {MINUTE_MS, 3_600_000}
    before = len(insights.queries)
    wide.run(300)
    assert len(insights.queries) == before


def test_a_past_that_logged_otherwise_does_not_tell_what_counting_costs_now() -> None:
    insights = CountingInsights(bytes_per_minute=1e9)
    wide = Wide(MANY, insights, since_ms=NOW_MS - 3 * 3_600_000)
    wide.run(30)
    insights.bytes_per_ms = 0.0
    wide.watch.view = replace(wide.watch.view, backfill_usd=1e9)
    while min(one.from_ms for one in wide.told) > NOW_MS - 3 * 3_600_000 and wide.now_ms < NOW_MS + 90_000:
        wide.run(1)

    assert min(one.from_ms for one in wide.told) == NOW_MS - 3 * 3_600_000
    assert "it scans 45 GB" in wide.source.status(wide.now_ms).detail  # three minutes of 1 GB, and one of none


def test_the_past_waits_for_consent_where_its_price_is_not_known() -> None:
    wide = Wide(MANY, since_ms=NOW_MS - 6 * 3_600_000)
    wide.run(60)
    reading = wide.watch.reading
    assert reading is not None
    assert reading.backfill is not None
    assert reading.backfill.needs_consent
    oldest_ms = min(one.from_ms for one in wide.told)
    assert oldest_ms >= NOW_MS - 5 * MINUTE_MS

    wide.watch.view = replace(wide.watch.view, backfill_usd=1e9)
    wide.run(60)
    assert min(one.from_ms for one in wide.told) == NOW_MS - 6 * 3_600_000


def test_where_money_is_short_minutes_are_left_out_and_that_is_said() -> None:
    insights = CountingInsights(bytes_per_minute=2e9)
    wide = Wide(MANY, insights)
    insights.fake.cap = CostCap(0.2)
    wide.run(3_600)

    status = wide.source.status(wide.now_ms)
    assert wide.watch.reading is not None
    assert wide.watch.reading.choice == "insights"
    assert status.state == "late"
    assert "minutes are left out" in status.detail
    seconds = sum(end - start for _, start, end in insights.queries)
    assert seconds * 2e9 / 60 / 1e9 * 0.005 < 0.6
    assert insights.queries[-1][2] * 1000 > wide.now_ms - 15 * MINUTE_MS


@pytest.mark.parametrize("state", ["throttled", "failed"])
def test_after_an_outage_everything_is_counted_that_happened_in_it(state: str) -> None:
    insights = CountingInsights()
    wide = Wide(MANY, insights)
    wide.run(120)
    trouble = SourceFailure(state, "no way", code="x")  # type: ignore[arg-type]  # one of the states
    insights.refused["SOURCE"] = trouble
    for second in range(0, 1_500, 30):
        insights.write(group("shop-5"), wide.now_ms + second * 1_000, REPORT)
    wide.run(1_500)
    assert wide.source.status(wide.now_ms).state in (state, "late")
    del insights.refused["SOURCE"]
    wide.run(400)

    assert wide.counted == {group("shop-5"): 50}
    assert wide.source.status(wide.now_ms).state == "working"
