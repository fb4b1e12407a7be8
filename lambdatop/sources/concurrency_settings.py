"""Concurrency ceilings: the account's, and functions' reserved and provisioned concurrency."""

import random
from collections.abc import Iterator
from typing import Any

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
    """Asks for a few functions each time, since Lambda's control plane allows few calls to all of its users.

    The account's limit less its unreserved part is the sum of all reserved concurrency: once reservations that add up
    to it have been found, the other functions are known to have none.
    """

    name = "concurrency"
    interval_ms = 20_000
    needs_functions = True

    def __init__(self, call: AwsCall, watch: Watch, random_source: random.Random) -> None:
        super().__init__(watch, random_source)
        self._call = call
        self._account: AccountConcurrency | None = None
        self._account_ms = 0
        self._reserved: dict[FunctionKey, int | None] = {}
        self._provisioned: dict[FunctionKey, tuple[int | None, int | None]] = {}
        self._asked_ms: dict[FunctionKey, int] = {}

    def read(self, now_ms: int) -> Iterator[Delivery]:
        """Ask for the account's ceilings, then for functions not asked about lately."""
        scope = self.watch.scope
        if scope is None:
            return
        obstacle = None
        if now_ms - self._account_ms >= ASK_AGAIN_MS:
            try:
                account = self._ask_account()
            except SourceFailure as failure:
                if failure.state not in ("absent", "denied"):
                    raise
                obstacle = failure
            else:
                self._account_ms = now_ms
                if account != self._account:
                    self._account = account
                    self._reserved.clear()
                yield AccountConcurrencyDelivered(scope=scope, account=account)
        changed = (self._ask_reserved() | self._ask_provisioned(now_ms)) & self._reserved.keys()
        if changed:
            yield FunctionConcurrencyDelivered(
                scope=scope, functions={key: self._settings(key) for key in sorted(changed)}
            )
        if obstacle is not None:
            raise obstacle
        if self._account is not None:
            self.say(f"account limit {self._account.limit}, {self._account.unreserved} unreserved")

    def _settings(self, key: FunctionKey) -> FunctionConcurrency:
        requested, available = self._provisioned.get(key, (None, None))
        return FunctionConcurrency(
            reserved=self._reserved.get(key), provisioned_requested=requested, provisioned_available=available
        )

    def _ask_account(self) -> AccountConcurrency:
        limits = self._call("lambda", "GetAccountSettings").get("AccountLimit", {})
        if "ConcurrentExecutions" not in limits:
            raise SourceFailure("absent", "This endpoint does not tell the account's concurrency limit.")
        limit = int(limits["ConcurrentExecutions"])
        return AccountConcurrency(limit=limit, unreserved=int(limits.get("UnreservedConcurrentExecutions", limit)))

    def _are_all_reservations_known(self) -> bool:
        if self._account is None:
            return False
        found = sum(reserved or 0 for reserved in self._reserved.values())
        return found >= self._account.limit - self._account.unreserved

    def _ask_reserved(self) -> set[FunctionKey]:
        """Ask until the reservations add up; interesting functions come first."""
        known = {function.key for function in self.watch.functions or ()}
        wanted = self.watch.interesting()
        unasked = sorted(known - self._reserved.keys(), key=lambda key: (key not in wanted, key))
        asked: set[FunctionKey] = set()
        for key in unasked[:FUNCTIONS_A_POLL]:
            if self._are_all_reservations_known():
                break
            answer = self._ask("GetFunctionConcurrency", key)
            if answer is not None:
                self._reserved[key] = answer.get("ReservedConcurrentExecutions")
                asked.add(key)
        if self._are_all_reservations_known():
            rest = known - self._reserved.keys()
            self._reserved.update(dict.fromkeys(rest))
            asked |= rest
        return asked

    def _ask_provisioned(self, now_ms: int) -> set[FunctionKey]:
        known = {function.key for function in self.watch.functions or ()}
        wanted = sorted(self.watch.interesting() & known)
        due = [key for key in wanted if now_ms - self._asked_ms.get(key, -ASK_AGAIN_MS) >= ASK_AGAIN_MS]
        for key in due[:FUNCTIONS_A_POLL]:
            answer = self._ask("ListProvisionedConcurrencyConfigs", key) or {}
            entries = answer.get("ProvisionedConcurrencyConfigs", [])
            self._provisioned[key] = (
                _total(entries, "RequestedProvisionedConcurrentExecutions"),
                _total(entries, "AvailableProvisionedConcurrentExecutions"),
            )
            self._asked_ms[key] = now_ms
        return set(due[:FUNCTIONS_A_POLL])

    def _ask(self, operation: str, key: FunctionKey) -> dict[str, Any] | None:
        """Return the answer; None where the function is gone since it was listed."""
        try:
            return self._call("lambda", operation, FunctionName=key.name)
        except SourceFailure as failure:
            if failure.code != "ResourceNotFoundException":
                raise
            return None


def _total(entries: list[dict[str, Any]], name: str) -> int | None:
    """Return the sum over a function's aliases and versions, None where it has no provisioned concurrency."""
    return sum(int(entry.get(name, 0)) for entry in entries) if entries else None
