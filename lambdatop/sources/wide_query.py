r"""The query that counts what every function of many log groups did, a row for each version, bin, outcome and duration.

One scan tells all: REPORT lines and `platform.report` records by the fields that Insights discovers or that `parse`
finds, and the lines of the old style and of runtimes that alone tell of a failure. Only what AWS documents is used
(AWS-FACTS 5, CWL_QuerySyntax). Names begin with `lt`, so that they are no field of anybody's JSON.

Durations are counted by the power of `RATIO` that they lie below, so that counts of any bins and versions add up to
percentiles: a value is told within 5 % by the middle of its power.
"""

from collections.abc import Sequence
from math import log

RATIO = 1.1
LEAST_MS = 0.001
LIMIT = 100_000
"""The most rows that AWS returns (AWS-FACTS 4.5)."""
_GO = r"(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(\.\d+)? )?"
"""What Go's logger may write before the error that the runtime hands to it."""
_UUID = "[0-9a-fA-F-]{36}"
FAILURES = "|".join(
    (
        rf"\S+ {_UUID} Task timed out after ",
        rf"RequestId: {_UUID} Error: ",
        r"(LAMBDA_WARNING[^\r]*\r)?\[ERROR\] [\w.]+(: [^\t]*)?[\r\n]Traceback \(most recent call last\)",
        r"\S+Z\t\S*\t(ERROR|FATAL)\t(Invoke Error|Uncaught Exception|Unhandled Promise Rejection|Init Error) *\t",
        r"\S+Z\t\S*\tfail\t[\w.]+Exception[^\t]*\n   at ",
        r"[^\n]*: ([\w$]+\.)+[\w$]+\n([\w$]+\.)+[\w$]+[:\r\n][^\t]*\tat ",
        _GO + r'\{"error(Message|Type)"',
        r"(Error raised from handler method|Init error when loading handler)",
        r"(\S+Z)?\s*ERROR [^\n]*(user handler|Lambda) panicked",
        r"(Lambda panicked|user handler panicked)",
    )
)
"""How lines begin that tell of a failed invocation whose report does not (AWS-FACTS 1.6, 1.8).

A panic that ends the process, in Go with a stack trace, is told by the report, or by the old style's `Runtime exited`.
"""
REPORTED = "|".join(
    (
        r"(LAMBDA_WARNING[^\r]*\r)?\[ERROR\] (Runtime|Function|Sandbox|Extension)\.",
        r"\S+Z\tundefined\t",
        _GO + r'\{"error[^\n]*"stackTrace": ?\[\{"path"',
    )
)
"""How lines begin whose failure the report tells of as well."""
TIMED_OUT = "Task timed out"
CLASSES = ("STANDARD", "INFREQUENT_ACCESS")
"""Log groups by prefix are of the first class alone where none is named."""
BIN_COLUMNS = {60_000: "bin(1m)", 300_000: "bin(5m)", 3_600_000: "bin(1h)"}
"""How a bin's start is named in a row, by the bin's length in milliseconds."""

_PARSED = (
    r"parse @logStream /^\d+\/\d+\/\d+\/(?<ltFunction>[^\[]*)\[(?<ltVersion>[^\]]+)\]/",
    r"parse @message /^REPORT [^\n]*\sRestore Duration: (?<ltRestored>[\d.]+) ms/",
    r"parse @message /^REPORT [^\n]*\sStatus: (?<ltTextStatus>\w+)/",
    r"parse @message /^REPORT [^\n]*\sError Type: (?<ltTextType>[\w.]+)/",
    rf"parse @message /^(?:\S+ |RequestId: ){_UUID} (?:Error: )?(?<ltFault>{TIMED_OUT}|\w+)/",
)
_FIELDS = (
    "coalesce(@duration, record.metrics.durationMs) as ltDuration",
    "coalesce(@billedDuration, record.metrics.billedDurationMs) as ltBilled",
    "coalesce(@memorySize / 1000 / 1000, record.metrics.memorySizeMB) as ltSize",
    "coalesce(@maxMemoryUsed / 1000 / 1000, record.metrics.maxMemoryUsedMB) as ltUsed",
    "coalesce(@initDuration, record.metrics.initDurationMs) as ltInit",
    "coalesce(ltRestored, record.metrics.restoreDurationMs) as ltRestore",
    "coalesce(ltTextStatus, record.status) as ltStatus",
    "coalesce(ltTextType, record.errorType) as ltType",
)
_COUNTS = (
    "count(*) as ltLines",
    "count(ltDuration) as ltReports",
    "count(ltInit) as ltInits",
    "count(ltRestore) as ltRestores",
    "sum(ltBilled) as ltBilledSum",
    "sum(ltBilled * ltSize) as ltBilledSize",
    "max(ltUsed) as ltMostUsed",
    "max(ltDuration) as ltLongest",
    "max(ltCold) as ltLongestCold",
)
_BY = ("@log", "ltFunction", "ltVersion", "ltStatus", "ltType", "ltFault", "ltPower", "ltColdPower")


def count_query(bin_ms: int, prefixes: Sequence[str] = ()) -> str:
    """Return the query, over log groups that begin with one of at most five prefixes, or over those named beside it."""
    source = f"SOURCE logGroups(namePrefix: [{_listed(prefixes)}], class: [{_listed(CLASSES)}])"
    step = log(RATIO)
    return "\n| ".join(
        (
            *((source,) if prefixes else ()),
            f"filter {_condition()}",
            *_PARSED,
            f"fields {', '.join(_FIELDS)}",
            "fields coalesce(ltInit, ltRestore) as ltCold",
            f"fields {_power('ltDuration', step)} as ltPower, {_power('ltCold', step)} as ltColdPower",
            f"stats {', '.join(_COUNTS)} by {', '.join(_BY)}, {BIN_COLUMNS[bin_ms]}",
            f"limit {LIMIT}",
        )
    )


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _condition() -> str:
    """Return which lines are counted: reports, and failures that reports do not tell of.

    In JSON, runtimes write no message of an error that reached them, and loggers do.
    """
    report = '@type = "REPORT" or (type = "platform.report" and ispresent(record.metrics.durationMs))'
    text = f"@message like /^({FAILURES})/"
    is_object = r"@message like /^(LAMBDA_WARNING[^\r]*\r)?\{/ and ispresent(errorType)"
    is_bare = "not ispresent(message) and (not ispresent(level) or ispresent(stackTrace.0))"
    return f"{report} or (@message not like /^({REPORTED})/ and ({text} or ({is_object} and {is_bare})))"


def _power(name: str, step: float) -> str:
    return f"floor(log(greatest({name}, {LEAST_MS})) / {step:.12f})"


def middle_of(power: int) -> float:
    """Return the duration that stands for all of one power, in milliseconds.

    >>> round(middle_of(48), 2)
    101.75
    """
    return float(RATIO ** (power + 0.5))
