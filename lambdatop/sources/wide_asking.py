"""One counting query on its way: what it asks for, and what its answer says of the log groups."""

from collections.abc import Iterator
from typing import NamedTuple

from lambdatop.model.aggregated import AggregatedBin, MinutesAggregated
from lambdatop.model.identity import Scope
from lambdatop.model.query import QueryProgress, QueryRun
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.query_endpoint import QueryEndpoint
from lambdatop.sources.query_execution import QueryExecution
from lambdatop.sources.wide_batch import MINUTE_MS, Stretch, WideBatch
from lambdatop.sources.wide_query import LIMIT, count_query
from lambdatop.sources.wide_rows import bins_of

GIVE_UP_MS = 300_000
GROUPS_A_DELIVERY = 200
"""So many log groups are delivered at once, so that taking them in holds nothing up."""


class Answer(NamedTuple):
    """What came of a query."""

    bins: tuple[AggregatedBin, ...]
    """Of log groups that were asked about."""
    stranger_share: float
    """How much of what was counted happened in log groups that nobody asked about."""


class WideAsking:
    """A query and the stretch of a batch that it is for."""

    def __init__(
        self,
        call: AwsCall,
        endpoint: QueryEndpoint,
        batch: WideBatch,
        stretch: Stretch,
        missing: frozenset[str],
        now_ms: int,
    ) -> None:
        self.batch = batch
        self.stretch = stretch
        self.names = batch.names - missing
        """The log groups that it names, or that begin with its prefix."""
        self.asked_at_ms = now_ms
        prefixes = () if batch.prefix is None else (batch.prefix,)
        run = QueryRun(
            number=0,
            scope=Scope("", ""),
            text=count_query(stretch.bin_ms, prefixes),
            log_groups=() if prefixes else tuple(sorted(self.names)),
            start_s=stretch.from_ms // 1000,
            end_s=-(-stretch.until_ms // 1000),
            limit=LIMIT,
        )
        self._execution = QueryExecution(call, run, endpoint, partial_rows=1)
        self._given_up: SourceFailure | None = None

    @property
    def due_ms(self) -> int:
        """When there is something to do for it."""
        return self._execution.due_ms

    @property
    def bytes_scanned(self) -> float:
        """What is paid for."""
        return self._execution.bytes_scanned

    def poll(self, now_ms: int) -> bool:
        """Do what is next; returns whether it is over."""
        self._execution.poll(now_ms)
        if not self._execution.is_over and now_ms - self.asked_at_ms > GIVE_UP_MS:
            trouble = self._execution.failure
            sentence = f"An Insights query took more than {GIVE_UP_MS // MINUTE_MS} min."
            self._given_up = SourceFailure(
                "failed" if trouble is None else trouble.state, sentence if trouble is None else trouble.sentence
            )
            self.abandon()
        return self._execution.is_over

    def abandon(self) -> None:
        """Have AWS stop it."""
        self._execution.abandon()

    @property
    def is_cut(self) -> bool:
        """Whether there were more rows than AWS returns."""
        return self._execution.progress.is_cut

    @property
    def failure(self) -> SourceFailure | None:
        """Why there is no answer; None where there is one."""
        progress = self._execution.progress
        if self._given_up is not None or progress.status == "complete":
            return self._given_up
        return _failure(self._execution.failure, progress)

    def answer(self) -> Answer:
        """Return what was counted; raises SourceFailure where that cannot be read."""
        progress, stretch = self._execution.progress, self.stretch
        found = bins_of(progress.columns, progress.rows, stretch.bin_ms, stretch.from_ms, stretch.until_ms)
        bins = tuple(each for each in found if each.log_group in self.batch.names)
        counted = sum(each.invocations for each in found)
        ours = sum(each.invocations for each in bins)
        return Answer(bins, (counted - ours) / counted if counted else 0.0)

    def deliveries(self, bins: tuple[AggregatedBin, ...], scope: Scope) -> Iterator[MinutesAggregated]:
        """Yield what is to be told of all log groups, of a late look only what has changed."""
        stretch, memory = self.stretch, self.batch.memory
        told = tuple(sorted(self.batch.names))
        if stretch.bin_ms == MINUTE_MS:
            minutes = range(stretch.from_ms - stretch.from_ms % MINUTE_MS, stretch.until_ms, MINUTE_MS)
            changed = memory.changed(told, minutes, bins)
            told = changed if stretch.kind == "late" else told
        by_group: dict[str, list[AggregatedBin]] = {name: [] for name in told}
        for each in bins:
            by_group.get(each.log_group, []).append(each)
        for start in range(0, len(told), GROUPS_A_DELIVERY):
            names = told[start : start + GROUPS_A_DELIVERY]
            yield MinutesAggregated(
                scope=scope,
                log_groups=names,
                from_ms=stretch.from_ms,
                until_ms=stretch.until_ms,
                bin_ms=stretch.bin_ms,
                asked_at_ms=self.asked_at_ms,
                bins=tuple(each for name in names for each in by_group[name]),
            )


def _failure(failure: SourceFailure | None, progress: QueryProgress) -> SourceFailure:
    problem = progress.problem
    sentence = "The Insights query failed." if problem is None else problem.sentence
    remedy = None if problem is None else problem.remedy
    if failure is not None:
        return SourceFailure(failure.state, sentence, failure.remedy or remedy, code=failure.code)
    return SourceFailure("absent" if progress.status == "refused" else "failed", sentence, remedy)
