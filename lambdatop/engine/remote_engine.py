"""The screen's end of an engine that runs in a process of its own."""

import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO, TYPE_CHECKING

import msgspec

from lambdatop.engine import clock
from lambdatop.engine.snapshot_stream import Assignment, SnapshotReader, ViewMessage, Withdrawal, bodies, framed
from lambdatop.model.question import Answer, Question, is_whole
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.view import View
from lambdatop.sources.account_options import AccountOptions
from lambdatop.sources.failure import SourceFailure

if TYPE_CHECKING:
    import subprocess

RESTART_AFTER_S = 5.0
STOP_S = 3.0
"""How long a process may take to end, which has two seconds to stop what it has running at AWS."""
COMMAND = (sys.executable, "-m", "lambdatop.engine.child")


class RemoteEngine:
    """Starts the engine's process, passes views on and holds the latest snapshot.

    Decoding runs in a thread of its own, a few rows at a time. Should the process end by itself, the last snapshot
    stays with a notice, and another process is started that reads everything again.
    """

    def __init__(
        self,
        accounts: Sequence[AccountOptions],
        started_at_ms: int,
        now_ms: Callable[[], int] = clock.now_ms,
        command: Sequence[str] = COMMAND,
        log_lines: int = 0,
    ) -> None:
        self._accounts = list(accounts)
        self._started_at_ms = started_at_ms
        self._command = list(command)
        self._log_lines = log_lines
        self._view = View()
        self._questions: dict[str, Question] = {}
        self._hear: Callable[[Answer], None] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._told_tasks: set[int] = set()
        """Tasks that any process was told of."""
        self._sending = threading.Lock()
        self.failure: SourceFailure | None = None
        """Why no account can be connected to; the screen then has nothing to show."""
        self.defects: list[str] = []
        self.latest: Snapshot = Snapshot(taken_at_ms=now_ms(), started_at_ms=started_at_ms)

    def start(self) -> None:
        """Start collecting; returns at once."""
        self._thread = threading.Thread(target=self._keep_running, name="lambdatop-snapshots", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = STOP_S) -> None:
        """End the process: closing its input asks it to, and it is killed if it does not."""
        self._stopping.set()
        process = self._process
        if process is not None and process.stdin is not None:
            with self._sending:
                close_quietly(process.stdin)
        if self._thread is not None:
            self._thread.join(timeout_s)
        if process is not None and process.poll() is None:
            process.kill()
            if self._thread is not None:
                self._thread.join(timeout_s)

    def set_view(self, view: View) -> None:
        """Say what the user looks at; a snapshot of it follows."""
        if view == self._view:
            return
        self._view = view
        if self._send(ViewMessage(view)):
            self._told_tasks |= {task.number for task in view.query_tasks}

    def listen(self, hear: Callable[[Answer], None]) -> None:
        """Have `hear` called with every answer, in the thread that reads them."""
        self._hear = hear

    def ask(self, question: Question) -> None:
        """Ask, in place of what was asked before of the same topic."""
        self._questions[question.topic] = question
        self._send(question)

    def withdraw(self, topic: str) -> None:
        """Ask nothing more of a topic."""
        if self._questions.pop(topic, None) is not None:
            self._send(Withdrawal(topic))

    def _send(self, message: msgspec.Struct) -> bool:
        """Return whether there is a process that may have been told."""
        process = self._process
        if process is None or process.stdin is None:
            return False
        with self._sending:
            write_quietly(process.stdin, framed(message))
        return True

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            self._run_once()
            if self.failure is not None or self._stopping.is_set():
                return
            notice = f"Collecting ended unexpectedly; it starts again in {RESTART_AFTER_S:.0f} s."
            self.latest = msgspec.structs.replace(self.latest, notice=notice)
            self._stopping.wait(RESTART_AFTER_S)

    def _run_once(self) -> None:
        import subprocess

        with subprocess.Popen(  # noqa: S603  this program itself
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            complaining = threading.Thread(
                target=self._keep_complaints, args=(process.stderr,), name="lambdatop-complaints", daemon=True
            )
            complaining.start()
            self._begin(process)
            if process.stdout is not None:
                self._read(process.stdout)
            complaining.join()
            if process.stdin is not None:
                close_quietly(process.stdin)

    def _begin(self, process: "subprocess.Popen[bytes]") -> None:
        """Tell a new process what to do before it is told anything else, and ask again what stands."""
        view = self._view
        numbers = {task.number for task in view.query_tasks}
        lost = sorted(numbers & self._told_tasks)
        assignment = Assignment(self._accounts, self._started_at_ms, view, self._log_lines, lost)
        self._told_tasks |= numbers
        messages: list[msgspec.Struct] = [assignment, *self._questions.values()]
        with self._sending:
            self._process = process
            if process.stdin is not None:
                write_quietly(process.stdin, b"".join(map(framed, messages)))

    def _read(self, stream: IO[bytes]) -> None:
        reader = SnapshotReader()
        reader.hear = self._take_answer
        for body in bodies(stream):
            snapshot = reader.take(body)
            self.failure = reader.failure
            if reader.defects:
                self.defects = [*self.defects[-10:], *reader.defects]
                reader.defects = []
            if snapshot is not None:
                self.latest = snapshot

    def _take_answer(self, answer: Answer) -> None:
        """Pass an answer on; what was asked once and has its whole answer is not asked again of another process."""
        question = self._questions.get(answer.topic)
        is_asked = question is not None and question.number == answer.number
        if question is not None and is_asked and not question.is_standing and is_whole(answer, question):
            self._questions.pop(answer.topic, None)
        if self._hear is not None:
            self._hear(answer)

    def _keep_complaints(self, stream: IO[bytes]) -> None:
        """Keep what the process writes to its standard error, for `--debug`; nothing of it reaches the screen."""
        text = b"".join(stream.readlines())[-20_000:]
        if text:
            self.defects = [*self.defects[-10:], text.decode(errors="replace")]


def write_quietly(stream: IO[bytes], message: bytes) -> None:
    """Write to a process that may have ended: the next one is told all that matters then."""
    try:
        stream.write(message)
        stream.flush()
    except (OSError, ValueError):
        return


def close_quietly(stream: IO[bytes]) -> None:
    """Close a pipe whose other end may be gone."""
    try:
        stream.close()
    except OSError:
        return
