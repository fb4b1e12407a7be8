"""Numbers of queries as people read them: bytes scanned, and values of a column in the unit that its name tells."""

import math
import re
from typing import Literal

from lambdatop.render.printable import printable
from lambdatop.render.span import Printable
from lambdatop.render.units import UNKNOWN

Unit = Literal["ms", "s", "bytes", "MB", "percent", "dollars", "count", ""]
"""Of a column's values; "" is a number of something unknown."""

_PREFIXES = "kMGTPE"
_MOST_SCALED = 1e21
"""From here on a number has an exponent."""
_CALL = re.compile(r"(\w+)\s*\((.*)\)\s*\Z", re.DOTALL)
_ADDITIVE = re.compile(r"(?:count|sum|rate|countovertime|sumovertime)\b", re.IGNORECASE)
_NOT_ADDITIVE = re.compile(r"(?:avg|min|max|pct|stddev|variance|median|p\d\d|average|earliest|latest)\b", re.IGNORECASE)
_KEEPS_UNIT = frozenset(("avg", "min", "max", "pct", "sum", "stddev", "earliest", "latest", "abs", "ceil", "floor"))
_COUNTS = frozenset(("count", "count_distinct", "countdistinct", "countovertime"))
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|%|\$")
_UNIT_OF_WORD: dict[str, Unit] = {
    "ms": "ms", "millis": "ms", "milliseconds": "ms", "duration": "ms", "latency": "ms",
    "s": "s", "sec": "s", "secs": "s", "seconds": "s",
    "bytes": "bytes", "byte": "bytes", "mb": "MB", "megabytes": "MB",
    "pct": "percent", "percent": "percent", "percentage": "percent", "%": "percent",
    "usd": "dollars", "dollars": "dollars", "cost": "dollars", "$": "dollars",
    "count": "count", "n": "count", "invocations": "count", "errors": "count", "requests": "count", "events": "count",
}  # fmt: skip
_FIELDS: dict[str, Unit] = {
    "@duration": "ms", "@billedduration": "ms", "@initduration": "ms", "@memorysize": "bytes",
    "@maxmemoryused": "bytes",
}  # fmt: skip
"""Lambda's own fields (AWS-FACTS 5.3); memory is in bytes there."""


def byte_count(value: float | None) -> Printable:
    """Return a number of bytes in at most 7 cells, in decimal units, as AWS prices them.

    >>> [byte_count(value) for value in (0, 999, 1_000, 12_345, 3_420_000_000, 999_999)]
    ['0 B', '999 B', '1.0 kB', '12 kB', '3.4 GB', '1.0 MB']
    """
    if value is None:
        return UNKNOWN
    scaled, prefix = float(value), ""
    for larger in _PREFIXES:
        if abs(scaled) < 999.5:
            break
        scaled, prefix = scaled / 1000, larger
    is_short = prefix and abs(scaled) < 9.95
    return Printable(f"{scaled:.1f} {prefix}B" if is_short else f"{scaled:.0f} {prefix}B")


def unit_of(column: str) -> Unit:
    """Return the unit of a column's values, guessed from its name; arithmetic hides it, an alias may tell it again.

    >>> [unit_of(name) for name in ("pct(@duration, 95)", "max(@memorySize/1e6)", "usedMB", "count(*)", "error_pct")]
    ['ms', '', 'MB', 'count', 'percent']
    """
    name = column.strip()
    call = _CALL.match(name)
    if call is not None:
        function = call[1].lower()
        if function in _COUNTS:
            return "count"
        argument = call[2].rsplit(",", 1)[0] if function == "pct" else call[2]
        return unit_of(argument) if function in _KEEPS_UNIT else ""
    if name.lower() in _FIELDS:
        return _FIELDS[name.lower()]
    if re.search(r"[*/+^()]|\s-\s", name):
        return ""
    words = [word.lower() for word in _WORDS.findall(name)]
    return next((_UNIT_OF_WORD[word] for word in reversed(words) if word in _UNIT_OF_WORD), "")


def is_additive(column: str) -> bool:
    """Return whether values of a column make sense added up, as counts and sums do.

    >>> [is_additive(name) for name in ("count(*)", "sum(@duration)", "avg(n)", "errors", "p99")]
    [True, True, False, True, False]
    """
    name = column.strip()
    if _ADDITIVE.match(name):
        return True
    return not _NOT_ADDITIVE.match(name) and unit_of(name) == "count"


def value_text(value: float, unit: Unit) -> Printable:
    """Return a value with four significant digits and its unit, in at most 9 cells.

    >>> [value_text(1500, unit) for unit in ("ms", "s", "bytes", "MB", "percent", "dollars", "count", "")]
    ['1.5 s', '25 min', '1.5 kB', '1.5 GB', '1500%', '$1500', '1500', '1500']
    """
    if not math.isfinite(value):
        return printable(f"{value}")
    if unit in ("ms", "s"):
        return _time_text(value * (1000 if unit == "s" else 1))
    if unit in ("bytes", "MB"):
        number, prefix = _scaled(value * (1e6 if unit == "MB" else 1), least=1e3)
        return Printable(f"{number} {prefix}B")
    number, prefix = _scaled(value, least=1e4)
    if unit == "dollars":
        return Printable(f"${number}{prefix}")
    return Printable(f"{number}{prefix}{'%' if unit == 'percent' else ''}")


def _time_text(value_ms: float) -> Printable:
    for least, factor, name in ((600_000, 60_000, "min"), (1_000, 1_000, "s")):
        if abs(value_ms) >= least:
            return Printable(f"{_digits(value_ms / factor)} {name}")
    return Printable(f"{_digits(value_ms)} ms")


def _scaled(value: float, least: float) -> tuple[str, str]:
    """Return a number with few digits, and the letter of a thousand, a million …, for those from `least` on."""
    prefix = ""
    if least <= abs(value) < _MOST_SCALED:
        for larger in _PREFIXES:
            value, prefix = value / 1000, larger
            if abs(value) < 999.95:
                break
    return _digits(value), prefix


def _digits(value: float) -> str:
    """Return four significant digits, with an exponent only where nothing else is short."""
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.3g}" if abs(value) >= 1e6 else f"{value:.0f}"
