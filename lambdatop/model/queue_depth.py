"""A dead-letter queue and how full it is."""

from msgspec import Struct

from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import QueueRole


class QueueSource(Struct, frozen=True, kw_only=True):
    """Why a queue is watched: which function fills it, and by which way."""

    function: FunctionKey
    role: QueueRole
    via: str | None = None
    """The source queue's name, where messages come by its redrive policy."""


class QueueDepth(Struct, frozen=True, kw_only=True):
    """GetQueueAttributes of one dead-letter queue; counts are AWS's approximations, None when they cannot be read."""

    scope: Scope
    name: str
    arn: str
    depth: int | None = None
    in_flight: int | None = None
    age_of_oldest_s: float | None = None
    """The metric ApproximateAgeOfOldestMessage: time since the message reached this queue, seconds."""
    sources: tuple[QueueSource, ...] = ()
    read_at_ms: int | None = None
    note: str | None = None
    """Why depth or age is missing, in a sentence."""
    trend: tuple[int | None, ...] = ()
    """Depth at the end of each of the last fifteen minutes, oldest first; filled by the store."""
