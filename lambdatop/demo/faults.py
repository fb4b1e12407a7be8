"""What can go wrong between the account and whoever reads it, and the text that asks for it.

A fault is written NAME[=VALUE][@START[+DURATION]]. VALUE is a share (5%), a service or an operation (logs,
logs:FilterLogEvents, lambda:List*), a time (90s, 2m, a plain number of seconds), or several of them with commas
between. START counts from the beginning of serving, on the account's clock; without it the fault is always there.
"""

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

SERVICES = ("lambda", "logs", "cloudwatch", "sqs", "xray", "sts")
_UNIT_MS = {"ms": 1, "": 1_000, "s": 1_000, "m": 60_000, "h": 3_600_000}
_TIME = re.compile(r"(-?\d+(?:\.\d+)?)(ms|s|m|h|)")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%")
_TARGET = re.compile(rf"({'|'.join(SERVICES)})(?::([A-Za-z*?]+))?")


class FaultError(ValueError):
    """A text asks for no fault that there is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of fault: what it does, which parts its value may have, and what they are where none is given."""

    description: str
    takes: tuple[str, ...] = ()
    """Of "share", "target" and "time"."""
    needs: str | None = None
    """The part without which it means nothing."""
    share: float = 1.0
    time_ms: int = 0


_CALLS = ("share", "target")

KINDS: dict[str, Kind] = {
    "throttle": Kind("calls are refused with the service's own throttling code", _CALLS),
    "error": Kind("calls fail with the service's own 5xx", _CALLS),
    "reset": Kind("connections are reset in mid-answer", _CALLS),
    "slow": Kind("answers trickle, for 2s or the time given", (*_CALLS, "time"), time_ms=2_000),
    "truncate": Kind("answers are cut off in the middle", _CALLS),
    "outage": Kind("connections are closed without an answer"),
    "expired-credentials": Kind("every service says that the credentials have expired"),
    "deny": Kind("an action is denied, such as logs:FilterLogEvents", ("target",), needs="target"),
    "skew": Kind("the Date of every answer is off by the time given", ("time",), needs="time"),
    "late-logs": Kind("log events are ingested late, by up to 2m", ("share", "time"), time_ms=120_000),
    "twins": Kind("log events come twice, alike in all but their IDs", ("share",)),
    "empty-pages": Kind("FilterLogEvents answers empty pages with a token", ("share",)),
    "repeat-tokens": Kind("FilterLogEvents tells pages again, by tokens that lead back", ("share",)),
    "live-sample": Kind("Live Tail leaves out 50% or the share given, and says so", ("share",), share=0.5),
    "live-stall": Kind("Live Tail sends nothing, and its connection stays open"),
    "live-cut": Kind("Live Tail ends its sessions after the time given", ("time",), needs="time"),
    "live-drop": Kind("Live Tail leaves out events and does not say so", ("share",)),
    "late-metrics": Kind("metrics come late, by up to 3m, and bit by bit", ("share", "time"), time_ms=180_000),
}  # fmt: skip
FORM = "NAME[=VALUE][@START[+DURATION]]"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that was asked for; times in ms, `start_ms` and `end_ms` from the beginning of serving."""

    name: str
    share: float = 1.0
    """Of the calls, events or points that it could strike."""
    service: str | None = None
    """Whose calls it strikes; None for every service's."""
    operation: str = "*"
    time_ms: int = 0
    start_ms: int | None = None
    end_ms: int | None = None

    def is_on(self, elapsed_ms: int | None) -> bool:
        """Whether its time has come; `elapsed_ms` is None before serving begins."""
        if self.start_ms is None:
            return True
        return (
            elapsed_ms is not None
            and self.start_ms <= elapsed_ms
            and (self.end_ms is None or elapsed_ms < self.end_ms)
        )  # fmt: skip

    def is_about(self, service: str, operation: str) -> bool:
        """Whether it strikes calls of this operation."""
        return self.service is None or (self.service == service and fnmatchcase(operation, self.operation))

    def at_speed(self, speed: float) -> "Fault":
        """The same fault in a story that is told faster."""
        start_ms, end_ms = self.start_ms, self.end_ms
        return replace(
            self,
            start_ms=None if start_ms is None else int(start_ms / speed),
            end_ms=None if end_ms is None else int(end_ms / speed),
        )


