"""What the engine needs of an account: its sources and the two things it tells them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from lambdatop.model.identity import FunctionKey
from lambdatop.model.source_status import ApiUsage
from lambdatop.model.view import View
from lambdatop.sources.source import Source


class Watched(Protocol):
    """What an account's sources look at to know where reading matters."""

    view: View
    active: frozenset[FunctionKey]
    sick: Mapping[FunctionKey, float]


class AccountPort(Protocol):
    """One profile and region, as `lambdatop.sources.account.Account` is and as a test's stand-in may be."""

    @property
    def label(self) -> str:
        """A short name for status lines where there are several accounts."""

    @property
    def watch(self) -> Watched:
        """The blackboard that the sources read."""

    @property
    def sources(self) -> Sequence[Source]:
        """What is polled; empty until `connect` has returned."""

    def connect(self) -> None:
        """Load the AWS libraries and build the clients; raises SourceFailure where configuration rules it out."""

    def usage(self, now_ms: int) -> ApiUsage:
        """What has been asked of AWS so far."""
