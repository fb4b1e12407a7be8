"""All of the doctor's probes on one profile and region, side by side, none of them waiting for another's trouble."""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from lambdatop.model.capability import AccountExamination, Capability
from lambdatop.sources import account_probes as account
from lambdatop.sources import log_probes as logs
from lambdatop.sources.api_budget import quota_per_s
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.clock_skew import skew_words
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.probe import Ground, Probe, TimedCall, Wait, examined, state_of
from lambdatop.sources.reading_probe import ReadingTerms, reading_capability
from lambdatop.sources.tail_probe import COMPLETE_TAIL

LOOK_EVERY_S = 0.1
Chain = tuple[Probe, ...]
"""Probes asked one after the other."""
BASIS: tuple[Chain, ...] = ((account.FUNCTIONS,), (account.MAPPINGS, account.ACCOUNT_CONCURRENCY))
"""What others need to know."""
INDEPENDENT: tuple[Chain, ...] = (
    (account.IDENTITY,), (account.METRICS,), (account.TRACES, account.TRACE_DESTINATION),
)  # fmt: skip
DEPENDENT: tuple[Chain, ...] = (
    (account.RESERVED_CONCURRENCY, account.PROVISIONED_CONCURRENCY, account.DESTINATIONS),
    (logs.LOG_TAIL, logs.FILTER, COMPLETE_TAIL, logs.LOG_CLASSES, logs.LIVE_TAIL, logs.INSIGHTS),
    (account.QUEUES,),
)
ORDER: Chain = (
    account.IDENTITY, account.FUNCTIONS, account.ACCOUNT_CONCURRENCY, account.RESERVED_CONCURRENCY,
    account.PROVISIONED_CONCURRENCY, account.MAPPINGS, account.DESTINATIONS, logs.LOG_TAIL, logs.FILTER,
    COMPLETE_TAIL, logs.LOG_CLASSES, logs.LIVE_TAIL, logs.INSIGHTS, account.METRICS, account.QUEUES, account.TRACES,
    account.TRACE_DESTINATION,
)  # fmt: skip
UNTRIED = {
    logs.LIVE_TAIL: "Trying it costs $0.01 for a minute; --live-tail tries it.",
    logs.INSIGHTS: "Trying it costs $0.005 for each GB scanned; --insights tries it.",
}


CLOCK = Probe("clock", "sts:GetCallerIdentity", account.look_at_identity, price_usd=None, is_optional=True)
"""What is known once anything else has been answered; nothing is asked for it."""


