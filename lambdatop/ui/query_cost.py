"""When to ask AWS how much a query would scan, and when to ask the user whether to run it."""

from typing import NamedTuple

_BEGUN_SECOND = 1
"""That which goes on now is read too, so that the last hour has a second more."""
SURE_SECONDS = 3_600 + _BEGUN_SECOND
SURE_GROUPS = 10
"""A query over no longer a time and no more log groups runs at once."""
ASKED_BYTES = 10_000_000_000
UNKNOWN_SECONDS = 86_400 + _BEGUN_SECOND
"""Where AWS offers no estimate, a longer time is asked about."""


class RunPlan(NamedTuple):
    """A query that is about to run."""

    text: str
    log_groups: tuple[str, ...]
    start_s: int
    end_s: int
    source_length: int = 0
    """Characters put before the text."""
    warning: str | None = None
    """What will not work, in a sentence."""
    groups: str = ""
    """Which log groups those are, in words."""

    @property
    def seconds(self) -> int:
        """How long a time it looks at."""
        return self.end_s - self.start_s

    @property
    def needs_estimate(self) -> bool:
        """Whether to ask first how much it would scan, which is free of charge."""
        return self.seconds > SURE_SECONDS or not 0 < len(self.log_groups) <= SURE_GROUPS

    def must_ask(self, estimated_bytes: float | None) -> bool:
        """Return whether to ask the user, the estimate being None where AWS offers none."""
        if self.warning is not None:
            return True
        return self.seconds > UNKNOWN_SECONDS if estimated_bytes is None else estimated_bytes > ASKED_BYTES
