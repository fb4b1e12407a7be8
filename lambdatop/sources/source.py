"""What every source of numbers is: something that is due at a time, polls, and says how it is doing."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from lambdatop.model.delivery import Delivery
from lambdatop.model.source_status import SourceStatus


class Source(Protocol):
    """One kind of fact read from AWS; the engine's threads drive it.

    `poll` may run in up to `parallel` threads at once, so a source guards its own state. It never raises for what
    AWS, the network or credentials do: those go into `status`, and the source sets its own next time.
    """

    name: str
    parallel: int

    def next_due_ms(self) -> int | None:
        """When the next poll should start (epoch ms, may be past); None while nothing can be asked yet."""

    def poll(self, now_ms: int) -> Iterable[Delivery]:
        """Do one unit of work; each delivery is yielded as soon as it is known."""

    def status(self, now_ms: int) -> SourceStatus:
        """How the source is doing, in words and numbers; cheap, called from another thread."""

    def has_first_answer(self) -> bool:
        """Whether the first pass (back-fill included) is over, well or badly; `report` waits for this."""


@runtime_checkable
class Ending(Protocol):
    """A source that leaves something running at AWS unless it is told that the program ends."""

    def end(self) -> None:
        """Begin nothing more and have AWS stop what runs; called from a thread of its own, and not waited for long."""
