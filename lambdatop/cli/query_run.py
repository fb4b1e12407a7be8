"""One run of `query`: asks, tells on stderr how far it is, and stops the query on a signal or at the limit."""

import contextlib
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from msgspec.structs import replace

from lambdatop.cli import output
from lambdatop.cli.failure import CommandError, ExitCode, Terminated
from lambdatop.cli.query_account import stated_failure
from lambdatop.cli.query_output import Output, write_estimate
from lambdatop.cli.tail_run import Interruption
from lambdatop.engine import clock
from lambdatop.insights.query_facts import commands_in
from lambdatop.model.query import MAX_QUERY_ROWS, QueryProblem, QueryProgress, QueryRun
from lambdatop.render.printable import printable
from lambdatop.render.query_words import cut_sentence, problem_lines, progress_line
from lambdatop.render.span import Line
from lambdatop.render.words import joined, said
from lambdatop.sources.api_price import insights_price_usd
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.query_execution import QueryExecution

GIGABYTE = 1_000_000_000
SLICE_S = 0.1
"""How soon a signal is noticed."""
_CANNOT_WAIT = ("credentials", "failed")
"""What keeps a query from starting, and will not go away while somebody waits at a prompt."""
PATIENCE_MS = 20_000
"""How long AWS's own trouble (5xx) may keep a query from starting."""


class _Stopping(Interruption):
    """The first signal is answered at once, though AWS may take long to hear of it where the network does not work."""

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.signal_number is None:
            with contextlib.suppress(RuntimeError):  # it came in the midst of writing
                output.show_progress("stopping the query at AWS; ctrl+c leaves without")
        super()._ask(number, frame)


class QueryRunner:
    """Runs queries one after the other with a line of progress that is replaced, where stderr is a terminal."""

    def __init__(self, execute: Callable[[QueryRun], QueryExecution], now_ms: Callable[[], int] = clock.now_ms) -> None:
        self._execute = execute
        self._now_ms = now_ms
        self._interruption = _Stopping()
        self._failing_since_ms: int | None = None
        self._said: set[str] = set()

    def run(self, run: QueryRun) -> QueryProgress:
        """Return how the query ended.

        Raises CommandError where it could not be asked for, and after a signal, which stops it, KeyboardInterrupt
        or Terminated.
        """
        execution = self._execute(run)
        self._failing_since_ms = None
        with self._interruption.listening(), output.replaced_line() as show:
            try:
                while not execution.is_over:
                    progress = execution.poll(self._now_ms())
                    show(_line_of(progress, self._now_ms()))
                    self._give_up(execution)
                    self._say_once(execution)
                    self._wait(execution)
                    if self._interruption.signal_number is not None:
                        execution.stop(self._now_ms())
                        break
            finally:
                if not execution.is_over:
                    execution.abandon()
        number = self._interruption.signal_number
        if number is not None:
            output.say_line(_line_of(execution.progress, self._now_ms()))
            if number != signal.SIGINT:
                raise Terminated(number)
            raise KeyboardInterrupt
        return execution.progress

    def estimate(self, run: QueryRun) -> QueryProgress:
        """Return what the query would scan, which is free."""
        return self.run(replace(run, is_estimate=True, max_bytes=None))

    def _give_up(self, execution: QueryExecution) -> None:
        """Raise CommandError where it has not started and cannot, such as without a login."""
        failure = execution.failure
        if execution.is_over or execution.progress.status != "waiting" or failure is None:
            self._failing_since_ms = None
        elif failure.state in _CANNOT_WAIT:
            self._failing_since_ms = self._failing_since_ms or self._now_ms()
            if not _is_passing(failure) or self._now_ms() - self._failing_since_ms >= PATIENCE_MS:
                execution.abandon()
                raise stated_failure(failure)

    def _say_once(self, execution: QueryExecution) -> None:
        """Tell a trouble that the query waits for where no line of progress tells it."""
        problem = execution.progress.problem
        if problem is not None and not execution.is_over and not output.is_terminal(sys.stderr):
            if problem.sentence not in self._said:
                output.say(f"lambdatop: {problem.sentence}")
            self._said.add(problem.sentence)

    def _wait(self, execution: QueryExecution) -> None:
        while not execution.is_over and self._interruption.signal_number is None:
            wait_s = (execution.due_ms - self._now_ms()) / 1000
            if wait_s <= 0:
                return
            time.sleep(min(SLICE_S, wait_s))


def _is_passing(failure: SourceFailure) -> bool:
    """Return whether AWS answered that it has trouble of its own."""
    response = getattr(failure.__cause__, "response", None)
    return isinstance(response, dict) and response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500


def _line_of(progress: QueryProgress, now_ms: int) -> Line:
    """Return how far a query is, with the trouble that keeps it from going on."""
    line = progress_line(progress, now_ms)
    problem: QueryProblem | None = progress.problem
    return line if problem is None else joined((line, (said(printable(problem.sentence, 300), "warning"),)), " · ")


def refuse_beyond(estimate: QueryProgress, max_gb: float) -> None:
    """Raise CommandError where an estimate says that more would be scanned than is allowed."""
    scanned = estimate.estimated_bytes
    if scanned is None:
        reason = estimate.problem.sentence if estimate.problem else "AWS did not say"
        output.say(f"lambdatop: what it will scan is not known beforehand: {reason} It is stopped at {max_gb:g} GB.")
    elif scanned > max_gb * GIGABYTE:
        raise _too_much(scanned, max_gb)


def _too_much(scanned: float, max_gb: float) -> CommandError:
    return CommandError(
        ExitCode.FAIL_ON_MATCHED,
        f"it would scan about {scanned / GIGABYTE:.3g} GB, and --max-gb allows {max_gb:g}",
        "a shorter --since, fewer log groups, or a larger --max-gb",
    )


def tell_estimate(estimate: QueryProgress, text: str, max_gb: float | None, out: Output) -> int:
    """Write what a query would scan and cost; returns the exit code, and raises CommandError beyond the limit."""
    scanned = estimate.estimated_bytes
    if scanned is None:
        return tell_failure(estimate, text)
    write_estimate(scanned, insights_price_usd(scanned), out)
    if max_gb is not None and scanned > max_gb * GIGABYTE:
        raise _too_much(scanned, max_gb)
    return ExitCode.FINE


def tell_failure(progress: QueryProgress, text: str) -> int:
    """Say on stderr why there are no rows, with the place where AWS names one; returns the exit code."""
    if progress.problem is not None:
        width = max(40, output.terminal_width()) if output.is_terminal(sys.stderr) else 10_000
        for line in problem_lines(progress.problem, text, width):
            output.say_line(line)
    output.say_line(progress_line(progress, progress.ended_ms or 0))
    return ExitCode.FAIL_ON_MATCHED if progress.status == "cancelled" else ExitCode.AWS


def tell_end(progress: QueryProgress, text: str, limit: int | None) -> None:
    """Say on stderr what a query that is complete has done and cost, and whether more match where it set no limit."""
    output.say_line(progress_line(progress, progress.ended_ms or 0))
    sentence = cut_sentence(progress, limit, f"say --limit {MAX_QUERY_ROWS}")
    if sentence is not None and "limit" not in commands_in(text):
        output.say(f"lambdatop: {sentence}")
