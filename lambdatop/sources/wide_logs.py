"""Counts all functions by aggregate queries of Logs Insights, where their log groups are too many to be swept.

One query a minute takes in the newest closed minute of all log groups, so that every byte is scanned once, and once
more some minutes later for events that were late. The past that sweeps need not read is counted the same way.
"""

import random
from collections.abc import Iterator
from math import inf

from lambdatop.model.aggregated import MinutesAggregated
from lambdatop.model.source_status import SourceState, SourceStatus
from lambdatop.sources import wide_words as words
from lambdatop.sources.api_price import insights_price_usd
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.query_endpoint import QueryEndpoint
from lambdatop.sources.watch import Watch
from lambdatop.sources.wide_asking import WideAsking
from lambdatop.sources.wide_batch import MINUTE_MS, Stretch, WideBatch
from lambdatop.sources.wide_choice import WideChoice
from lambdatop.sources.wide_groups import WideGroups
from lambdatop.sources.wide_pace import WidePace

NAME = "wide logs"
STRANGER_SHARE = 0.5
"""Where log groups that nobody watches take so much of what is scanned, those that are watched are named."""
IN_FLIGHT = 8
"""Queries that run at once, of the hundred that an account may run."""
SOON_MS = 5_000
RETRY_MS = 5_000
MAX_RETRY_MS = 60_000
LATE_MS = 3 * MINUTE_MS
PASSES_WITHIN = 4
_ONE_GROUPS_OWN = frozenset({"ResourceNotFoundException", "InvalidParameterException", "InvalidOperationException"})
_NOT_UNDERSTOOD = "MalformedQueryException"