class Examination:
    """Runs the probes in threads of their own; `wait` is how the budget waits."""

    def __init__(
        self,
        clients: AwsClients,
        quota_share: float,
        patterns: tuple[str, ...],
        now_ms: Callable[[], int],
        wait: Callable[[float], None] = time.sleep,
        call: AwsCall | None = None,
        terms: ReadingTerms | None = None,
    ) -> None:
        self._clients = clients
        self._quota_share = quota_share
        self._now_ms = now_ms
        self._wait = Wait(wait)
        self._call = call or AwsCall(clients, quota_share, now_ms, self._wait, random.Random())
        self._ground = Ground(patterns)
        self._terms = terms or ReadingTerms()
        self._found: dict[str, Capability] = {}

    @property
    def unanswered(self) -> list[str]:
        """Names of the capabilities not known yet."""
        return [probe.name for probe in ORDER if probe.name not in self._found]

    def run(
        self, timeout_s: float, look: Callable[[], None], *, with_live_tail: bool = False, with_insights: bool = False
    ) -> AccountExamination:
        """Ask everything within the time; `look` is called while answers are awaited."""
        try:
            self._clients.connect()
        except SourceFailure as failure:
            return self._unconnected(failure)
        self._leave_out({logs.LIVE_TAIL.name: with_live_tail, logs.INSIGHTS.name: with_insights})
        started_ms = self._now_ms()
        threads = [self._start(chain) for chain in INDEPENDENT]
        self._join([self._start(chain) for chain in BASIS], started_ms + timeout_s * 500, look)
        threads += [self._start(chain) for chain in DEPENDENT]
        self._join(threads, started_ms + timeout_s * 1000, look)
        for probe in ORDER:
            if probe.name not in self._found:
                late = f"There was no answer within {timeout_s:g} s."
                self._found[probe.name] = probe.capability("failed", late, "Allow more with --timeout.")
        rated = [self._rated(self._found[probe.name]) for probe in ORDER]
        return self._examination((*rated, self._reading(), self._clock()))

    def _leave_out(self, wanted: Mapping[str, bool]) -> None:
        """Note what costs and is not asked for."""
        for probe, reason in UNTRIED.items():
            if not wanted[probe.name]:
                self._found[probe.name] = probe.capability("not tried", reason)

    def _start(self, chain: Chain) -> threading.Thread:
        thread = threading.Thread(target=self._ask, args=(chain,), name=f"lambdatop-{chain[0].name}", daemon=True)
        thread.start()
        return thread

    def _ask(self, chain: Chain) -> None:
        for probe in chain:
            if probe.name in self._found:
                continue
            call = TimedCall(self._call, self._wait, self._now_ms)
            try:
                self._found[probe.name] = examined(probe, call, self._ground)
            except Exception as error:  # noqa: BLE001  an answer of a shape that AWS never has, from what is not AWS
                sentence = f"The answer could not be read ({type(error).__name__}: {error})."
                self._found[probe.name] = probe.capability("failed", sentence)

    def _join(self, threads: Sequence[threading.Thread], deadline_ms: float, look: Callable[[], None]) -> None:
        for thread in threads:
            while thread.is_alive() and self._now_ms() < deadline_ms:
                look()
                thread.join(LOOK_EVERY_S)

    def _reading(self) -> Capability:
        """Work out how the logs of all functions would be read."""
        _, quota = quota_per_s("logs", "FilterLogEvents", self._clients.region or "")
        insights = self._found.get(logs.INSIGHTS.name)
        calls_per_s = quota * self._quota_share
        return self._rated(reading_capability(self._ground, self._terms, calls_per_s, insights, self._now_ms()))

    def _clock(self) -> Capability:
        """Compare this machine's clock with the dates of the answers that came."""
        if all(one.latency_ms is None for one in self._found.values()):
            return CLOCK.capability("not tried", "No answer told AWS's time.")
        words = skew_words(self._call.skew.offset_ms)
        if words:
            return CLOCK.capability(
                "failed", f"T{words[1:]}; times are corrected.", "Run `sudo timedatectl set-ntp true`."
            )
        return CLOCK.capability("works", "This machine's clock agrees with AWS's.")

    def _rated(self, capability: Capability) -> Capability:
        """Return the capability with the share of the quota that lambdatop may use."""
        service, _, operation = capability.operation.partition(":")
        _, quota = quota_per_s(service, operation, self._clients.region or "")
        return replace(capability, quota_per_s=quota, rate_per_s=quota * self._quota_share)

    def _unconnected(self, failure: SourceFailure) -> AccountExamination:
        first = account.IDENTITY.capability(state_of(failure), failure.sentence, failure.remedy)
        rest = tuple(probe.capability("not tried", "There is no connection to try it on.") for probe in ORDER[1:])
        return self._examination((first, *rest))

    def _examination(self, capabilities: tuple[Capability, ...]) -> AccountExamination:
        usage = self._call.meter.usage(self._now_ms())
        is_answered = any(one.latency_ms is not None for one in capabilities)
        return AccountExamination(
            profile=self._clients.profile,
            region=self._clients.region,
            account_id=self._ground.scope.account_id if self._ground.scope else None,
            identity_arn=self._ground.identity_arn,
            expires_at_ms=self._clients.expires_at_ms,
            is_custom_endpoint=self._clients.is_custom_endpoint,
            clock_offset_ms=self._call.skew.offset_ms if is_answered else None,
            calls=usage.calls,
            cost_usd=usage.cost_usd,
            capabilities=capabilities,
        )
