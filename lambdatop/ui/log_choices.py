"""What the reader of the log chose to see: filters that stack, a search, how platform lines are treated."""

from typing import Literal

from msgspec.structs import replace

from lambdatop.model.log_line import LogFilter, TextCondition
from lambdatop.model.record import Level

PlatformLines = Literal["dimmed", "shown", "hidden"]
_PLATFORM: tuple[PlatformLines, ...] = ("dimmed", "shown", "hidden")
_LEVELS: tuple[Level | None, ...] = (None, "INFO", "WARN", "ERROR")


class LogChoices:
    """Every change of the filter can be taken back, the last one first."""

    def __init__(self, log_filter: LogFilter) -> None:
        self.log_filter = log_filter
        self.preview: LogFilter | None = None
        """The filter as it would be with what is being typed."""
        self.search: TextCondition | None = None
        self.platform_lines: PlatformLines = "hidden" if log_filter.hides_platform else "dimmed"
        self._before: list[LogFilter] = []

    @property
    def in_force(self) -> LogFilter:
        """The filter that lines are asked for with."""
        chosen = self.log_filter if self.preview is None else self.preview
        return replace(chosen, hides_platform=self.platform_lines == "hidden")

    @property
    def has_filters(self) -> bool:
        """Whether there is a change of the filter to take back."""
        return bool(self._before)

    def filter_by(self, log_filter: LogFilter) -> None:
        """Filter so from now on."""
        self.preview = None
        if log_filter != self.log_filter:
            self._before.append(self.log_filter)
            self.log_filter = log_filter

    def take_back(self) -> None:
        """Take the last change of the filter back."""
        if self._before:
            self.log_filter = self._before.pop()

    def next_level(self) -> Level | None:
        """Show lines of the next higher level and above, after ERROR all again."""
        index = _LEVELS.index(self.log_filter.least_level) if self.log_filter.least_level in _LEVELS else 0
        level = _LEVELS[(index + 1) % len(_LEVELS)]
        self.filter_by(replace(self.log_filter, least_level=level))
        return level

    def next_platform_lines(self) -> PlatformLines:
        """Treat what the platform writes in the next way: dimmed, like all others, hidden."""
        self.platform_lines = _PLATFORM[(_PLATFORM.index(self.platform_lines) + 1) % len(_PLATFORM)]
        return self.platform_lines
