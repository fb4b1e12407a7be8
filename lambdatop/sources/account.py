"""One profile and region: its clients, budget, blackboard and sources."""

import random
from collections.abc import Callable, Sequence

import msgspec

from lambdatop.model.source_status import ApiUsage
from lambdatop.sources.account_options import AccountOptions
from lambdatop.sources.api_budget import SharedBudgets
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.clock_skew import ClockSkew
from lambdatop.sources.concurrency_settings import ConcurrencySettings
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.query_claims import QueryClaims
from lambdatop.sources.source import Source
from lambdatop.sources.watch import Watch


class Account:
    """Composes the sources; nothing is imported or asked before `connect`."""

    def __init__(
        self,
        options: AccountOptions,
        now_ms: Callable[[], int],
        wait: Callable[[float], None],
        skew: ClockSkew | None = None,
        random_source: random.Random | None = None,
        budgets: SharedBudgets | None = None,
        claims: QueryClaims | None = None,
    ) -> None:
        self._options = options
        self._claims = claims
        self._wait = wait
        self._clients = AwsClients(options.profile, options.region, options.endpoint_url)
        self._random = random_source or random.Random()
        cap = CostCap(options.max_cost_usd_per_hour)
        self._call = AwsCall(self._clients, options.quota_share, now_ms, wait, self._random, skew, cap, budgets)
        self.watch = Watch()
        self.sources: tuple[Source, ...] = ()

    @property
    def label(self) -> str:
        """Profile and region, for status lines where there are several accounts."""
        return "/".join(part for part in (self.profile_name, self.region) if part)

    @property
    def profile_name(self) -> str | None:
        """The profile asked for."""
        return self._options.profile

    @property
    def region(self) -> str | None:
        """The region in use; None until it is known."""
        return self._clients.region

    @property
    def expires_at_ms(self) -> int | None:
        """When the credentials end (epoch ms), None where that is not known or they do not."""
        return self._clients.expires_at_ms

    def connect(self) -> None:
        """Import botocore and build clients and sources; raises SourceFailure."""
        self._clients.connect()
        from lambdatop.sources.event_sources import EventSources
        from lambdatop.sources.function_catalogue import FunctionCatalogue
        from lambdatop.sources.identity import IdentitySource
        from lambdatop.sources.infrequent_logs import InfrequentLogs
        from lambdatop.sources.live_tail import LiveTail
        from lambdatop.sources.log_tail import LogTail
        from lambdatop.sources.metrics import Metrics
        from lambdatop.sources.queries import Queries
        from lambdatop.sources.queues import Queues
        from lambdatop.sources.traces import Traces
        from lambdatop.sources.wide_logs import WideLogs

        options, call, watch = self._options, self._call, self.watch
        chance = self._random
        tail = LogTail(
            call, watch, chance, options.since_ms, options.until_ms, is_full=options.is_logs_only,
            filter_pattern=options.filter_pattern,
        )  # fmt: skip
        identity = IdentitySource(call, watch, chance)
        catalogue = FunctionCatalogue(call, watch, chance, options.patterns)
        if options.is_logs_only:
            self.sources = (identity, catalogue, tail)
            return
        self.sources = (
            identity,
            catalogue,
            WideLogs(call, watch, chance, options.since_ms, options.until_ms, options.quota_share),
            ConcurrencySettings(call, watch, chance),
            EventSources(call, watch, chance),
            tail,
            *((LiveTail(call, watch, tail), Queries(call, watch, self._claims)) if options.can_listen_live else ()),
            InfrequentLogs(call, watch, chance, options.since_ms, options.until_ms, self._wait),
            Metrics(call, watch, chance, options.since_ms, options.until_ms),
            Queues(call, watch, chance),
            Traces(call, watch, chance, options.since_ms, options.until_ms),
        )

    def usage(self, now_ms: int) -> ApiUsage:
        """What has been asked of AWS so far."""
        usage = self._call.meter.usage(now_ms)
        cap = self._call.cap
        return msgspec.structs.replace(usage, max_cost_usd_per_hour=cap.usd_per_hour, slowed=cap.slowed(now_ms))


def accounts_of(
    options: Sequence[AccountOptions], now_ms: Callable[[], int], wait: Callable[[float], None], skew: ClockSkew
) -> list[Account]:
    """Return accounts that share the clock's correction, and budget and queries where they are the same account."""
    budgets, claims = SharedBudgets(), QueryClaims()
    return [Account(one, now_ms, wait, skew, budgets=budgets, claims=claims) for one in options]
