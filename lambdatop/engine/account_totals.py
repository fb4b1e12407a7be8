"""What several accounts amount to: their sources' states in one list, their cost in one sum."""

from collections import Counter
from collections.abc import Sequence

from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.sources.failure import SourceFailure

STILL_MS = 10_000
"""The log tail asks every few seconds, so that no answer for so long is no pause."""


def status_of_failure(name: str, failure: SourceFailure) -> SourceStatus:
    """Say a connection's failure as a source's status."""
    return SourceStatus(name=name, state=failure.state, detail=failure.sentence, remedy=failure.remedy)


def total_usage(usages: Sequence[ApiUsage]) -> ApiUsage:
    """Add up what several accounts have asked of AWS."""
    calls: Counter[str] = Counter()
    for usage in usages:
        calls.update(usage.calls)
    limits = [usage.max_cost_usd_per_hour for usage in usages if usage.max_cost_usd_per_hour is not None]
    return ApiUsage(
        calls=dict(calls),
        throttled=sum(usage.throttled for usage in usages),
        cost_usd=sum(usage.cost_usd for usage in usages),
        cost_usd_per_hour=sum(usage.cost_usd_per_hour for usage in usages),
        cost_usd_last_hour=sum(usage.cost_usd_last_hour for usage in usages),
        max_cost_usd_per_hour=sum(limits) if limits else None,
        slowed=tuple(sorted({name for usage in usages for name in usage.slowed})),
    )


def notice_of(statuses: Sequence[SourceStatus]) -> str | None:
    """The one sentence that matters to the whole screen: credentials that do not work."""
    for status in statuses:
        if status.state == "credentials":
            return f"{status.detail} {status.remedy}" if status.remedy else status.detail
    return None


def still_since_ms(statuses: Sequence[SourceStatus], now_ms: int) -> int | None:
    """Since when no account's numbers can be read, for want of a login or a network; None while any may be.

    Windows that went on moving meanwhile would show fewer invocations each minute, and in the end none at all.
    """
    logs = [status for status in statuses if _kind(status) == "logs"]
    answers = [status.last_success_ms for status in logs if status.last_success_ms is not None]
    if not answers or now_ms - max(answers) <= STILL_MS:
        return None
    is_login_lost = all(status.state == "credentials" for status in logs)
    deciding = (status for status in statuses if _kind(status) in ("logs", "metrics"))
    is_cut_off = all(status.state in ("credentials", "failed") for status in deciding)
    return max(answers) if is_login_lost or is_cut_off else None


def _kind(status: SourceStatus) -> str:
    return status.name.split(" · ", 1)[0]
