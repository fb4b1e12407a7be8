"""Tells a request from end to end: the times it was invoked, their lines, its trace and the requests linked to it."""

from collections.abc import Generator, Sequence

from lambdatop.model.log_line import FIRST_KEY, LAST_KEY, LogFilter, LogLine, key_of_time
from lambdatop.model.question import LinkedRequest, RequestAnswer, RequestOccurrence, RequestQuestion
from lambdatop.model.record import Report, Start
from lambdatop.parsers.log_line import parse_log_line
from lambdatop.store.correlation import CorrelationIds, correlation_ids_of, linked_requests
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.log_archive_slices import count_in_slices, page_in_slices
from lambdatop.store.request_finder import RequestFinder
from lambdatop.store.request_lines import lines_of, stretch_of
from lambdatop.store.request_occurrence import ToldOccurrence
from lambdatop.store.store import Store

LINES_AN_END = 1_000
"""Of an occurrence with more than twice as many lines, the first and the last are told."""
SETTLED_MS = 60_000
"""Once a request has ended so long ago, only late lines and links change it, and it is told anew less often."""
SETTLED_EVERY_MS = 10_000

Steps = Generator[RequestAnswer | None, None, RequestAnswer]


class RequestStory:
    """The answering of one question about a request, a slice at a time: first what is known at once, then the lines."""

    def __init__(self, question: RequestQuestion, store: Store, archive: LogArchive) -> None:
        self._question = question
        self._store = store
        self._archive = archive
        self._finder = RequestFinder(question, store, archive)
        self._steps: Steps | None = None
        self._answer: RequestAnswer | None = None
        """The last complete one."""
        self._told_ms = 0
        self.is_done = False

    def step(self, now_ms: int) -> RequestAnswer | None:
        """Do a slice; incomplete answers are given only as long as there was no complete one."""
        if self._steps is None:
            if self._is_settled(now_ms):
                self.is_done = True
                return None
            self._told_ms = now_ms
            self._steps = self._told()
        try:
            answer = next(self._steps)
        except StopIteration as end:
            self._answer, self._steps, self.is_done = end.value, None, True
            return self._answer
        return answer if self._answer is None else None

    def begin_again(self) -> None:
        """Tell it anew."""
        self.is_done = False

    def _is_settled(self, now_ms: int) -> bool:
        """Whether it was told of late and has long ended."""
        if self._answer is None or now_ms - self._told_ms >= SETTLED_EVERY_MS:
            return False
        ends = [one.invocation.ended_ms for one in self._answer.occurrences]
        return bool(ends) and all(end_ms is not None and now_ms - end_ms > SETTLED_MS for end_ms in ends)

    def _told(self) -> Steps:
        told, candidates, count = yield from self._finder.find()
        if not told:
            return RequestAnswer(
                topic=self._question.topic,
                number=self._question.number,
                candidates=candidates,
                candidate_count=count,
            )
        occurrences = [_occurrence(one) for one in told]
        yield self._whole(occurrences, is_complete=False)
        for index in reversed(range(len(told))):
            occurrences[index] = yield from self._with_lines(told[index])
            yield None
        answer = self._whole(occurrences, is_complete=False)
        yield answer
        ids = correlation_ids_of(line for one in occurrences for line in one.lines)
        yield None
        begin_ms = told[0].begin_ms or (occurrences[0].lines[0].timestamp_ms if occurrences[0].lines else 0)
        links = linked_requests(
            self._store, self._archive, ids, answer.trace_id, told[0].invocation.request_id, begin_ms
        )
        linked = yield from links
        return self._whole(occurrences, ids, linked)

    def _with_lines(self, told: ToldOccurrence) -> Generator[None, None, RequestOccurrence]:
        """Return the occurrence with its lines, of which there may be more than are told."""
        request_id = told.invocation.request_id
        of_stream = LogFilter(functions=(told.key,), log_streams=(told.invocation.log_stream,))
        if told.is_stream_shared or told.begin_ms is None:
            of_stream = LogFilter(
                functions=(told.key,), log_streams=(told.invocation.log_stream,), request_id=request_id
            )
        stretch = stretch_of(told)
        start = FIRST_KEY if stretch.start_ms is None else key_of_time(stretch.start_ms)
        end = LAST_KEY if stretch.end_ms is None else key_of_time(stretch.end_ms + 1)
        page = yield from page_in_slices(self._archive, of_stream, start, 0, 2 * LINES_AN_END, end)
        lines, left_out = lines_of(page.lines, told), 0
        if len(page.lines) == 2 * LINES_AN_END:
            count = yield from count_in_slices(self._archive, of_stream, start, end)
            last = yield from page_in_slices(self._archive, of_stream, end, LINES_AN_END)
            left_out = count - 2 * LINES_AN_END
            lines = lines_of((*page.lines[:LINES_AN_END], *last.lines), told)
        return _occurrence(told, lines, left_out, is_complete=self._is_text_complete(told, lines))

    def _is_text_complete(self, told: ToldOccurrence, lines: Sequence[LogLine]) -> bool:
        """Whether every line of its time was read and is held."""
        begin_ms, oldest = told.begin_ms, self._archive.first_key
        if begin_ms is None and lines:
            begin_ms = lines[0].timestamp_ms
        if begin_ms is None or oldest is None:
            return False
        begin_ms -= int(told.init_ms)
        is_held = not self._archive.lines_fallen_off or oldest.timestamp_ms < begin_ms
        end_ms = told.invocation.ended_ms or max(begin_ms, lines[-1].timestamp_ms if lines else begin_ms)
        return is_held and self._store.is_read_in_full(told.ledger, begin_ms, end_ms)

    def _whole(
        self,
        occurrences: Sequence[RequestOccurrence],
        ids: CorrelationIds = (),
        linked: tuple[LinkedRequest, ...] = (),
        *,
        is_complete: bool = True,
    ) -> RequestAnswer:
        newest = occurrences[-1]
        trace_id, is_sampled = _tracing(occurrences)
        return RequestAnswer(
            topic=self._question.topic,
            number=self._question.number,
            request_id=newest.invocation.request_id,
            occurrences=tuple(occurrences),
            correlation_ids=ids,
            linked=linked,
            trace_id=trace_id,
            is_sampled=is_sampled,
            trace=None if trace_id is None else self._store.trace(newest.function.scope, trace_id),
            is_complete=is_complete,
        )


def _occurrence(
    told: ToldOccurrence, lines: Sequence[LogLine] = (), left_out: int = 0, *, is_complete: bool = False
) -> RequestOccurrence:
    return RequestOccurrence(
        function=told.key,
        invocation=told.invocation,
        lines=tuple(lines),
        lines_left_out=left_out,
        is_text_complete=is_complete,
        is_init_suppressed=told.is_init_suppressed,
        is_stream_shared=told.is_stream_shared,
        cost_usd=told.cost_usd,
    )


def _tracing(occurrences: Sequence[RequestOccurrence]) -> tuple[str | None, bool | None]:
    """Return the newest trace ID that START or REPORT name, and whether they say that it is sampled."""
    for one in reversed(occurrences):
        trace_id, is_sampled = one.invocation.trace_id, None
        for line in one.lines:
            record = parse_log_line(line.message) if line.kind in ("start", "report") else None
            if isinstance(record, Start | Report) and record.request_id == one.invocation.request_id:
                trace_id = trace_id or record.trace_id
                is_sampled = is_sampled if record.sampled is None else record.sampled
        if trace_id is not None:
            return trace_id, is_sampled
    return None, None
