"""Moves what sources deliver into the store and publishes frozen snapshots.

One thread owns the store. Pollers put deliveries into a bounded inbox and wait when it is full, so nothing is lost
and memory is bounded; the screen reads `latest` whenever it likes. `step` does the same work by hand, for tests.
"""

import contextlib
import functools
import queue
import threading
import time
import traceback
from collections.abc import Callable, Sequence

import msgspec

from lambdatop.engine import clock
from lambdatop.engine.account_port import AccountPort
from lambdatop.engine.account_totals import notice_of, status_of_failure, still_since_ms, total_usage
from lambdatop.engine.answering import Answering
from lambdatop.engine.poller import Poller, deliver_all
from lambdatop.engine.sick_functions import sick_functions
from lambdatop.model.delivery import Delivery
from lambdatop.model.question import Answer, Question
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.model.view import View
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.source import Ending, Source
from lambdatop.store.log_archive import MAX_LINES, LogArchive
from lambdatop.store.store import Store

INBOX_DELIVERIES = 32
"""A delivery is at most one page of 10,000 events, so a full inbox holds some tens of megabytes."""
SNAPSHOT_INTERVAL_MS = 1_000
DEFECTS_KEPT = 20
ANSWERING_MS = 20
"""How long answering may keep the next delivery waiting, a slice more or less."""
MAX_POLLS_A_STEP = 100
"""A source with many things due, such as log groups, takes them one a poll."""


