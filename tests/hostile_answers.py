"""Answers to the screen's questions whose every foreign text is hostile; lines come from the real archive."""

from collections.abc import Sequence

from lambdatop.engine.log_reading import LogReading
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.model.log_line import FIRST_KEY, LogFilter, LogLine
from lambdatop.model.query import (
    DefinitionList,
    DefinitionsFound,
    FieldList,
    FieldsFound,
    QueryDefinition,
    QueryOutcome,
    QueryParameter,
    QueryProblem,
    QueryProgress,
    QueryRun,
    QueryStatistics,
    QueryTask,
    RecordFound,
)
from lambdatop.model.question import (
    Answer,
    Environment,
    EnvironmentAnswer,
    EnvironmentQuestion,
    ErrorAnswer,
    ErrorFailure,
    ErrorPlace,
    ErrorQuestion,
    LinkedRequest,
    LogQuestion,
    QueryAnswer,
    QueryQuestion,
    Question,
    RequestAnswer,
    RequestCandidate,
    RequestOccurrence,
    RequestQuestion,
)
from lambdatop.model.snapshot import LogEventReference, Snapshot
from lambdatop.model.statistics import Invocation
from lambdatop.model.trace import TraceSummary
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store
from tests.hostile_text import log_messages

SCOPE = Scope("123456789012", "eu-west-1")
_STEP_TEXT_BYTES = 1 << 30
"""Each answer is whole at once, as nobody waits."""
_ENVIRONMENT_ID = "0123456789abcdef" * 2


