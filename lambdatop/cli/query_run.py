"""One run of `query`: asks, tells on stderr how far it is, and stops the query on a signal or at the limit."""

import sys
import time
from collections.abc import Callable

from msgspec.structs import replace

from lambdatop.cli import output
from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.cli.query_account import stated_failure
from lambdatop.cli.tail_run import Interruption
from lambdatop.engine import clock
from lambdatop.insights.query_facts import commands_in
from lambdatop.model.query import QueryProgress, QueryRun
from lambdatop.render.query_words import cut_sentence, estimate_line, problem_lines, progress_line
from lambdatop.sources.api_price import insights_price_usd
from lambdatop.sources.query_execution import QueryExecution

GIGABYTE = 1_000_000_000
SLICE_S = 0.1
"""How soon a signal is noticed."""
_CANNOT_WAIT = ("credentials", "failed")
"""What keeps a query from starting, and will not go away while somebody waits at a prompt."""


class QueryRunner:
    """Runs queries one after the other with a line of progress that is replaced, where stderr is a terminal."""

    def __init__(self, execute: Callable[[QueryRun], QueryExecution], now_ms: Callable[[], int] = clock.now_ms) -> None:
        self._execute = execute
        self._now_ms = now_ms
        self._interruption = Interruption()

    def run(self, run: QueryRun) -> QueryProgress:
        """Return how the query ended.

        Raises CommandError where it could not be asked for, and KeyboardInterrupt after a signal, which stops it.
        """
        execution = self._execute(run)
        with self._interruption.listening(), output.replaced_line() as show:
            try:
                while not execution.is_over:
                    show(progress_line(execution.poll(self._now_ms()), self._now_ms()))
                    self._give_up(execution)
                    self._wait(execution)
                    if self._interruption.signal_number is not None:
                        execution.stop(self._now_ms())
                        break
            finally:
                if not execution.is_over:
                    execution.abandon()
        if self._interruption.signal_number is not None:
            output.say_line(progress_line(execution.progress, self._now_ms()))
            raise KeyboardInterrupt
        return execution.progress

    def estimate(self, run: QueryRun) -> QueryProgress:
        """Return what the query would scan, which is free."""
        return self.run(replace(run, is_estimate=True, max_bytes=None))

    def _give_up(self, execution: QueryExecution) -> None:
        """Raise CommandError where it has not started and cannot, such as without a login."""
        failure = execution.failure
        is_stuck = execution.progress.status == "waiting" and failure is not None and failure.state in _CANNOT_WAIT
        if failure is not None and is_stuck:
            execution.abandon()
            raise stated_failure(failure)

    def _wait(self, execution: QueryExecution) -> None:
        while not execution.is_over and self._interruption.signal_number is None:
            wait_s = (execution.due_ms - self._now_ms()) / 1000
            if wait_s <= 0:
                return
            time.sleep(min(SLICE_S, wait_s))


def refuse_beyond(estimate: QueryProgress, max_gb: float) -> None:
    """Raise CommandError where an estimate says that more would be scanned than is allowed."""
    scanned = estimate.estimated_bytes
    if scanned is None:
        reason = estimate.problem.sentence if estimate.problem else "AWS did not say"
        output.say(f"lambdatop: what it will scan is not known beforehand: {reason} It is stopped at {max_gb:g} GB.")
    elif scanned > max_gb * GIGABYTE:
        raise CommandError(
            ExitCode.FAIL_ON_MATCHED,
            f"it would scan about {scanned / GIGABYTE:.3g} GB, and --max-gb allows {max_gb:g}",
            "a shorter --since, fewer log groups, or a larger --max-gb",
        )


def tell_estimate(estimate: QueryProgress, text: str) -> int:
    """Write what a query would scan and cost; returns the exit code."""
    if estimate.estimated_bytes is None:
        return tell_failure(estimate, text)
    output.write_lines([estimate_line(estimate.estimated_bytes, insights_price_usd(estimate.estimated_bytes))])
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
    sentence = cut_sentence(progress, limit)
    if sentence is not None and "limit" not in commands_in(text):
        output.say(f"lambdatop: {sentence}")