class Engine:
    """The program without its screen: sources in, snapshots and answers out; of log lines it keeps `log_lines`."""

    def __init__(
        self,
        accounts: Sequence[AccountPort],
        started_at_ms: int,
        until_ms: int | None = None,
        now_ms: Callable[[], int] = clock.now_ms,
        snapshot_interval_ms: int = SNAPSHOT_INTERVAL_MS,
        log_lines: int = 0,
    ) -> None:
        self._accounts = tuple(accounts)
        archive = LogArchive(log_lines or MAX_LINES)
        self._store = Store(started_at_ms, until_ms, archive if log_lines else None)
        self._answering = Answering(self._store, archive)
        self._hear: Callable[[Answer], None] = lambda _: None
        self._now_ms = now_ms
        self._snapshot_interval_ms = snapshot_interval_ms
        self._view = View()
        self._inbox: queue.Queue[Delivery | None] = queue.Queue(INBOX_DELIVERIES)
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._publish_requested = threading.Event()
        self._published = threading.Condition()
        self._thread: threading.Thread | None = None
        self._defective: dict[str, str] = {}
        self._failures: dict[str, SourceFailure] = {}
        self.defects: list[str] = []
        """Tracebacks of defects in sources, for `--debug`."""
        self.latest: Snapshot = Snapshot(taken_at_ms=now_ms(), started_at_ms=started_at_ms)

    def start(self) -> None:
        """Connect and poll, each account in threads of its own; returns at once."""
        for account in self._accounts:
            spawn(functools.partial(self._connect, account), f"connect-{account.label}")
        self._thread = spawn(self._run, "engine")

    def stop(self, timeout_s: float = 2.0) -> None:
        """Ask all threads to end, and sources to stop what they left running at AWS, and wait a little for them.

        A call under way never blocks leaving for longer than that.
        """
        self._stopping.set()
        deadline_s = time.monotonic() + timeout_s
        endings = [
            spawn(source.end, f"end-{source.name}")
            for account in self._accounts
            for source in account.sources
            if isinstance(source, Ending)
        ]
        self._request_snapshot()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
        for thread in endings:
            thread.join(max(0.0, deadline_s - time.monotonic()))

    def wait(self, seconds: float) -> None:
        """Sleep, or return early when the engine stops; what sources wait with."""
        self._stopping.wait(seconds)

    def wait_for_snapshot(self, after: Snapshot | None, timeout_s: float) -> Snapshot:
        """Return the latest snapshot, waiting a while for another one than `after`."""
        with self._published:
            self._published.wait_for(lambda: self.latest is not after or self._stopping.is_set(), timeout_s)
            return self.latest

    def set_view(self, view: View) -> None:
        """Say what the user looks at; the next snapshot follows at once."""
        if view == self._view:
            return
        self._view = view
        for account in self._accounts:
            account.watch.view = view
        self._request_snapshot()

    def listen(self, hear: Callable[[Answer], None]) -> None:
        """Have `hear` called with every answer, in the thread that owns the store: it must not wait for anything."""
        self._hear = hear

    def ask(self, question: Question) -> None:
        """Ask, in place of what was asked before of the same topic; the answer goes to `hear`."""
        self._answering.ask(question)
        self._wake()

    def withdraw(self, topic: str) -> None:
        """Ask nothing more of a topic."""
        self._answering.withdraw(topic)
        self._wake()

    @property
    def failure(self) -> SourceFailure | None:
        """Why no account could be connected to at all, such as a missing region; None while one may work."""
        if self._accounts and len(self._failures) == len(self._accounts):
            return next(iter(self._failures.values()))
        return None

    def wait_until_first_answers(
        self, timeout_s: float, on_progress: Callable[[Snapshot], None] | None = None, interval_s: float = 0.05
    ) -> bool:
        """Wait until every source has its first answer, well or badly, and `latest` holds it.

        Returns False when the time ran out first. Raises the failure when no account could be connected to.
        """
        deadline_ms = self._now_ms() + int(timeout_s * 1000)
        has_answers = False
        while not (has_answers or self._stopping.is_set() or self._now_ms() >= deadline_ms):
            if self.failure is not None:
                raise self.failure
            has_answers = self._has_first_answers()
            if on_progress is not None:
                on_progress(self.latest)
            if not has_answers:
                with self._changed:
                    self._changed.wait(interval_s)
        self._inbox.join()
        self._publish_and_wait()
        return has_answers

    def step(self, now_ms: int) -> Snapshot:
        """Poll every source that is due, apply what it delivers, answer and publish: the whole program, by hand."""
        for account in self._accounts:
            for source in account.sources:
                for _ in range(MAX_POLLS_A_STEP):
                    due_ms = source.next_due_ms()
                    if due_ms is None or due_ms > now_ms:
                        break
                    deliver_all(source.poll(now_ms), lambda delivery: self._store.apply(delivery, now_ms))
        while self._answer(now_ms):
            """One slice after the other."""
        return self._publish(now_ms)

    def _connect(self, account: AccountPort) -> None:
        try:
            account.connect()
        except SourceFailure as failure:
            self._failures[account.label] = failure
            self._request_snapshot()
            return
        account.watch.view = self._view
        for source in account.sources:
            Poller(source, self._now_ms, self._deliver, self._record_defect, self._changed, self._stopping).start()

    def _deliver(self, delivery: Delivery) -> None:
        while not self._stopping.is_set():
            try:
                self._inbox.put(delivery, timeout=0.5)
            except queue.Full:
                continue
            return

    def _record_defect(self, place: str, error: BaseException) -> None:
        self._defective[place] = f"internal error: {type(error).__name__}: {error}"
        if len(self.defects) < DEFECTS_KEPT:
            self.defects.append("".join(traceback.format_exception(error)))

    def _run(self) -> None:
        next_ms = self._now_ms()
        while not self._stopping.is_set():
            now_ms = self._now_ms()
            answer_ms = self._answering.next_due_ms(now_ms)
            due_ms = next_ms if answer_ms is None else min(next_ms, answer_ms)
            self._apply_one(timeout_s=max(0.0, (due_ms - now_ms) / 1000))
            self._answer_a_while()
            now_ms = self._now_ms()
            if now_ms >= next_ms or self._publish_requested.is_set():
                self._publish_requested.clear()
                self._publish(now_ms)
                next_ms = now_ms + self._snapshot_interval_ms

    def _apply_one(self, timeout_s: float) -> None:
        try:
            delivery = self._inbox.get(timeout=timeout_s) if timeout_s > 0 else self._inbox.get_nowait()
        except queue.Empty:
            return
        try:
            if delivery is not None:
                self._store.apply(delivery, self._now_ms())
        except Exception as error:  # noqa: BLE001  a defect in reading one delivery must not end all reading
            self._record_defect("store", error)
        finally:
            self._inbox.task_done()

    def _answer_a_while(self) -> None:
        """Do some slices between two deliveries, of which a large one takes a tenth of a second."""
        end_ms = self._now_ms() + ANSWERING_MS
        while self._answer(now_ms := self._now_ms()) and now_ms < end_ms:
            """One slice after the other."""

    def _answer(self, now_ms: int) -> bool:
        """Do a slice of what was asked; returns whether there was any."""
        due_ms = self._answering.next_due_ms(now_ms)
        if due_ms is None or due_ms > now_ms:
            return False
        try:
            answer = self._answering.step(now_ms)
            if answer is not None:
                self._hear(answer)
        except Exception as error:  # noqa: BLE001  a defect in one answer must not end all reading
            self._record_defect("answers", error)
        return True

    def _request_snapshot(self) -> None:
        self._publish_requested.set()
        self._wake()

    def _wake(self) -> None:
        """Let the thread that owns the store look up at once."""
        with contextlib.suppress(queue.Full):
            self._inbox.put_nowait(None)

    def _publish_and_wait(self, timeout_s: float = 30.0) -> None:
        before = self.latest
        with self._published:
            self._request_snapshot()
            self._published.wait_for(lambda: self.latest is not before or self._stopping.is_set(), timeout_s)

    def _publish(self, now_ms: int) -> Snapshot:
        """Take a snapshot, make it the latest and tell the sources which functions are active, and which are sick."""
        active = self._store.active_functions(now_ms)
        for account in self._accounts:
            account.watch.active = active
        statuses = self._statuses(now_ms)
        snapshot = self._store.snapshot(
            now_ms, self._view, statuses, self._usage(now_ms), notice_of(statuses), still_since_ms(statuses, now_ms)
        )
        sick = sick_functions(snapshot.functions)
        for account in self._accounts:
            account.watch.sick = sick
        with self._published:
            self.latest = snapshot
            self._published.notify_all()
        return snapshot

    def _has_first_answers(self) -> bool:
        working = [account for account in self._accounts if account.label not in self._failures]
        return all(
            account.sources and all(source.has_first_answer() for source in account.sources) for account in working
        )

    def _statuses(self, now_ms: int) -> tuple[SourceStatus, ...]:
        statuses: list[SourceStatus] = []
        for account in self._accounts:
            suffix = f" · {account.label}" if len(self._accounts) > 1 else ""
            failure = self._failures.get(account.label)
            if failure is not None:
                statuses.append(status_of_failure(f"connection{suffix}", failure))
            for source in account.sources:
                status = self._status(source, now_ms)
                statuses.append(msgspec.structs.replace(status, name=status.name + suffix) if suffix else status)
        statuses.extend(
            SourceStatus(name=f"{place} defect", state="failed", detail=detail)
            for place, detail in self._defective.items()
        )
        return tuple(statuses)

    def _status(self, source: Source, now_ms: int) -> SourceStatus:
        try:
            return source.status(now_ms)
        except Exception as error:  # noqa: BLE001  a source that cannot say how it is must not end the engine
            self._record_defect(source.name, error)
            return SourceStatus(name=source.name, state="failed", detail="internal error: its state cannot be told")

    def _usage(self, now_ms: int) -> ApiUsage:
        usages = [account.usage(now_ms) for account in self._accounts]
        return usages[0] if len(usages) == 1 else total_usage(usages)


def spawn(target: Callable[[], None], name: str) -> threading.Thread:
    """Start a daemon thread."""
    thread = threading.Thread(target=target, name=f"lambdatop-{name}", daemon=True)
    thread.start()
    return thread