class WideLogs:
    """Chooses how logs are read, and asks what is to be asked of Insights; a call to AWS each poll."""

    name = NAME
    parallel = 1

    def __init__(
        self,
        call: AwsCall,
        watch: Watch,
        random_source: random.Random,
        since_ms: int,
        until_ms: int | None,
        quota_share: float,
    ) -> None:
        self._call = call
        self._watch = watch
        self._random = random_source
        self._range = since_ms, until_ms
        self._choice = WideChoice(call, watch, since_ms, until_ms, quota_share)
        self._pace = WidePace()
        self._endpoint: QueryEndpoint | None = None
        self._groups = WideGroups(since_ms, until_ms)
        self._askings: list[WideAsking] = []
        self._past: tuple[int, int] | None = None
        """What was begun to be read of the past."""
        self._failure: SourceFailure | None = None
        self._is_short_of_money = False
        self._last_success_ms: int | None = None
        watch.is_reading_chosen = True

    @property
    def _is_counting(self) -> bool:
        reading = self._watch.reading
        return reading is not None and reading.choice == "insights"

    def next_due_ms(self) -> int | None:
        """When to choose, to ask something new, or to look after a query that runs."""
        if self._watch.scope is None or self._watch.functions is None or self._call.is_login_lost:
            return None
        times = [self._choice.due_ms(), *(asking.due_ms for asking in self._askings)]
        if len(self._askings) < IN_FLIGHT:
            times += [
                due_ms for one in self._batches if (due_ms := one.due_ms(is_counting=self._is_counting)) is not None
            ]
        return min(times)

    def poll(self, now_ms: int) -> Iterator[MinutesAggregated]:
        """Do the one thing that has been due longest."""
        if self._choice.due_ms() <= now_ms:
            self._choose(now_ms)
            return
        due = [asking for asking in self._askings if asking.due_ms <= now_ms]
        if due:
            asking = min(due, key=lambda one: one.due_ms)
            if asking.poll(now_ms):
                yield from self._take(asking, now_ms)
            return
        self._ask(now_ms)

    def end(self) -> None:
        """Have AWS stop what runs."""
        for asking in list(self._askings):
            asking.abandon()

    def status(self, now_ms: int) -> SourceStatus:
        """How the logs are read, and how counting goes; the lag is that of the log groups that are furthest behind."""
        reading, batches = self._watch.reading, list(self._batches)
        if reading is None:
            obstacle = self._watch.functions_obstacle
            if obstacle is not None:
                return SourceStatus(name=NAME, state=obstacle.state, detail=obstacle.sentence, remedy=obstacle.remedy)
            return SourceStatus(name=NAME, detail="waiting for the functions")
        state, detail, remedy = self._words(batches, now_ms)
        lag_ms = self._lag_ms(batches, now_ms)
        if state == "working" and lag_ms is not None and lag_ms > LATE_MS:
            state = "late"
        return SourceStatus(
            name=NAME,
            state=state,
            detail=detail,
            remedy=remedy,
            lag_ms=lag_ms,
            progress=self._progress(batches),
            last_success_ms=self._last_success_ms,
            reading=reading,
        )

    def has_first_answer(self) -> bool:
        """Whether it is chosen how logs are read, and what that needs of Insights was counted, well or badly."""
        reading = self._watch.reading
        if reading is None or self._choice.due_ms() == 0:
            return self._watch.functions_obstacle is not None or self._call.is_login_lost
        is_consent_awaited = reading.backfill is not None and reading.backfill.needs_consent
        if self._failure is not None and self._failure.state in ("denied", "absent"):
            return True
        return all(
            one.failures >= PASSES_WITHIN
            or ((not self._is_counting or one.counted_to_ms is not None) and (is_consent_awaited or not one.has_past))
            for one in self._batches
        )

    def _choose(self, now_ms: int) -> None:
        is_past_read = self._past is not None and not self._has_past
        reading = self._choice.choose(now_ms, is_past_read=is_past_read)
        backfill = reading.backfill
        is_past_wanted = backfill is not None and backfill.mode == "insights" and not backfill.needs_consent
        if not self._is_counting and not is_past_wanted:
            self._groups.batches = []
            return
        self._groups.follow(self._choice.groups(), now_ms)
        if not is_past_wanted:
            for one in self._batches:
                one.leave_past()
        elif self._past is None:
            since_ms, _ = self._range
            ends = [one.begin_ms if self._is_counting else reading.sweeps_from_ms for one in self._batches]
            self._past = since_ms, max(ends, default=since_ms)
            for one, end_ms in zip(self._batches, ends, strict=True):
                one.want_past(since_ms, end_ms, now_ms)

    @property
    def _batches(self) -> list[WideBatch]:
        return self._groups.batches

    @property
    def _has_past(self) -> bool:
        return any(one.has_past for one in self._batches)

    def _ask(self, now_ms: int) -> None:
        """Begin the query that has been due longest."""
        due = [
            (due_ms, one)
            for one in self._batches
            if (due_ms := one.due_ms(is_counting=self._is_counting)) is not None and due_ms <= now_ms
        ]
        if not due:
            return
        _, batch = min(due, key=lambda each: each[0])
        limit_usd = self._limit_usd
        wait_ms = self._pace.wait_ms(limit_usd, now_ms)
        self._is_short_of_money = wait_ms > 0 or (self._is_short_of_money and not self._pace.is_rich(limit_usd, now_ms))
        stretch = batch.next_stretch(
            now_ms,
            is_counting=self._is_counting,
            is_rich=self._pace.is_rich(limit_usd, now_ms),
            is_paid=wait_ms == 0,
        )
        if stretch is not None and stretch.kind == "new" and self._is_short_of_money:
            stretch = stretch._replace(from_ms=max(stretch.from_ms, stretch.until_ms - MINUTE_MS))
        if stretch is None:
            batch.not_before_ms = now_ms + max(SOON_MS, min(wait_ms, MINUTE_MS))
            return
        if self._endpoint is None:
            self._endpoint = QueryEndpoint(is_trusted=None if self._call.clients.is_custom_endpoint else True)
        asking = WideAsking(self._call, self._endpoint, batch, stretch, self._groups.missing, now_ms)
        if not asking.names:
            batch.finish(stretch)
            return
        batch.is_asked = True
        self._askings.append(asking)

    @property
    def _limit_usd(self) -> float:
        reading = self._watch.reading
        return inf if reading is None else reading.usd_per_hour

    def _take(self, asking: WideAsking, now_ms: int) -> Iterator[MinutesAggregated]:
        """Take in what came of a query that is over."""
        batch, stretch, scope = asking.batch, asking.stretch, self._watch.scope
        self._askings.remove(asking)
        batch.is_asked = False
        if stretch.kind != "past":
            self._pace.pay(insights_price_usd(asking.bytes_scanned), self._limit_usd, now_ms)
        if asking.failure is not None:
            self._fail(asking, asking.failure, now_ms)
            return
        if asking.is_cut:
            self._part(batch, stretch, now_ms)
            return
        try:
            answer = asking.answer()
        except SourceFailure as failure:
            self._fail(asking, failure, now_ms)
            return
        if stretch.kind != "past":
            span_ms = stretch.until_ms - stretch.from_ms
            self._choice.volume.scanned(asking.bytes_scanned, span_ms, len(asking.names), now_ms)
        self._failure, batch.failures, self._last_success_ms = None, 0, now_ms
        batch.finish(stretch)
        batch.memory.forget_before(stretch.until_ms - 20 * MINUTE_MS if stretch.kind == "late" else 0)
        if batch.prefix is not None and answer.stranger_share > STRANGER_SHARE:
            self._groups.name_all(now_ms)
        if scope is not None:
            yield from asking.deliveries(answer.bins, scope)

    def _part(self, batch: WideBatch, stretch: Stretch, now_ms: int) -> None:
        """Ask for less at once, since there were too many rows."""
        if batch.halve(stretch):
            return
        if batch.prefix is not None:
            self._groups.name_all(now_ms)
        elif len(batch.names) > 1:
            self._groups.halve(batch, now_ms)
        else:
            batch.finish(stretch)

    def _fail(self, asking: WideAsking, failure: SourceFailure, now_ms: int) -> None:
        """Go on without what spoils a query where that can be found, else later; or leave Insights."""
        batch, is_denied = asking.batch, failure.state == "denied"
        is_own = failure.code in _ONE_GROUPS_OWN or (is_denied and self._last_success_ms is not None)
        if batch.prefix is not None and (is_own or is_denied or failure.code == _NOT_UNDERSTOOD):
            self._groups.name_all(now_ms)
            return
        if is_own and len(asking.names) > 1:
            self._groups.halve(batch, now_ms)
            return
        if is_own:
            self._groups.miss(asking.names, now_ms)
            return
        self._failure = failure
        if failure.state in ("denied", "absent") or failure.code == _NOT_UNDERSTOOD:
            self._choice.refuse(failure.sentence, now_ms)
        batch.failures += 1
        wait_ms = min(MAX_RETRY_MS, RETRY_MS << min(8, batch.failures - 1))
        batch.not_before_ms = now_ms + round(wait_ms * self._random.uniform(0.9, 1.1))

    def _lag_ms(self, batches: list[WideBatch], now_ms: int) -> int | None:
        """Return how old the newest minute is at most; a minute and a while is as new as any can be."""
        counted = [one.counted_to_ms for one in batches if one.counted_to_ms is not None]
        if not counted or not self._is_counting or self._range[1] is not None:
            return None
        return max(0, now_ms - min(counted))

    def _progress(self, batches: list[WideBatch]) -> float | None:
        if self._past is None or not any(one.has_past for one in batches):
            return None
        from_ms, until_ms = self._past
        left_ms = sum(one.past_ms for one in batches) / len(batches)
        return max(0.0, min(1.0, 1 - left_ms / max(1, until_ms - from_ms)))

    def _words(self, batches: list[WideBatch], now_ms: int) -> tuple[SourceState, str, str | None]:
        reading, failure = self._watch.reading, self._failure
        if reading is None or not (self._is_counting or batches):
            return "working", reading.sentence if reading else "", None
        if self._call.is_login_lost:
            return "credentials", "waiting for a new login", None
        groups = sum(len(one.names) for one in batches)
        if failure is not None and self._last_success_ms is None:
            return failure.state, failure.sentence, failure.remedy
        if failure is not None:
            failing = sum(len(one.names) for one in batches if one.failures)
            return failure.state, words.refused(groups, failing, failure.sentence), failure.remedy
        if self._last_success_ms is None:
            return "starting", reading.sentence, None
        if self._is_short_of_money:
            needed_usd = reading.insights_usd_per_hour or 0.0
            return "late", words.too_dear(groups, self._limit_usd, needed_usd), words.FEWER
        if not self._is_counting:
            return "working", reading.sentence, None
        per_hour = self._choice.volume.bytes_per_hour(groups, now_ms)
        return "working", words.counting(groups, len(batches), per_hour, self._pace.usd_per_hour(now_ms)), None
