"""The source of what the screen wants of Logs Insights: the tasks that the view names, and no others, are worked on."""

import threading
from collections.abc import Callable, Iterator

from lambdatop.model.delivery import Delivery, QueryOutcomeDelivered
from lambdatop.model.query import QueryOutcome, QueryProblem, QueryProgress, QueryRun, QueryTask
from lambdatop.model.source_status import SourceStatus
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.query_claims import QueryClaims
from lambdatop.sources.query_endpoint import QueryEndpoint
from lambdatop.sources.query_execution import RETRIES_S, QueryExecution
from lambdatop.sources.query_lookup import Lookup, outcome_of, trouble_of
from lambdatop.sources.watch import Watch

LOST = QueryProblem(
    sentence="Collecting was started anew, so the rows of this query are gone.", remedy="Run the query again."
)


class _Asked:
    """A lookup that has no answer yet."""

    def __init__(self, task: Lookup) -> None:
        self.task = task
        self.due_ms = 0
        self.tries = 0
        self.failure: SourceFailure | None = None


class Queries:
    """Runs queries and lookups for the view, one call at a time; a query that it names no more is stopped at AWS."""

    name = "queries"
    parallel = 1

    def __init__(self, call: AwsCall, watch: Watch, claims: QueryClaims | None = None) -> None:
        self._call = call
        self._watch = watch
        self._claims = claims or QueryClaims()
        self._lock = threading.Lock()
        self._endpoint: QueryEndpoint | None = None
        self._known: set[int] = set()
        """Tasks of the view that were begun, among them those that are over."""
        self._running: dict[int, QueryExecution] = {}
        self._leaving: dict[int, QueryExecution] = {}
        """Queries that nobody wants any more and AWS still runs."""
        self._lookups: dict[int, _Asked] = {}
        self._done = 0
        self._generation = 0
        self._last_success_ms: int | None = None
        self._is_ending = False

    def next_due_ms(self) -> int | None:
        """When the next call is due: at once for a task that is new or wanted no more."""
        with self._lock:
            if self._is_ending or self._watch.scope is None:
                return None
            is_login_new = self._generation != self._watch.generation and self._troubles()
            if is_login_new or self._news() or self._known - self._wanted().keys():
                return 0
            return min((due_ms for due_ms, _ in self._due()), default=None)

    def poll(self, now_ms: int) -> Iterator[Delivery]:
        """Take in what the view names now, do what has been due longest, and tell what has changed by it."""
        with self._lock:
            outcomes = [] if self._is_ending else [*self._take_in(now_ms), *self._work(now_ms)]
            scope = self._watch.scope
        for outcome in outcomes:
            if scope is not None:
                yield QueryOutcomeDelivered(scope=scope, outcome=outcome)

    def end(self) -> None:
        """Tell AWS to stop all that runs, and begin nothing more; takes a call for each query."""
        self._is_ending = True
        with self._lock:
            for execution in (*self._running.values(), *self._leaving.values()):
                execution.abandon()

    def status(self, now_ms: int) -> SourceStatus:  # noqa: ARG002  nothing of it depends on the time
        """How many run, and what keeps them."""
        running = list(self._running.values())
        waiting = sum(one.progress.status == "waiting" for one in running)
        parts = [f"{len(running) - waiting} running"] if len(running) > waiting else []
        parts += [f"{waiting} waiting"] if waiting else []
        parts += [f"{self._done} done"] if self._done else []
        detail = ", ".join(parts) or "no query was asked"
        failure = next(iter(self._troubles()), None)
        if failure is None:
            return SourceStatus(name=self.name, state="working", detail=detail, last_success_ms=self._last_success_ms)
        problem = next((one.progress.problem for one in running if one.failure is failure), None)
        sentence = problem.sentence if problem is not None else failure.sentence
        remedy = problem.remedy if problem is not None else failure.remedy
        return SourceStatus(name=self.name, state=failure.state, detail=f"{detail}: {sentence}", remedy=remedy)

    def has_first_answer(self) -> bool:
        """Always: nothing is read unless it is asked for."""
        return True

    def _wanted(self) -> dict[int, QueryTask]:
        scope = self._watch.scope
        return {task.number: task for task in self._watch.view.query_tasks if task.scope == scope}

    def _news(self) -> list[QueryTask]:
        """Return tasks that are ours to begin."""
        return [
            task
            for number, task in self._wanted().items()
            if number not in self._known and self._claims.take(number, self)
        ]

    def _troubles(self) -> list[SourceFailure]:
        return [one.failure for one in self._jobs() if one.failure is not None]

    def _jobs(self) -> list[QueryExecution | _Asked]:
        return [*self._running.values(), *self._leaving.values(), *self._lookups.values()]

    def _take_in(self, now_ms: int) -> Iterator[QueryOutcome]:
        """Begin what is new and leave what is named no more."""
        for number in self._known - self._wanted().keys():
            self._known.discard(number)
            self._claims.give_back(number)
            self._lookups.pop(number, None)
            execution = self._running.pop(number, None)
            if execution is not None:
                execution.stop(now_ms)
                if not execution.is_over:
                    self._leaving[number] = execution
        for task in self._news():
            self._known.add(task.number)
            if not isinstance(task, QueryRun):
                self._lookups[task.number] = _Asked(task)
            elif task.number in self._watch.lost_tasks and not task.is_estimate:
                yield QueryProgress(number=task.number, status="failed", problem=LOST)
            else:
                self._running[task.number] = QueryExecution(self._call, task, self._its_endpoint())
        if self._generation != self._watch.generation:
            self._generation = self._watch.generation
            for one in self._jobs():
                one.due_ms = min(one.due_ms, now_ms)

    def _its_endpoint(self) -> QueryEndpoint:
        if self._endpoint is None:
            self._endpoint = QueryEndpoint(is_trusted=None if self._call.clients.is_custom_endpoint else True)
        return self._endpoint

    def _due(self) -> list[tuple[int, Callable[[int], QueryOutcome | None]]]:
        """Return what there is to do, with its time."""
        return [
            *((asked.due_ms, lambda now_ms, one=asked: self._look_up(one, now_ms)) for asked in self._lookups.values()),
            *((one.due_ms, lambda now_ms, one=one: self._advance(one, now_ms)) for one in self._running.values()),
            *((one.due_ms, lambda now_ms, one=one: self._leave(one, now_ms)) for one in self._leaving.values()),
        ]

    def _work(self, now_ms: int) -> Iterator[QueryOutcome]:
        due_ms, act = min(self._due(), key=lambda one: one[0], default=(now_ms + 1, None))
        outcome = act(now_ms) if act is not None and due_ms <= now_ms else None
        if outcome is not None:
            yield outcome

    def _advance(self, execution: QueryExecution, now_ms: int) -> QueryOutcome | None:
        before = execution.progress
        progress = execution.poll(now_ms)
        if execution.failure is None:
            self._last_success_ms = now_ms
        if execution.is_over:
            del self._running[progress.number]
            self._done += 1
        return None if progress == before else progress

    def _leave(self, execution: QueryExecution, now_ms: int) -> None:
        execution.poll(now_ms)
        if execution.is_over:
            del self._leaving[execution.progress.number]

    def _look_up(self, asked: _Asked, now_ms: int) -> QueryOutcome | None:
        try:
            outcome = outcome_of(self._call, asked.task)
        except SourceFailure as failure:
            asked.due_ms = now_ms + RETRIES_S[min(asked.tries, len(RETRIES_S) - 1)] * 1000
            asked.tries, asked.failure = asked.tries + 1, failure
            return None if failure.state == "throttled" else trouble_of(asked.task, failure)
        self._last_success_ms = now_ms
        del self._lookups[asked.task.number]
        return outcome
