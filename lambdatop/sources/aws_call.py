"""The one way out to AWS: budget, call, meter, and failures in words."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from lambdatop.model.identity import Scope
from lambdatop.sources.api_budget import ApiBudget, SharedBudgets
from lambdatop.sources.api_meter import ApiMeter
from lambdatop.sources.api_price import answer_price_usd, request_price_usd
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.clock_skew import ClockSkew
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure, failure_of, is_transient, may_be_done

RETRY_WAIT_S = (0.1, 0.5)
"""Once again after this long where the network or AWS stumbled. botocore's own retries are off: they would go past
the budget, and hold a thread for up to 20 s."""

ONCE = ("StartQuery",)
"""What is done, and paid, a second time when it is asked again although the first answer was only lost."""


class AwsCall:
    """Calls operations of one account and region, from any thread.

    `now_ms` is this machine's clock, unlike the sources' own, which is AWS's as `skew` finds it.
    """

    def __init__(
        self,
        clients: AwsClients,
        quota_share: float,
        now_ms: Callable[[], int],
        wait: Callable[[float], None],
        random_source: random.Random,
        skew: ClockSkew | None = None,
        cap: CostCap | None = None,
        budgets: SharedBudgets | None = None,
    ) -> None:
        self.clients = clients
        self.meter = ApiMeter()
        self.skew = skew or ClockSkew(now_ms)
        self.cap = cap or CostCap(None)
        self.is_login_lost = False
        """Set when AWS or botocore refuses the credentials; a new login clears it."""
        self._quota_share = quota_share
        self._now_ms = now_ms
        self._wait = wait
        self._random = random_source
        self._budget: ApiBudget | None = None
        self._budgets = budgets or SharedBudgets()

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        """Return the answer's dictionary; raises SourceFailure."""
        try:
            return self._attempt(service, operation, parameters)
        except SourceFailure as failure:
            if not is_transient(failure.__cause__) or (operation in ONCE and may_be_done(failure.__cause__)):
                raise
        self._wait(self._random.uniform(*RETRY_WAIT_S))
        return self._attempt(service, operation, parameters)

    def _attempt(self, service: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        price_usd = request_price_usd(service, operation, parameters)
        self._wait_for_turn(service, operation, price_usd)
        sent_ms = self._now_ms()
        self.meter.count(service, operation, sent_ms)
        self.meter.charge(price_usd, sent_ms)
        try:
            answer: dict[str, Any] = method_of(self.clients.client(service), operation)(**parameters)
        except Exception as error:
            self._observe(getattr(error, "response", None), sent_ms)
            raise self._failure(error, service, operation) from error
        self._observe(answer, sent_ms)
        self.charge(operation, answer_price_usd(operation, answer))
        return answer

    def belong_to(self, scope: Scope) -> None:
        """Share the budget of everyone who calls this account and region."""
        if self._budget is not None:
            self._budget = self._budgets.joined(scope, self._budget)

    def charge(self, operation: str, cost_usd: float) -> None:
        """Count dollars that only an answer, or time, told of."""
        self.meter.charge(cost_usd, self._now_ms())
        self.cap.spend(operation, cost_usd, self._now_ms())

    def _wait_for_turn(self, service: str, operation: str, price_usd: float) -> None:
        if self._budget is None:
            self._budget = ApiBudget(self.clients.region or "", self._quota_share, self._random)
        wait_s = self.cap.reserve(operation, price_usd, self._now_ms())
        if wait_s > 0:
            self._wait(wait_s)
        wait_s = self._budget.reserve(service, operation, self._now_ms())
        if wait_s > 0:
            self._wait(wait_s)

    def _failure(self, error: Exception, service: str, operation: str) -> SourceFailure:
        is_emulator = self.clients.is_custom_endpoint
        failure = failure_of(
            error, f"{service}:{operation}", self.clients.login_profile, is_emulator=is_emulator,
            clock_offset_ms=self.skew.offset_ms,
        )  # fmt: skip
        if failure.state == "throttled":
            self.meter.throttled()
            if self._budget is not None:
                self._budget.throttled(service, operation, self._now_ms())
        elif failure.state == "credentials":
            self.is_login_lost = True
        return failure

    def _observe(self, answer: Mapping[str, Any] | None, sent_ms: int) -> None:
        headers = (answer or {}).get("ResponseMetadata", {}).get("HTTPHeaders", {})
        if "date" in headers:
            self.skew.observe(sent_ms, self._now_ms(), headers["date"])


def method_of(client: Any, operation: str) -> Callable[..., dict[str, Any]]:  # noqa: ANN401  botocore has no types
    """Return the client's method of an operation named as AWS names it."""
    from botocore import xform_name

    method: Callable[..., dict[str, Any]] = getattr(client, xform_name(operation))
    return method
