"""Who we are: the account that the credentials belong to (STS GetCallerIdentity), and for how long."""

import random
from collections.abc import Iterator

import msgspec

from lambdatop.model.delivery import Delivery
from lambdatop.model.identity import Scope
from lambdatop.model.source_status import SourceStatus
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.clock_skew import skew_words
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.polled_source import RETRY_MS, PolledSource
from lambdatop.sources.watch import Watch

UNKNOWN_ACCOUNT_ID = "000000000000"
ENDING_MS = 900_000
ENDING_INTERVAL_MS = 60_000
"""In a login's last quarter of an hour it is looked after each minute, since a new one may come any time."""
SET_CLOCK = "Set the clock: `sudo timedatectl set-ntp true`."
START_AGAIN = "Start lambdatop again with new ones: a program never sees its environment change."


class IdentitySource(PolledSource):
    """Finds the scope that all other sources need, and logs in anew where credentials stop working.

    After a user has logged in again, only a new session reads the new token (AWS-FACTS 12.3).
    """

    name = "identity"
    interval_ms = 600_000
    needs_scope = False

    def __init__(self, call: AwsCall, watch: Watch, random_source: random.Random) -> None:
        super().__init__(watch, random_source)
        self._call = call
        self._polled_ms = 0
        self._ends_at_ms: int | None = None

    def next_due_ms(self) -> int | None:
        """When to ask again; soon where any source found that the credentials no longer work, or they end soon."""
        if self._call.is_login_lost:
            return min(self._due_ms, self._polled_ms + RETRY_MS["credentials"])
        if self._ends_at_ms is not None:
            return min(self._due_ms, max(self._ends_at_ms - ENDING_MS, self._polled_ms + ENDING_INTERVAL_MS))
        return self._due_ms

    def status(self, now_ms: int) -> SourceStatus:
        """How the source is doing, when the login ends, and how far this machine's clock is off."""
        status = super().status(now_ms)
        offset_ms = self._call.skew.offset_ms
        detail, remedy = status.detail, status.remedy
        if offset_ms and status.state == "working":
            detail, remedy = f"{detail}; {skew_words(offset_ms)}, corrected for", remedy or SET_CLOCK
        return msgspec.structs.replace(
            status, detail=detail, remedy=remedy, expires_at_ms=self._ends_at_ms, clock_offset_ms=offset_ms
        )

    def read(self, now_ms: int) -> Iterator[Delivery]:
        """Ask who we are, in a new session after a lost login."""
        is_new_login = self._call.is_login_lost
        self._polled_ms = now_ms
        if is_new_login:
            self._call.clients.connect()
        try:
            answer = self._call("sts", "GetCallerIdentity")
        except SourceFailure as failure:
            if failure.state not in ("absent", "denied"):
                if failure.state == "credentials" and self._call.clients.are_of_environment:
                    failure.remedy = START_AGAIN
                self.watch.identity_failure = failure
                raise
            account_id = self._account_id_of_functions()
            self.say(f"account {account_id} by its functions, since this endpoint does not say who is asking")
        else:
            account_id = str(answer.get("Account", UNKNOWN_ACCOUNT_ID))
            self.say(str(answer.get("Arn", "")))
        self._call.is_login_lost = False
        self._ends_at_ms = self._call.clients.login_ends_at_ms
        self.watch.scope = Scope(account_id, self._call.clients.region or "")
        self._call.belong_to(self.watch.scope)
        self.watch.generation += is_new_login
        yield from ()

    def _account_id_of_functions(self) -> str:
        try:
            functions = self._call("lambda", "ListFunctions", MaxItems=1).get("Functions", [])
        except SourceFailure as failure:
            if failure.state == "credentials":
                raise
            functions = []
        parts = str(functions[0].get("FunctionArn", "") if functions else "").split(":")
        return parts[4] if len(parts) > 6 else UNKNOWN_ACCOUNT_ID
