"""Reads the text of logs without a store: what the tail delivers waits in a bounded inbox until it is taken.

Nothing is lost where taking is slow: pollers wait with what they hold, and cursors remember how far they came.
"""

import functools
import queue
import threading
import traceback
from collections.abc import Callable, Sequence

import msgspec

from lambdatop.engine.account_port import AccountPort
from lambdatop.engine.account_totals import status_of_failure
from lambdatop.engine.engine import spawn
from lambdatop.engine.poller import Poller
from lambdatop.model.delivery import Delivery, FunctionsDelivered
from lambdatop.model.source_status import SourceStatus
from lambdatop.model.view import View
from lambdatop.sources.failure import SourceFailure

INBOX_DELIVERIES = 16
WATCHED_FUNCTIONS = 20
"""So few are read every few seconds even while they are quiet; more would use up the quota."""
CONNECTION = "connection"


class LogFollower:
    """Accounts of which only the logs are read; `take` hands over what they deliver."""

    def __init__(self, accounts: Sequence[AccountPort], now_ms: Callable[[], int]) -> None:
        self._accounts = tuple(accounts)
        self._now_ms = now_ms
        self._inbox: queue.Queue[Delivery] = queue.Queue(INBOX_DELIVERIES)
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._failures: dict[str, SourceFailure] = {}
        self.defects: list[str] = []
        """Tracebacks of defects in sources, for `--debug`."""

    def start(self) -> None:
        """Connect and poll, each account in threads of its own; returns at once."""
        for account in self._accounts:
            spawn(functools.partial(self._connect, account), f"connect-{account.label}")

    def stop(self) -> None:
        """Ask all threads to end; what is in the inbox can still be taken."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Sleep, or return early when reading stops; what sources wait with."""
        self._stopping.wait(seconds)

    def take(self, timeout_s: float) -> Delivery | None:
        """Return the next delivery, None when none comes in time."""
        try:
            return self._inbox.get(timeout=timeout_s) if timeout_s > 0 else self._inbox.get_nowait()
        except queue.Empty:
            return None

    def has_first_answers(self) -> bool:
        """Return whether all that there was to read has been read once, well or badly, and is in the inbox."""
        return all(
            account.label in self._failures
            or (bool(account.sources) and all(source.has_first_answer() for source in account.sources))
            for account in self._accounts
        )

    def statuses(self) -> tuple[SourceStatus, ...]:
        """How each account's log tail is doing, and what keeps an account from being connected to."""
        now_ms = self._now_ms()
        statuses: list[SourceStatus] = []
        for account in self._accounts:
            suffix = f" · {account.label}" if len(self._accounts) > 1 else ""
            failure = self._failures.get(account.label)
            if failure is not None:
                statuses.append(status_of_failure(CONNECTION + suffix, failure))
            status = log_status([source.status(now_ms) for source in account.sources])
            if status is not None:
                statuses.append(msgspec.structs.replace(status, name=status.name + suffix))
        return tuple(statuses)

    def _connect(self, account: AccountPort) -> None:
        try:
            account.connect()
        except SourceFailure as failure:
            self._failures[account.label] = failure
            return
        for source in account.sources:
            deliver = functools.partial(self._deliver, account)
            Poller(source, self._now_ms, deliver, self._record_defect, self._changed, self._stopping).start()

    def _deliver(self, account: AccountPort, delivery: Delivery) -> None:
        if isinstance(delivery, FunctionsDelivered):
            account.watch.view = view_of(delivery)
        while not self._stopping.is_set():
            try:
                self._inbox.put(delivery, timeout=0.5)
            except queue.Full:
                continue
            return

    def _record_defect(self, place: str, error: BaseException) -> None:
        self.defects.append(f"{place}: {''.join(traceback.format_exception(error))}")


def view_of(delivery: FunctionsDelivered) -> View:
    """Return what makes the tail look at these functions often: the only one, or a few."""
    keys = tuple(function.key for function in delivery.functions)
    if len(keys) > WATCHED_FUNCTIONS:
        return View()
    return View(visible=keys, focus=keys[0] if len(keys) == 1 else None)


def log_status(statuses: Sequence[SourceStatus]) -> SourceStatus | None:
    """Return the log tail's status; where it waits for a login, with the words of the source that asks for one."""
    status = next((status for status in statuses if status.name == "logs"), None)
    if status is None or status.state != "credentials":
        return status
    asking = next((one for one in statuses if one.state == "credentials" and one.remedy), status)
    return msgspec.structs.replace(status, detail=asking.detail, remedy=asking.remedy)
