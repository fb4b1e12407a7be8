"""Who a number belongs to: an account and region, and a function in it."""

from typing import NamedTuple


class Scope(NamedTuple):
    """One AWS account in one region; quotas, queues and metrics live per scope."""

    account_id: str
    region: str


class FunctionKey(NamedTuple):
    """A function's identity across accounts and regions."""

    account_id: str
    region: str
    name: str

    @property
    def scope(self) -> Scope:
        """The account and region the function lives in."""
        return Scope(self.account_id, self.region)
