"""How the logs of many functions are read: each log group by itself, or all of them by aggregates of Logs Insights."""

from typing import Literal

from msgspec import Struct

ReadingWish = Literal["auto", "sweep", "insights"]
"""What the user wants: what the rule chooses, or one of the ways whatever it says."""
READING_WISHES: tuple[ReadingWish, ...] = ("auto", "sweep", "insights")

ReadingMode = Literal["sweep", "insights"]
"""`sweep`: every log group is visited in turn, free of charge; `insights`: all are counted once a minute by queries
that scan every byte, and only those that deserve it are visited."""

UNASKED_BACKFILL_USD = 0.10
"""What reading the past by Insights may cost without being asked about."""
UNASKED_USD_PER_HOUR = 0.25
"""What counting by Insights may cost without being asked about."""

COUNTED_BY_INSIGHTS = "counted by Insights, a minute at a time"
"""What is noted on a number that aggregates told: all of it, zero as well."""


class BackfillOffer(Struct, frozen=True, kw_only=True):
    """How the past is best read, and at what price."""

    mode: ReadingMode
    """`sweep` where Insights would be better but must not be paid: not allowed, or not wanted."""
    sentence: str
    """How long sweeping takes, and what Insights scans and costs."""
    sweep_s: float
    """How long sweeping takes, in seconds."""
    bytes_logged: float | None = None
    """What Insights scans; None where it is not known how much was logged."""
    cost_usd: float | None = None
    needs_consent: bool = False
    """Whether nothing is to be scanned until the user has agreed."""


class ReadingChoice(Struct, frozen=True, kw_only=True):
    """The way that was chosen, and why."""

    choice: ReadingMode
    sentence: str
    """Why, with the figures that it was chosen by."""
    remedy: str | None = None
    """What would let the rule choose otherwise."""
    sweeps_from_ms: int
    """Event time that sweeps read from; what is before it, back to the start, is told by Insights."""
    usd_per_hour: float = UNASKED_USD_PER_HOUR
    """What queries may cost an hour before they slow down; infinite where the user set the way and no limit."""
    swept_groups: int
    """How many log groups can be visited often enough; all of them matter only where the choice is to sweep."""
    sweep_staleness_s: float
    """How often a log group that nobody looks at is visited where all are swept, in seconds."""
    insights_usd_per_hour: float | None = None
    """What counting by Insights costs, or would cost; None where it is not known how much is logged."""
    is_forced: bool = False
    """Whether the user chose, not the rule."""
    since_ms: int
    """Since when this way is in force."""
    backfill: BackfillOffer | None = None
    """How the past is read, where Insights is better at it; None where there is nothing of it for Insights to tell."""
