"""What the screen is told when it is started."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from lambdatop.engine import clock
from lambdatop.model.identity import FunctionKey
from lambdatop.model.reading import ReadingWish
from lambdatop.model.view import LiveTailChoice, Window
from lambdatop.render.console_link import function_console_url


class ScreenSettings(Struct, frozen=True, kw_only=True):
    """Everything that the command line decides about the screen."""

    refresh_interval_s: float = 1.0
    theme: str = "lambdatop"
    is_utc: bool = False
    is_ascii: bool = False
    """Draw without characters beyond ASCII, for terminals that have no others."""
    is_demo: bool = False
    profile: str | None = None
    regions: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    """Names and globs that the functions were chosen by."""
    window: Window = "15m"
    live_tail: LiveTailChoice = "off"
    wide_logs: ReadingWish = "auto"
    banner: str | None = None
    """A sentence shown once when the screen opens."""
    state_folder: Path | None = None
    """Where the history of queries is kept; None keeps none."""
    config_folder: Path | None = None
    """Where saved queries are; None keeps them until the end."""
    console_url: Callable[[FunctionKey], str] = function_console_url
    now_ms: Callable[[], int] = clock.now_ms
