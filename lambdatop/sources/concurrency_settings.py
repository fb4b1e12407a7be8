"""Concurrency ceilings: the account's, and functions' reserved and provisioned concurrency."""

import random
from collections.abc import Iterator

from lambdatop.model.delivery import AccountConcurrencyDelivered, Delivery, FunctionConcurrencyDelivered
from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import AccountConcurrency, FunctionConcurrency
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.polled_source import PolledSource
from lambdatop.sources.watch import Watch

FUNCTIONS_A_POLL = 20
ASK_AGAIN_MS = 300_000


class ConcurrencySettings(PolledSource):
    """Asks for a few interesting functions each time, since Lambda's control plane allows few calls to all."""

    name = "concurrency"
    interval_ms = 20_000

    def __init__(self, call: AwsCall, watch: Watch, random_source: random.Random) -> None:
        super().__init__(watch, random_source)
        self._call = call
        self._asked_ms: dict[FunctionKey, int] = {}
        self._account_ms = 0

    def is_ready(self) -> bool:
        """Functions are needed."""
        return self.watch.functions is not None

    def read(self, now_ms: int) -> Iterator[Delivery]:
        """Ask for the account's ceilings, then for functions not asked about lately."""
        scope = self.watch.scope
        if scope is None:
            return
        if now_ms - self._account_ms >= ASK_AGAIN_MS:
            limits = self._call("lambda", "GetAccountSettings").get("AccountLimit", {})
            self._account_ms = now_ms
            account = AccountConcurrency(
                limit=int(limits.get("ConcurrentExecutions", 0)),
                unreserved=int(limits.get("UnreservedConcurrentExecutions", limits.get("ConcurrentExecutions", 0))),
            )
            self.say(f"account limit {account.limit}, {account.unreserved} unreserved")
            yield AccountConcurrencyDelivered(scope=scope, account=account)
        keys = self._due(now_ms)
        if keys:
            yield FunctionConcurrencyDelivered(scope=scope, functions={key: self._ask(key, now_ms) for key in keys})

    def _due(self, now_ms: int) -> list[FunctionKey]:
        known = {function.key for function in self.watch.functions or ()}
        wanted = self.watch.interesting() & known
        due = [key for key in wanted if now_ms - self._asked_ms.get(key, 0) >= ASK_AGAIN_MS]
        due += [key for key in sorted(known) if key not in self._asked_ms and key not in wanted]
        return due[:FUNCTIONS_A_POLL]

    def _ask(self, key: FunctionKey, now_ms: int) -> FunctionConcurrency:
        reserved = self._call("lambda", "GetFunctionConcurrency", FunctionName=key.name)
        requested = available = None
        try:
            answer = self._call("lambda", "ListProvisionedConcurrencyConfigs", FunctionName=key.name)
        except SourceFailure as failure:
            if failure.state == "credentials":
                raise
            answer = {}
        for entry in answer.get("ProvisionedConcurrencyConfigs", []):
            requested = (requested or 0) + int(entry.get("RequestedProvisionedConcurrentExecutions", 0))
            available = (available or 0) + int(entry.get("AvailableProvisionedConcurrentExecutions", 0))
        self._asked_ms[key] = now_ms
        return FunctionConcurrency(
            reserved=reserved.get("ReservedConcurrentExecutions"),
            provisioned_requested=requested,
            provisioned_available=available,
        )
