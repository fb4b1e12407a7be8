"""Who we are: the account that the credentials belong to (STS GetCallerIdentity)."""

import random
from collections.abc import Iterator

from lambdatop.model.delivery import Delivery
from lambdatop.model.identity import Scope
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.polled_source import RETRY_MS, PolledSource
from lambdatop.sources.watch import Watch

UNKNOWN_ACCOUNT_ID = "000000000000"


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

    def next_due_ms(self) -> int | None:
        """When to ask again; soon where any source found that the credentials no longer work."""
        if self._call.is_login_lost:
            return min(self._due_ms, self._polled_ms + RETRY_MS["credentials"])
        return self._due_ms

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
                self.watch.identity_failure = failure
                raise
            account_id = self._account_id_of_functions()
            self.say(f"account {account_id} by its functions, since this endpoint does not say who is asking")
        else:
            account_id = str(answer.get("Account", UNKNOWN_ACCOUNT_ID))
            self.say(str(answer.get("Arn", "")))
        self._call.is_login_lost = False
        self.watch.scope = Scope(account_id, self._call.clients.region or "")
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