class HostileAnswers:
    """One function a text, which has logged the text in every way; half of the log streams are the text, too."""

    def __init__(self, texts: Sequence[str], now_ms: int) -> None:
        self._texts = texts
        self._now_ms = now_ms
        self._store = Store(now_ms - 900_000)
        self._archive = LogArchive()
        self._last_ms = now_ms - 600_000
        self.tasks: dict[int, QueryTask] = {}
        """All that was ever wanted of Logs Insights."""
        for number in range(len(texts)):
            self._write(number, log_messages(texts[number], number))

    def write(self, number: int) -> None:
        """Have one of the functions log something more."""
        self._write(number % len(self._texts), [self._texts[number % len(self._texts)]])

    def answer(self, question: Question, known: Snapshot) -> Answer:
        """Return the whole answer."""
        match question:
            case LogQuestion():
                reading = LogReading(question, self._store, self._archive, _STEP_TEXT_BYTES)
                while True:
                    answer = reading.step(known.taken_at_ms)
                    if answer is not None and reading.is_done:
                        return answer
            case RequestQuestion():
                return self._request(question)
            case ErrorQuestion():
                return self._error(question, known)
            case EnvironmentQuestion():
                return self._environments(question)
            case QueryQuestion():
                outcome = self._outcome(self.tasks[question.task])
                rows = len(outcome.rows) if isinstance(outcome, QueryProgress) else 0
                return QueryAnswer(topic=question.topic, number=question.number, outcome=outcome, row_count=rows)

    def _outcome(self, task: QueryTask) -> QueryOutcome:
        """Return rows, fields and saved queries that are the texts; a query that says so is refused in their words."""
        texts = self._texts
        match task:
            case DefinitionList():
                definitions = tuple(
                    QueryDefinition(
                        name=text[:300],
                        text=text,
                        log_groups=(text,),
                        parameters=(QueryParameter(name="a", default=text, description=text),),
                        description=text,
                    )
                    for text in texts
                )
                return DefinitionsFound(number=0, definitions=definitions)
            case FieldList():
                return FieldsFound(number=0, fields=tuple((text[:200], 50) for text in texts))
            case QueryRun():
                problem = QueryProblem(sentence=texts[1], code=texts[1], remedy=texts[2], start=3, end=5)
                is_refused = "refused" in task.text
                columns = ("@timestamp", "@message", texts[0][:200], "n")
                return QueryProgress(
                    number=0,
                    status="refused" if is_refused else "complete",
                    columns=() if is_refused else columns,
                    rows=() if is_refused else tuple(_row(at, text) for at, text in enumerate(texts)),
                    pointers=() if is_refused else tuple(texts),
                    statistics=QueryStatistics(records_matched=3),
                    problem=problem if is_refused else None,
                )
            case _:
                return RecordFound(number=0, fields={text[:200]: text for text in texts})

    def _write(self, number: int, messages: Sequence[str]) -> None:
        text = self._texts[number]
        stream = text[:500] if number % 2 else f"2026/11/21/[$LATEST]{_ENVIRONMENT_ID}"
        index = self._archive.function_index(FunctionKey(*SCOPE, text))
        events = []
        for message in messages:
            self._last_ms += 100
            events.append((index, LogEvent(stream, self._last_ms, message, self._last_ms)))
        self._archive.append(events)

    def _lines(self, text: str) -> tuple[LogLine, ...]:
        of_text = LogFilter(functions=(FunctionKey(*SCOPE, text),))
        return self._archive.page(of_text, FIRST_KEY, 0, 100, _STEP_TEXT_BYTES).lines

    def _request(self, question: RequestQuestion) -> RequestAnswer:
        """Return a request with a few occurrences; of one that was asked for by its beginning, who may be meant."""
        texts, topic, number = self._texts, question.topic, question.number
        keys = [FunctionKey(*SCOPE, text) for text in texts]
        if question.request_id is not None and len(question.request_id) < 6:
            candidates = [
                RequestCandidate(function=key, request_id=key.name, started_ms=self._now_ms, failure="runtime_exit")
                for key in keys
            ]
            return RequestAnswer(
                topic=topic, number=number, candidates=tuple(candidates), candidate_count=len(candidates)
            )
        wanted = question.function.name if question.function is not None else texts[0]
        occurring = [wanted, *texts[:3]]
        return RequestAnswer(
            topic=topic,
            number=number,
            request_id=wanted,
            occurrences=tuple(self._occurrence(text) for text in occurring),
            correlation_ids=tuple((text[:200], text[:200]) for text in texts),
            linked=tuple(
                LinkedRequest(
                    field=key.name,
                    value=key.name,
                    function=key,
                    request_id=key.name,
                    first_ms=self._now_ms,
                    line_count=3,
                )
                for key in keys
            ),
            trace_id=wanted,
            is_sampled=True,
            trace=trace(wanted, self._now_ms),
        )

    def _occurrence(self, text: str) -> RequestOccurrence:
        key = FunctionKey(*SCOPE, text)
        lines = self._lines(text)
        return RequestOccurrence(
            function=key, invocation=invocation(text, self._now_ms), lines=lines, is_stream_shared=True
        )

    def _error(self, question: ErrorQuestion, known: Snapshot) -> ErrorAnswer:
        texts = self._texts
        return ErrorAnswer(
            topic=question.topic,
            number=question.number,
            group=next((group for group in known.error_groups if group.signature == question.signature), None),
            failures=tuple(
                ErrorFailure(
                    reference=LogEventReference(
                        log_group=text,
                        log_stream=text,
                        timestamp_ms=known.taken_at_ms,
                        function=FunctionKey(*SCOPE, text),
                        request_id=text if number % 2 else None,
                        version=text,
                    ),
                    failed_ms=known.taken_at_ms,
                    message=text,
                )
                for number, text in enumerate(texts)
            ),
            places=tuple(ErrorPlace(function=FunctionKey(*SCOPE, text), version=text, count=1) for text in texts),
            sample_text="\n".join(text[:500] for text in texts),
        )

    def _environments(self, question: EnvironmentQuestion) -> EnvironmentAnswer:
        return EnvironmentAnswer(
            topic=question.topic,
            number=question.number,
            function=question.function,
            environments=tuple(
                Environment(
                    log_stream=text,
                    version=text,
                    state="busy",
                    first_seen_ms=self._now_ms - 60_000,
                    last_seen_ms=self._now_ms,
                    invocations=3,
                    failures=1,
                    memory_used_mb=80,
                    memory_size_mb=128,
                    memory_mb=(70, 80),
                )
                for text in self._texts
            ),
        )


def invocation(text: str, now_ms: int) -> Invocation:
    """Return a failed invocation with the text in its every field."""
    return Invocation(
        request_id=text,
        log_stream=text,
        version=text,
        started_ms=now_ms - 5000,
        ended_ms=now_ms,
        duration_ms=3.0,
        failure="unhandled_exception",
        error_type=text,
        trace_id=text,
    )


def trace(text: str, now_ms: int) -> TraceSummary:
    """Return a faulted trace with the text in its every field."""
    return TraceSummary(
        scope=SCOPE,
        trace_id=text,
        start_ms=now_ms - 5000,
        duration_s=1.5,
        has_fault=True,
        entry_point=text,
        root_cause_service=text,
        root_cause_message=text,
        http_method=text,
        http_url=text,
        services=(text,),
    )


def _row(at: int, text: str) -> tuple[str, ...]:
    return "2026-11-21 02:00:00.000", text, text, str(at)
