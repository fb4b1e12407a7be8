"""How a query is waited for: what is told meanwhile, when it is given up, and how signals end it."""

import io
import os
import signal
import sys
import time

import pytest

from lambdatop.cli import output
from lambdatop.cli.failure import CommandError, Terminated
from lambdatop.cli.query_run import PATIENCE_MS, QueryRunner, tell_end
from lambdatop.model.query import QueryProgress
from lambdatop.sources.query_execution import QueryExecution
from tests.sources.fake_call import Answer, FakeCall, refused
from tests.sources.fake_query import STARTED, events, of_aws, out_of_reach, results, run_of, throttled

UNAVAILABLE = of_aws("ServiceUnavailableException", "AWS has trouble.", status=503)
COMPLETE = results("Complete", *events("a"))


class Run:
    """A query with a clock that only sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, start: list[Answer], *answers: Answer) -> None:
        self.now_ms = 1_795_230_000_000
        self.started_ms = self.now_ms
        self.signal_at_ms: tuple[float, signal.Signals] | None = None
        self.errors = io.StringIO()
        self.fake = FakeCall({"StartQuery": start, "GetQueryResults": list(answers), "StopQuery": {}})
        monkeypatch.setattr(time, "sleep", self.sleep)
        monkeypatch.setattr(sys, "stderr", self.errors)

    def sleep(self, seconds: float) -> None:
        self.now_ms += max(1, round(seconds * 1000))
        if self.signal_at_ms is not None and self.now_ms >= self.started_ms + self.signal_at_ms[0]:
            number, self.signal_at_ms = self.signal_at_ms[1], None
            os.kill(os.getpid(), number)

    def end(self) -> QueryProgress:
        runner = QueryRunner(lambda run: QueryExecution(self.fake.call, run), lambda: self.now_ms)
        return runner.run(run_of())

    @property
    def waited_s(self) -> float:
        return (self.now_ms - self.started_ms) / 1000


def test_trouble_of_awss_own_is_waited_for_and_told_once_where_no_line_tells_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = Run(monkeypatch, [UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, STARTED], COMPLETE)
    assert run.end().status == "complete"
    assert run.errors.getvalue().count("ServiceUnavailable") == 1


def test_trouble_that_lasts_and_what_waiting_does_not_help_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [UNAVAILABLE] * 20)
    with pytest.raises(CommandError, match="ServiceUnavailable"):
        run.end()
    assert PATIENCE_MS / 1000 <= run.waited_s < PATIENCE_MS / 1000 + 15
    run = Run(monkeypatch, [out_of_reach()])
    with pytest.raises(CommandError, match="cannot be reached"):
        run.end()
    assert run.waited_s == 0


def test_a_throttled_start_is_waited_for_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [*[throttled()] * 9, STARTED], COMPLETE)
    assert run.end().status == "complete"
    assert run.waited_s > 60


def test_trouble_is_on_the_line_of_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class Shown:
        def __enter__(self) -> object:
            return lambda line: shown.append("".join(span.text for span in line))

        def __exit__(self, *_: object) -> None:
            """Nothing is to be taken back."""

    monkeypatch.setattr(output, "replaced_line", Shown)
    Run(monkeypatch, [STARTED], results("Running"), out_of_reach(), COMPLETE).end()
    assert any("Running" in line and "The query goes on at AWS." in line for line in shown), shown


@pytest.mark.parametrize(("number", "kind"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)])
def test_a_signal_stops_it_at_aws_and_leaves_as_that_signal_does(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals, kind: type[BaseException]
) -> None:
    run = Run(monkeypatch, [STARTED], *[results("Running")] * 5)
    run.signal_at_ms = (1_500, number)
    words: list[str] = []
    monkeypatch.setattr(output, "show_progress", words.append)
    with pytest.raises(kind):
        run.end()
    assert len(run.fake.asked["StopQuery"]) == 1
    assert [one.partition(";")[0] for one in words] == ["stopping the query at AWS"]


def test_denied_answers_end_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(monkeypatch, [STARTED], refused("denied", "AccessDeniedException", "AWS denies it."))
    assert run.end().status == "failed"


def test_who_cut_the_rows_off_is_told_the_option_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = io.StringIO()
    monkeypatch.setattr(sys, "stderr", errors)
    cut = QueryProgress(number=1, status="complete", rows=(("1",),), is_cut=True)
    tell_end(cut, "fields a", 1)
    assert "say --limit 100000" in errors.getvalue()
