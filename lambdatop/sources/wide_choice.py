"""Applies the rule that chooses how logs are read to an account: what it goes by is found out here."""

from collections.abc import Callable

from msgspec.structs import replace

from lambdatop.model.reading import ReadingChoice
from lambdatop.sources.api_budget import quota_per_s
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.log_volume import LogVolume, bytes_logged
from lambdatop.sources.reading_choice import SEEN_WITHIN_S, ReadingFacts, choose
from lambdatop.sources.watch import Watch

EVERY_MS = 60_000
ASK_EVERY_MS = 600_000
REFUSED_MS = 600_000
"""So long Insights is not tried again once it was refused."""
HOUR_MS = 3_600_000


class WideChoice:
    """Chooses once the functions are known, each minute, when they change and when the user wants something else."""

    def __init__(self, call: AwsCall, watch: Watch, since_ms: int, until_ms: int | None, quota_share: float) -> None:
        self._call = call
        self._watch = watch
        self._since_ms = since_ms
        self._until_ms = until_ms
        self._quota_share = quota_share
        self.volume = LogVolume()
        self._chosen_ms: int | None = None
        self._asked_ms: int | None = None
        self._bytes_logged: float | None = None
        self._refusal: tuple[int, str] | None = None
        self._inputs: object = None

    def due_ms(self) -> int:
        """Return when to choose next."""
        if self._chosen_ms is None or self._inputs != self._choosers():
            return 0
        return self._chosen_ms + EVERY_MS

    def refuse(self, sentence: str, now_ms: int) -> None:
        """Take note that Insights cannot be used, for a while."""
        self._refusal = now_ms + REFUSED_MS, sentence
        self._chosen_ms = None

    def choose(self, now_ms: int, *, is_past_read: bool) -> ReadingChoice:
        """Choose anew; the past that has been read is none to be priced."""
        self._chosen_ms, self._inputs = now_ms, self._choosers()
        if self._refusal is not None and self._refusal[0] <= now_ms:
            self._refusal = None
        previous = self._watch.reading
        if previous is not None and is_past_read:
            previous = replace(previous, backfill=None)
        choice = choose(self._facts(previous, now_ms), self._watch.view.wide_logs)
        if self._is_volume_wanted(choice, now_ms):
            self._ask(now_ms)
            choice = choose(self._facts(previous, now_ms), self._watch.view.wide_logs)
        self._watch.reading = choice
        return choice

    def groups(self) -> frozenset[str]:
        """Return the log groups of the functions."""
        return frozenset(function.log_group for function in self._watch.functions or ())

    def _choosers(self) -> object:
        view = self._watch.view
        return view.wide_logs, view.backfill_usd, self.groups()

    def _facts(self, previous: ReadingChoice | None, now_ms: int) -> ReadingFacts:
        groups = len(self.groups() - self._watch.infrequent_groups)
        _, quota = quota_per_s("logs", "FilterLogEvents", self._call.clients.region or "")
        return ReadingFacts(
            groups=groups,
            focused=min(groups, int(self._watch.view.focus is not None)),
            filter_calls_per_s=quota * self._quota_share,
            since_ms=self._since_ms,
            until_ms=self._until_ms,
            now_ms=now_ms,
            bytes_per_hour=self.volume.bytes_per_hour(groups, now_ms),
            bytes_logged=self._bytes_logged,
            max_cost_usd_per_hour=self._call.cap.usd_per_hour,
            backfill_usd=self._watch.view.backfill_usd,
            is_refused=None if self._refusal is None else self._refusal[1],
            previous=previous,
        )

    def _is_volume_wanted(self, choice: ReadingChoice, now_ms: int) -> bool:
        """Whether a price matters that is not known."""
        is_asked = self._asked_ms is not None and now_ms - self._asked_ms < ASK_EVERY_MS
        matters = choice.choice == "insights" or choice.backfill is not None
        matters = matters or choice.sweep_staleness_s > SEEN_WITHIN_S
        return matters and not is_asked and choice.insights_usd_per_hour is None

    def _ask(self, now_ms: int) -> None:
        self._asked_ms = now_ms
        end_ms = now_ms if self._until_ms is None else self._until_ms
        asks: list[Callable[[], None]] = [lambda: self.volume.ask(self._call, now_ms)]
        if end_ms - self._since_ms > HOUR_MS:
            asks.append(lambda: self._ask_for_past(end_ms, now_ms))
        for ask in asks:
            try:
                ask()
            except SourceFailure:
                return

    def _ask_for_past(self, end_ms: int, now_ms: int) -> None:
        self._bytes_logged = bytes_logged(self._call, self._since_ms, end_ms, now_ms)
