"""What the user is looking at, so that the store computes it and the sources ask for it."""

from typing import Literal

from msgspec import Struct

from lambdatop.model.identity import FunctionKey
from lambdatop.model.query import QueryTask
from lambdatop.model.reading import UNASKED_BACKFILL_USD, ReadingWish

Window = Literal["1m", "5m", "15m", "1h", "start"]
WINDOWS: tuple[Window, ...] = ("1m", "5m", "15m", "1h", "start")
WINDOW_MS: dict[Window, int | None] = {"1m": 60_000, "5m": 300_000, "15m": 900_000, "1h": 3_600_000, "start": None}

LiveTailChoice = Literal["off", "focused", "all"]
"""Which log groups CloudWatch's Live Tail listens to: none, the opened function's, or those that matter as well."""
LIVE_TAIL_CHOICES: tuple[LiveTailChoice, ...] = ("off", "focused", "all")


class View(Struct, frozen=True, kw_only=True):
    """The window that numbers are shown over, the functions on screen and opened, and what is read of logs."""

    window: Window = "15m"
    visible: tuple[FunctionKey, ...] = ()
    focus: FunctionKey | None = None
    logs: tuple[FunctionKey, ...] = ()
    """Functions whose log lines are read, all of them, beside those of the opened one."""
    log_pattern: str | None = None
    """A filter pattern in AWS's syntax: of the functions in `logs`, only what it lets through is read, and platform
    and failure lines. None reads all."""
    live_tail: LiveTailChoice = "off"
    wide_logs: ReadingWish = "auto"
    """How the logs of all functions are read: as the rule says, or whatever it says."""
    backfill_usd: float = UNASKED_BACKFILL_USD
    """What reading the past by Insights may cost in each account; 0 to have it swept, however long that takes."""
    query_tasks: tuple[QueryTask, ...] = ()
    """What is wanted of Logs Insights, on the user's account; what is named no more is stopped."""
