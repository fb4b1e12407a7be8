"""The engine in a process of its own, so that reading AWS never holds up the screen.

`python -m lambdatop.engine.child` reads what to collect and then views from standard input, as length-prefixed
msgpack, and writes snapshots to standard output. It ends when its input does, and so with its parent, or is told to by
a signal, as a terminal that hangs up tells all its processes; what it has running at AWS is stopped first.
"""

import contextlib
import functools
import os
import signal
import sys
import threading
import time
from typing import BinaryIO

import msgspec

from lambdatop.engine import clock
from lambdatop.engine.engine import Engine
from lambdatop.engine.snapshot_stream import (
    AnswerFrame,
    Assignment,
    FailureFrame,
    Message,
    SnapshotWriter,
    ViewMessage,
    Withdrawal,
    bodies,
    framed,
)
from lambdatop.model.question import Answer
from lambdatop.sources.account import accounts_of
from lambdatop.sources.clock_skew import ClockSkew

WAKE_S = 1.0
LEAVE_S = 2.0
"""How long stopping what runs at AWS may take; nothing else is waited for."""
NICENESS = 5
"""Where there is one core for both, the screen goes first."""


def main() -> None:
    """Serve the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    sys.stdout = sys.stderr
    messages = bodies(sys.stdin.buffer)
    first = next(messages, None)
    if first is None:
        return
    os.nice(NICENESS)
    assignment = msgspec.msgpack.decode(first, type=Assignment)
    engine = engine_of(assignment)
    leave_once = functools.partial(leave, engine, threading.Lock())
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: threading.Thread(target=leave_once, daemon=True).start())

    def listen() -> None:
        for body in messages:
            tell(engine, msgspec.msgpack.decode(body, type=Message))
        leave_once()

    writing, answers = threading.Lock(), AnswerBox()
    engine.listen(answers.put)
    threading.Thread(
        target=send_answers, args=(answers, output, writing), name="lambdatop-answers", daemon=True
    ).start()
    threading.Thread(target=listen, name="lambdatop-views", daemon=True).start()
    engine.start()
    with contextlib.suppress(BrokenPipeError):
        send_snapshots(engine, output, writing)
    leave_once()


def engine_of(assignment: Assignment) -> Engine:
    """Return an engine that has been told what to collect."""
    skew = ClockSkew(clock.now_ms)
    accounts = accounts_of(assignment.accounts, clock.now_ms, time.sleep, skew)
    for account in accounts:
        account.watch.lost_tasks = frozenset(assignment.lost_tasks)
    engine = Engine(accounts, assignment.started_at_ms, now_ms=skew.now_ms, log_lines=assignment.log_lines)
    engine.set_view(assignment.view)
    return engine


def leave(engine: Engine, leaving: threading.Lock) -> None:
    """Stop what runs at AWS and end the process; nothing is to be kept, and a call under way must not delay it."""
    with leaving:
        engine.stop(LEAVE_S)
        os._exit(0)


def tell(engine: Engine, message: Message) -> None:
    """Pass a message of the screen on."""
    if isinstance(message, ViewMessage):
        engine.set_view(message.view)
    elif isinstance(message, Withdrawal):
        engine.withdraw(message.topic)
    else:
        engine.ask(message)


class AnswerBox:
    """Answers on their way out, the newest of each topic: who reads slowly gets fewer, and the engine never waits."""

    def __init__(self) -> None:
        self._waiting: dict[str, Answer] = {}
        self._is_filled = threading.Condition()

    def put(self, answer: Answer) -> None:
        """Let an answer wait to be sent, in place of an older one of its topic."""
        with self._is_filled:
            self._waiting[answer.topic] = answer
            self._is_filled.notify()

    def take(self) -> list[Answer]:
        """Return what waits, as soon as there is any."""
        with self._is_filled:
            self._is_filled.wait_for(lambda: self._waiting)
            answers = list(self._waiting.values())
            self._waiting.clear()
        return answers


def send_answers(answers: AnswerBox, output: BinaryIO, writing: threading.Lock) -> None:
    """Write answers until nobody reads them."""
    with contextlib.suppress(BrokenPipeError):
        while True:
            for answer in answers.take():
                with writing:
                    output.write(framed(AnswerFrame(answer)))


def send_snapshots(engine: Engine, output: BinaryIO, writing: threading.Lock) -> None:
    """Write every snapshot that the engine publishes, or why there can be none, until nobody reads them."""
    writer = SnapshotWriter()
    latest, sent_defects, is_failure_sent = None, 0, False
    while True:
        failure = engine.failure
        if failure is not None and not is_failure_sent:
            with writing:
                output.write(framed(FailureFrame(failure.state, failure.sentence, failure.remedy, failure.exit_code)))
            is_failure_sent = True
        snapshot = engine.wait_for_snapshot(latest, WAKE_S)
        if snapshot is latest:
            continue
        latest = snapshot
        defects = engine.defects[sent_defects:]
        sent_defects += len(defects)
        for frame in writer.frames(snapshot, defects):
            with writing:
                output.write(frame)


if __name__ == "__main__":
    main()
