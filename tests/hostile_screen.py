"""The real screen over a snapshot whose every foreign text is hostile (or, to compare, harmless).

python -m tests.hostile_screen hostile|harmless [by-locale]

By the locale, it draws in ASCII where that has no UTF-8.
"""

import os
import sys
import threading
import time

import msgspec

from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.question import Question
from lambdatop.model.queue_depth import QueueDepth, QueueSource
from lambdatop.model.snapshot import AccountSnapshot, ErrorGroup, Snapshot, TraceStatistics
from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.model.statistics import (
    ErrorKinds,
    ErrorSample,
    FunctionDetail,
    FunctionQueue,
    FunctionStatistics,
    Health,
    Note,
    Percentiles,
    VersionStatistics,
    WindowStatistics,
)
from lambdatop.model.view import WINDOWS, View
from lambdatop.ui.terminal import draws_ascii, prepare_environment
from tests.hostile_answers import SCOPE, HostileAnswers, invocation, trace
from tests.hostile_text import HARMLESS, HOSTILE
from tests.scripted_engine import ScriptedEngine


class HostileEngine(ScriptedEngine):
    """Also knows the details of whichever function is opened, and answers; with every snapshot comes a log line."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__(lambda: [snapshot(texts)])
        self._answers = HostileAnswers(texts, time.time_ns() // 1_000_000)
        self._standing: dict[str, Question] = {}
        self._focus: FunctionKey | None = None
        self._written = 0
        self._lock = threading.Lock()

    def set_view(self, view: View) -> None:
        self._focus = view.focus
        self._answers.tasks.update({task.number: task for task in view.query_tasks})
        self._publish(self.latest)

    def ask(self, question: Question) -> None:
        with self._lock:
            self._standing.pop(question.topic, None)
            self.hear(self._answers.answer(question, self.latest))
            if question.is_standing:
                self._standing[question.topic] = question

    def withdraw(self, topic: str) -> None:
        with self._lock:
            self._standing.pop(topic, None)

    def _publish(self, snapshot: Snapshot) -> None:
        detail = None if self._focus is None else _detail(self._focus, snapshot.taken_at_ms)
        super()._publish(msgspec.structs.replace(snapshot, detail=detail))
        with self._lock:
            self._written += 1
            self._answers.write(self._written)
            for question in self._standing.values():
                self.hear(self._answers.answer(question, self.latest))


def snapshot(texts: list[str]) -> Snapshot:
    """Return a snapshot that shows each text everywhere a user's or AWS's text is shown."""
    now_ms = time.time_ns() // 1_000_000
    keys = [FunctionKey(*SCOPE, text) for text in texts]
    return Snapshot(
        taken_at_ms=now_ms,
        started_at_ms=now_ms - 900_000,
        window_start_ms=now_ms - 900_000,
        accounts=(AccountSnapshot(scope=SCOPE, in_use=3, peak=4),),
        functions=tuple(_row(key, now_ms) for key in keys),
        total=_statistics(now_ms),
        queues=tuple(_queue(key, now_ms) for key in keys),
        traces=TraceStatistics(
            count=len(texts),
            faults=len(texts),
            duration_s=Percentiles(count=9, p50=0.1, p95=0.2, p99=0.3, max=1),
            slowest=tuple(trace(text, now_ms) for text in texts),
            faulted=tuple(trace(text, now_ms) for text in texts),
            blind_reason=texts[0],
        ),
        error_groups=tuple(
            ErrorGroup(
                signature=text,
                kind="unhandled_exception",
                error_type=text,
                message=text,
                count=9,
                first_seen_ms=now_ms - 60_000,
                last_seen_ms=now_ms,
                functions=(FunctionKey(*SCOPE, text),),
                versions=(text,),
            )
            for text in texts
        ),
        sources=tuple(
            SourceStatus(name=f"source {number}", state="failed", detail=text, remedy=text)
            for number, text in enumerate(texts)
        ),
        api=ApiUsage(calls={texts[0]: 3}),
        complete_to_ms=now_ms,
        notice=texts[0],
    )


def _statistics(now_ms: int) -> WindowStatistics:
    return WindowStatistics(
        start_ms=now_ms - 900_000,
        end_ms=now_ms,
        invocations=100,
        error_kinds=ErrorKinds(unhandled_exception=50),
        throttles=3,
        cold_starts=9,
        duration_ms=Percentiles(count=100, p50=5, p95=6, p99=7, max=8),
    )


def _row(key: FunctionKey, now_ms: int) -> FunctionStatistics:
    text = key.name
    return FunctionStatistics(
        function=LambdaFunction(
            key=key, arn=text, runtime=text, architecture=text, log_group=text, dead_letter_target_arn=text
        ),
        health=Health(state="failing", reason=text, since_ms=now_ms - 60_000),
        window=_statistics(now_ms),
        versions=(VersionStatistics(version=text, statistics=_statistics(now_ms), last_seen_ms=now_ms),),
        queue=FunctionQueue(name=text, depth=5),
        last_seen_ms=now_ms,
        notes=(Note(field="invocations", text=text), Note(field=text, text=text)),
    )


def _queue(key: FunctionKey, now_ms: int) -> QueueDepth:
    return QueueDepth(
        scope=SCOPE,
        name=key.name,
        arn=key.name,
        depth=5,
        in_flight=1,
        sources=(QueueSource(function=key, role="source_redrive", via=key.name),),
        read_at_ms=now_ms,
        note=key.name,
    )


def _detail(key: FunctionKey, now_ms: int) -> FunctionDetail:
    text = key.name
    return FunctionDetail(
        key=key,
        windows={window: _statistics(now_ms) for window in WINDOWS},
        versions=(VersionStatistics(version=text, statistics=_statistics(now_ms), last_seen_ms=now_ms),),
        recent_invocations=(invocation(text, now_ms),),
        recent_errors=(
            ErrorSample(
                timestamp_ms=now_ms,
                kind="unhandled_exception",
                request_id=text,
                log_stream=text,
                error_type=text,
                message=text,
                version=text,
            ),
        ),
    )


def main() -> None:
    """Run it until it is told to quit."""
    prepare_environment(os.environ)
    from lambdatop.ui.app import LambdatopApp
    from lambdatop.ui.settings import ScreenSettings

    is_ascii = "by-locale" in sys.argv[2:] and draws_ascii(os.environ)
    texts = list(HOSTILE.values()) if sys.argv[1] == "hostile" else HARMLESS
    LambdatopApp(HostileEngine(texts), ScreenSettings(regions=("eu-west-1",), is_ascii=is_ascii)).run()


if __name__ == "__main__":
    main()
