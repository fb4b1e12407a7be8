"""Conditions of `report --fail-on`, such as "error_rate>1%", over the report's numbers."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

from lambdatop.render.report_document import Document
from lambdatop.render.units import count, dollars, milliseconds, percent, seconds

_PERCENTILES = ("p50", "p95", "p99", "max")
_DURATIONS = ("duration", "init_duration", "restore_duration")
_PLAIN = (
    "invocations", "errors", "error_rate", "application_errors", "throttles", "throttle_rate", "cold_starts",
    "cold_start_rate", "restores", "max_memory_used_mb", "billed_duration_ms", "cost_usd",
)  # fmt: skip
_ERROR_KINDS = ("timeout", "out_of_memory", "runtime_exit", "init_failure", "unhandled_exception")
FIELDS: tuple[str, ...] = (
    *_PLAIN,
    *_ERROR_KINDS,
    *(f"{duration}_{percentile}_ms" for duration in _DURATIONS for percentile in _PERCENTILES),
    "dead_letters",
    "dead_letter_age_s",
    "concurrency_now",
    "concurrency_peak",
)
"""What a condition may be about; with the prefix `total.` it is about all functions together."""

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">": gt, ">=": ge, "<": lt, "<=": le, "=": eq, "==": eq, "!=": ne,
}  # fmt: skip
_CONDITION = re.compile(r"\s*(total\.)?([a-z0-9_]+)\s*(>=|<=|==|!=|>|<|=)\s*(\d+(?:\.\d*)?|\.\d+)\s*(%|[a-zA-Z]*)\s*")
_UNITS_OF_SUFFIX: Mapping[str, Mapping[str, float]] = {
    "rate": {"": 1, "%": 0.01},
    "ms": {"": 1, "ms": 1, "s": 1000, "min": 60_000},
    "s": {"": 1, "s": 1, "min": 60, "h": 3600},
    "mb": {"": 1, "mb": 1, "gb": 1024},
}


class Condition(NamedTuple):
    """One comparison; `threshold` is in the field's own unit, shares 0 to 1."""

    text: str
    is_total: bool
    field: str
    operator: str
    threshold: float

    def holds(self, value: float) -> bool:
        """Return whether the value matches."""
        return _OPERATORS[self.operator](value, self.threshold)


class Verdict(NamedTuple):
    """Sentences about what matched, and about what could not be judged because the number is unknown."""

    matches: tuple[str, ...]
    unknown: tuple[str, ...]


def parse_condition(text: str) -> Condition:
    """Return the condition that the text states; raises ValueError with a sentence that says what is wrong.

    >>> parse_condition("error_rate > 1%")
    Condition(text='error_rate > 1%', is_total=False, field='error_rate', operator='>', threshold=0.01)
    """
    match = _CONDITION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a comparison such as error_rate>1% or total.throttles>0")
    total, field, operator, number, unit = match.groups()
    if field not in FIELDS:
        near = difflib.get_close_matches(field, FIELDS, 3) or FIELDS
        raise ValueError(f"{field!r} is not a number of the report; there is {', '.join(near)}")
    units = _UNITS_OF_SUFFIX.get(field.rpartition("_")[2], {"": 1})
    factor = units.get(unit.lower())
    if factor is None:
        raise ValueError(f"{field} has no unit {unit!r}; it takes {' or '.join(filter(None, units)) or 'none'}")
    return Condition(text.strip(), total is not None, field, operator, float(number) * factor)


def evaluate(conditions: Iterable[Condition], report: Document) -> Verdict:
    """Return what matches in a report; an unknown number never matches, and is told.

    A function that was not invoked has no rate and no durations; that is nothing unknown.
    """
    functions = [(function["name"], numbers(function)) for function in report["functions"]]
    total = _total_numbers(report)
    matches: list[str] = []
    unknown: list[str] = []
    for condition in conditions:
        for name, values in [("total", total)] if condition.is_total else functions:
            value = values[condition.field]
            if value is None:
                if values["invocations"] != 0:
                    unknown.append(f"{name}: {condition.field} is unknown, so {condition.text} was not judged")
            elif condition.holds(value):
                matches.append(f"{name}: {condition.field} is {_worded(condition.field, value)} ({condition.text})")
    return Verdict(tuple(matches), tuple(unknown))


def numbers(row: Document) -> dict[str, float | None]:
    """Return the numbers of a function (or of the total) of a report by the names that conditions use."""
    queue = row.get("dead_letter_queue") or {}
    concurrency = row.get("concurrency") or {}
    return {
        **{name: row[name] for name in _PLAIN},
        **{name: row["error_kinds"][name] for name in _ERROR_KINDS},
        **{
            f"{duration}_{percentile}_ms": row[f"{duration}_ms"][percentile]
            for duration in _DURATIONS
            for percentile in _PERCENTILES
        },
        "dead_letters": queue.get("depth") if queue else 0,
        "dead_letter_age_s": queue.get("age_of_oldest_s"),
        "concurrency_now": concurrency.get("now"),
        "concurrency_peak": concurrency.get("peak"),
    }


def _total_numbers(report: Document) -> dict[str, float | None]:
    if report["total"] is None:
        return dict.fromkeys(FIELDS)
    values = numbers(report["total"])
    values["dead_letters"] = _sum([queue["depth"] for queue in report["queues"]])
    ages = [queue["age_of_oldest_s"] for queue in report["queues"] if queue["age_of_oldest_s"] is not None]
    values["dead_letter_age_s"] = max(ages, default=None)
    values["concurrency_now"] = _sum([account["concurrency"]["in_use"] for account in report["accounts"]])
    values["concurrency_peak"] = _sum([account["concurrency"]["peak"] for account in report["accounts"]])
    return values


def _sum(values: Sequence[float | None]) -> float | None:
    """Return the sum, None when any part is unknown."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _worded(field: str, value: float) -> str:
    suffix = field.rpartition("_")[2]
    wording = {"rate": percent, "ms": milliseconds, "s": seconds, "usd": dollars}.get(suffix, count)
    return wording(value)
