"""One run of `tail`: takes what the tail delivers, in order as far as can be, until the end or a signal."""

import contextlib
import select
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from types import FrameType
from typing import Protocol

from lambdatop.cli import output
from lambdatop.cli.collect import check_patterns, check_sources
from lambdatop.cli.failure import CommandError, ExitCode, Terminated, stated
from lambdatop.cli.settings import ConnectionSettings
from lambdatop.cli.tail_filter import TailConditions, TailFilter
from lambdatop.cli.tail_formats import Write
from lambdatop.engine import clock
from lambdatop.model.delivery import Delivery, FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.source_status import SourceStatus
from lambdatop.parsers.log_stream import parse_log_stream
from lambdatop.render.tail_lines import TailedEvent
from lambdatop.render.tail_words import Accounts, Shown, TroubleTeller, infrequent_words
from lambdatop.store.log_groups import LogGroups

HELD_EVENTS = 200_000
"""So many are held to be put in order before the first is printed."""
HELD_S = 5.0
"""So long they are held where there is no end to wait for."""
GATHER_S = 1.0
"""What arrives within this time is put in order."""
WAIT_S = 0.2
LOOK_S = 0.5


class Interruption:
    """Signals that end a run: the first one orderly, a second one at once."""

    def __init__(self) -> None:
        self.signal_number: int | None = None

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Take SIGINT, SIGTERM and SIGHUP, but for those that whoever started the program has switched off."""
        before = {}
        with contextlib.suppress(ValueError):  # not the main thread, as in a test: signals are not ours
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    before[number] = signal.signal(number, self._ask)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        if self.signal_number is not None:
            raise KeyboardInterrupt
        self.signal_number = number


class Follower(Protocol):
    """What a run needs of `lambdatop.engine.log_follower.LogFollower`."""

    def start(self) -> None:
        """Begin to read."""

    def stop(self) -> None:
        """Read no more; what was delivered can still be taken."""

    def take(self, timeout_s: float) -> Delivery | None:
        """Return the next delivery, None when none comes in time."""

    def has_first_answers(self) -> bool:
        """Return whether all there was to read has been delivered, or cannot be read."""

    def statuses(self) -> Sequence[SourceStatus]:
        """How the log tails are doing."""


class TailRun:
    """Prints events until a range ends, or for ever."""

    def __init__(
        self,
        follower: Follower,
        settings: ConnectionSettings,
        write: Write,
        *,
        is_following: bool,
        is_utc: bool,
        conditions: TailConditions = TailConditions(),  # noqa: B008  frozen
    ) -> None:
        self._filter = TailFilter(conditions)
        self._follower = follower
        self._settings = settings
        self._write = write
        self._is_following = is_following
        self._is_utc = is_utc
        self._interruption = Interruption()
        self._teller = TroubleTeller()
        self._writers = LogGroups()
        self._functions: dict[FunctionKey, LambdaFunction] = {}
        self._names: set[str] = set()
        self._held: list[TailedEvent] = []
        self._is_answered = False
        self._is_holding = True
        self._look_at_s = 0.0
        self._printed = 0
        self._left_out = 0
        self._hidden = 0
        self._is_infrequent_told = False

    def run(self) -> int:
        """Return the exit code; raises CommandError where nothing can be read, and Terminated."""
        with self._interruption.listening():
            try:
                self._follower.start()
                self._read()
            finally:
                self._follower.stop()
            while (delivery := self._follower.take(0)) is not None:
                self._receive(delivery)
            self._print_held()
        return self._end()

    def _read(self) -> None:
        self._read_what_there_is()
        if self._interruption.signal_number is None and self._is_answered:
            self._check()
        self._print_held()
        if self._is_following or not self._is_answered:
            self._go_on()

    def _read_what_there_is(self) -> None:
        """Hold what is there until all of it can be put in order, or it gets too much or takes too long."""
        hold_until_s = time.monotonic() + HELD_S
        while self._interruption.signal_number is None and len(self._held) <= HELD_EVENTS:
            is_waiting_over = self._is_following and self._held and time.monotonic() > hold_until_s
            if is_waiting_over or (self._step() is None and self._is_answered):
                break
            self._look()
        output.show_progress("")
        self._is_holding = False
        if len(self._held) > HELD_EVENTS:
            output.say(f"lambdatop: more than {HELD_EVENTS:,} events, so they are printed as they are read")

    def _go_on(self) -> None:
        """Print what comes, each second's in order."""
        print_at_s = 0.0
        while self._interruption.signal_number is None:
            was_checked = self._is_answered
            delivery = self._step()
            now_s = time.monotonic()
            if self._held and not print_at_s:
                print_at_s = now_s + GATHER_S
            if self._held and (now_s >= print_at_s or len(self._held) > HELD_EVENTS):
                self._print_held()
                print_at_s = 0.0
            if self._is_answered and not was_checked:
                self._check()
            if self._is_answered and delivery is None and not self._is_following:
                return
            self._look()
            if delivery is None and _is_reader_gone():
                raise output.ReaderGoneError

    def _step(self) -> Delivery | None:
        """Take one delivery in; when all is answered and none comes, all is taken."""
        is_answered = self._follower.has_first_answers()
        delivery = self._follower.take(WAIT_S)
        if delivery is not None:
            self._receive(delivery)
        elif is_answered:
            self._is_answered = True
        return delivery

    def _receive(self, delivery: Delivery) -> None:
        if isinstance(delivery, FunctionsDelivered):
            self._writers.learn(delivery.scope, delivery.functions)
            self._functions.update((function.key, function) for function in delivery.functions)
            self._names.update(function.key.name for function in delivery.functions)
        elif isinstance(delivery, LogEventsDelivered):
            for event in delivery.events:
                stream = parse_log_stream(event.log_stream)
                named = None if stream is None else stream.function_name
                if self._is_of_others(named, delivery.log_group):
                    self._left_out += 1
                    continue
                function = self._writers.function_of(delivery.scope, delivery.log_group, named)
                name = None if function is None else function.name
                tailed = TailedEvent(event, delivery.scope, delivery.log_group, name)
                if self._filter.takes(tailed):
                    self._held.append(tailed)
                else:
                    self._hidden += 1

    def _is_of_others(self, named: str | None, log_group: str) -> bool:
        """Return whether a stream of a shared log group belongs to a function that was not asked for."""
        patterns = self._settings.patterns
        if named is None or not patterns or named in self._names:
            return False
        return not any("/" in pattern and fnmatchcase(log_group, pattern) for pattern in patterns)

    def _print_held(self) -> None:
        events, self._held = self._held, []
        events.sort(key=lambda tailed: tailed.order)
        shown = self._filter.selected(events)
        self._hidden += len(events) - len(shown)
        self._write(shown)
        self._printed += len(shown)

    def _check(self) -> None:
        """Raise CommandError where nothing at all can be read, or nothing is meant."""
        statuses = self._follower.statuses()
        if all(status.last_success_ms is None for status in statuses):
            infrequent = self._infrequent_words(statuses)
            if infrequent is not None and all(status.state == "absent" for status in statuses):
                raise CommandError(ExitCode.AWS, *infrequent)
            check_sources(statuses)
        elif self._is_following:
            self._tell_infrequent(statuses)
        if any(status.ledger is not None for status in statuses):
            check_patterns(self._settings.patterns, list(self._functions.values()))

    def _tell_infrequent(self, statuses: Sequence[SourceStatus]) -> None:
        """Say once which log groups no tail can read."""
        infrequent = self._infrequent_words(statuses)
        if infrequent is not None and not self._is_infrequent_told:
            self._is_infrequent_told = True
            output.say(stated(*infrequent))

    def _infrequent_words(self, statuses: Sequence[SourceStatus]) -> tuple[str, str] | None:
        until_ms = self._settings.until_ms
        return infrequent_words(statuses, self._settings.since_ms, clock.now_ms() if until_ms is None else until_ms)

    def _look(self) -> None:
        """Once in a while, show how far reading has come, or say how it does."""
        now_s = time.monotonic()
        if now_s < self._look_at_s:
            return
        self._look_at_s = now_s + LOOK_S
        statuses = self._follower.statuses()
        if self._is_holding:
            shares = [status.progress for status in statuses if status.progress is not None]
            share = f" {min(shares):.0%}" if shares else ""
            output.show_progress(f"reading logs{share}, {len(self._held):,} events")
        elif self._is_following:
            for sentence in self._teller.sentences(statuses, clock.now_ms()):
                output.say(f"lambdatop: {sentence}")

    def _end(self) -> int:
        """Tell the accounts; returns the exit code."""
        statuses = self._follower.statuses()
        number, accounts = self._interruption.signal_number, Accounts(statuses)
        is_bounded = not self._is_following
        end_ms = self._settings.until_ms if is_bounded and number is None else None
        shown = Shown(
            printed=self._printed, left_out=self._left_out, hidden=self._hidden, hidden_by=self._filter.options
        )
        for sentence in accounts.sentences(shown, end_ms, clock.now_ms(), is_utc=self._is_utc):
            output.say(f"lambdatop: {sentence}")
        self._tell_infrequent(statuses)
        if number is not None and number != signal.SIGINT:
            raise Terminated(number)
        if is_bounded and number is not None:
            return ExitCode.INTERRUPTED
        return ExitCode.AWS if is_bounded and not accounts.is_whole else ExitCode.FINE


def _is_reader_gone() -> bool:
    """Return whether the other end of stdout was closed, which a tail of silent logs would not find by writing."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return any(flags & (select.POLLERR | select.POLLHUP) for _, flags in poll.poll(0))
    return False
