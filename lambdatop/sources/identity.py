"""Who we are: the account that the credentials belong to (STS GetCallerIdentity)."""

import random
from collections.abc import Iterator

from lambdatop.model.delivery import Delivery
from lambdatop.model.identity import Scope
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.polled_source import PolledSource
from lambdatop.sources.watch import Watch

UNKNOWN_ACCOUNT_ID = "000000000000"


class IdentitySource(PolledSource):
    """Finds the scope that all other sources need; rebuilds the session when the credentials stop working."""

    name = "identity"
    interval_ms = 600_000
    needs_scope = False

    def __init__(self, call: AwsCall, watch: Watch, random_source: random.Random) -> None:
        super().__init__(watch, random_source)
        self._call = call

    def next_due_ms(self) -> int | None:
        """When to ask again; at once where another source found that the credentials no longer work."""
        return self._due_ms

    def read(self, now_ms: int) -> Iterator[Delivery]:  # noqa: ARG002  the answer does not depend on the time
        """Ask who we are."""
        if self._state == "credentials":
            self._call.clients.connect()
        region = self._call.clients.region or ""
        try:
            answer = self._call("sts", "GetCallerIdentity")
        except SourceFailure as failure:
            if failure.state not in ("absent", "denied"):
                self.watch.identity_failure = failure
                raise
            self.watch.scope = self.watch.scope or Scope(UNKNOWN_ACCOUNT_ID, region)
            self.say("The account is not known: this endpoint does not say who is asking.")
        else:
            self.watch.scope = Scope(str(answer.get("Account", UNKNOWN_ACCOUNT_ID)), region)
            self.say(str(answer.get("Arn", "")))
        self.watch.generation += 1
        yield from ()