def parse_fault(text: str) -> Fault:
    """The fault that a text asks for. Raises FaultError with a sentence.

    >>> parse_fault("throttle=logs:FilterLogEvents,20%@1m+90s")  # doctest: +NORMALIZE_WHITESPACE
    Fault(name='throttle', share=0.2, service='logs', operation='FilterLogEvents', time_ms=0,
          start_ms=60000, end_ms=150000)
    >>> parse_fault("skew=-300").time_ms
    -300000
    >>> parse_fault("thunder")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    lambdatop.demo.faults.FaultError: 'thunder' is no fault; there are throttle, error, ... and late-metrics
    """
    described, _, window = text.partition("@")
    name, _, value = described.partition("=")
    kind = KINDS.get(name)
    if kind is None:
        *others, last = KINDS
        raise FaultError(f"{name!r} is no fault; there are {', '.join(others)} and {last}")
    parts = _parts(text, kind, value) if "=" in described else {}
    if kind.needs is not None and kind.needs not in parts:
        raise FaultError(f"{text!r} lacks its {kind.needs}: say {usage(name)}")
    start_ms, end_ms = _window(text, window) if "@" in text else (None, None)
    service, operation = parts.get("target", (None, "*"))
    return Fault(
        name,
        parts.get("share", kind.share),
        service,
        operation,
        parts.get("time", kind.time_ms),
        start_ms,
        end_ms,
    )


def usage(name: str) -> str:
    """How a fault is written, without its window.

    >>> usage("slow"), usage("deny"), usage("outage")
    ('slow[=SHARE,TARGET,TIME]', 'deny=TARGET', 'outage')
    """
    kind = KINDS[name]
    value = ",".join(part.upper() for part in kind.takes)
    return f"{name}={value}" if kind.needs else f"{name}[={value}]" if value else name


def _parts(text: str, kind: Kind, value: str) -> dict[str, Any]:
    """The parts of a value by what they are."""
    found: dict[str, Any] = {}
    for part in value.split(","):
        meaning: Any = None
        if (share := _SHARE.fullmatch(part)) is not None and 0 < float(share[1]) <= 100:
            sort, meaning = "share", float(share[1]) / 100
        elif (target := _TARGET.fullmatch(part)) is not None:
            sort, meaning = "target", (target[1], target[2] or "*")
        elif (time := _TIME.fullmatch(part)) is not None and (kind is KINDS["skew"] or not part.startswith("-")):
            sort, meaning = "time", _milliseconds(time)
        else:
            sort = ""
        if sort not in kind.takes or sort in found:
            takes = " and ".join(kind.takes) or "no value"
            raise FaultError(f"{part!r} in {text!r} is not understood; {text.partition('=')[0]} takes {takes}")
        found[sort] = meaning
    return found


def _window(text: str, window: str) -> tuple[int, int | None]:
    start, _, duration = window.partition("+")
    begun = _TIME.fullmatch(start)
    lasting = _TIME.fullmatch(duration) if "+" in window else None
    if begun is None or start.startswith("-") or ("+" in window and (lasting is None or duration.startswith("-"))):
        raise FaultError(f"{window!r} in {text!r} is no window; say @START or @START+DURATION, such as @60s+2m")
    start_ms = _milliseconds(begun)
    return start_ms, None if lasting is None else start_ms + _milliseconds(lasting)


def _milliseconds(time: re.Match[str]) -> int:
    return int(float(time[1]) * _UNIT_MS[time[2]])
