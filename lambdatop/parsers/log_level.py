"""Level names and numbers of every logger, to six canonical levels (AWS-FACTS 3.2)."""

from typing import Any

from lambdatop.model.record import Level

_NAMES: dict[str, Level] = {
    **dict.fromkeys(("trace", "trce", "verbose", "finest", "finer", "silly"), "TRACE"),
    **dict.fromkeys(("debug", "dbug", "fine"), "DEBUG"),
    **dict.fromkeys(("info", "information", "notice", "log"), "INFO"),
    **dict.fromkeys(("warn", "warning"), "WARN"),
    **dict.fromkeys(("error", "err", "fail", "severe"), "ERROR"),
    **dict.fromkeys(("fatal", "crit", "critical", "panic", "dpanic", "emerg", "emergency", "alert"), "FATAL"),
}
_PINO: dict[int, Level] = {10: "TRACE", 20: "DEBUG", 30: "INFO", 40: "WARN", 50: "ERROR", 60: "FATAL"}
_NUMBERS: dict[int, Level] = {
    10: "DEBUG",
    20: "INFO",
    30: "WARN",
    40: "ERROR",
    50: "FATAL",
    7: "DEBUG",
    6: "INFO",
    5: "INFO",
    4: "WARN",
    3: "ERROR",
    2: "FATAL",
    1: "FATAL",
    0: "FATAL",
    8: "DEBUG",
    12: "INFO",
    16: "WARN",
    24: "FATAL",
    60: "FATAL",
}
QUIET = frozenset(
    cased
    for name, level in _NAMES.items()
    if level not in ("ERROR", "FATAL")
    for cased in (name, name.upper(), name.capitalize())
)
"""Names, as loggers case them, that are certainly below ERROR."""


def level_of_name(name: str) -> Level | None:
    """Return the canonical level of a name; slog's offsets (`WARN+1`) are dropped.

    >>> level_of_name("WARN+1"), level_of_name("crit"), level_of_name("loud")
    ('WARN', 'FATAL', None)
    """
    return _NAMES.get(name.strip().lower().partition("+")[0].partition("-")[0])


def level_of(value: object, fields: dict[str, Any]) -> Level | None:
    """Return the canonical level of a name or number; `fields` tell pino and bunyan (30 is INFO) from Python (20)."""
    if isinstance(value, str):
        return level_of_name(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    is_pino = ("pid" in fields and "hostname" in fields) or "v" in fields or isinstance(fields.get("time"), int | float)
    return (_PINO if is_pino else _NUMBERS).get(value)
