"""The one way out to AWS: budget, call, meter, and failures in words."""

import random
from collections.abc import Callable
from typing import Any

from lambdatop.sources.api_budget import ApiBudget
from lambdatop.sources.api_meter import ApiMeter
from lambdatop.sources.api_price import answer_price_usd, request_price_usd
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.failure import failure_of


class AwsCall:
    """Calls operations of one account and region, from any thread."""

    def __init__(
        self,
        clients: AwsClients,
        quota_share: float,
        now_ms: Callable[[], int],
        wait: Callable[[float], None],
        random_source: random.Random,
    ) -> None:
        self.clients = clients
        self.meter = ApiMeter()
        self.is_login_lost = False
        """Set when AWS or botocore refuses the credentials; a new login clears it."""
        self._quota_share = quota_share
        self._now_ms = now_ms
        self._wait = wait
        self._random = random_source
        self._budget: ApiBudget | None = None

    def __call__(self, service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        """Return the answer's dictionary; raises SourceFailure."""
        if self._budget is None:
            self._budget = ApiBudget(self.clients.region or "", self._quota_share, self._random)
        wait_s = self._budget.reserve(service, operation, self._now_ms())
        if wait_s > 0:
            self._wait(wait_s)
        self.meter.count(service, operation, self._now_ms())
        self.meter.charge(request_price_usd(service, operation, parameters), self._now_ms())
        try:
            answer: dict[str, Any] = method_of(self.clients.client(service), operation)(**parameters)
        except Exception as error:
            is_emulator = self.clients.is_custom_endpoint
            failure = failure_of(error, f"{service}:{operation}", self.clients.profile, is_emulator=is_emulator)
            if failure.state == "throttled":
                self._slow_down(service, operation)
            elif failure.state == "credentials":
                self.is_login_lost = True
            raise failure from error
        if answer.get("ResponseMetadata", {}).get("RetryAttempts", 0):
            self._slow_down(service, operation)
        self.meter.charge(answer_price_usd(operation, answer), self._now_ms())
        return answer

    def _slow_down(self, service: str, operation: str) -> None:
        self.meter.throttled()
        if self._budget is not None:
            self._budget.throttled(service, operation, self._now_ms())


def method_of(client: Any, operation: str) -> Callable[..., dict[str, Any]]:  # noqa: ANN401  botocore has no types
    """Return the client's method of an operation named as AWS names it."""
    from botocore import xform_name

    method: Callable[..., dict[str, Any]] = getattr(client, xform_name(operation))
    return method
