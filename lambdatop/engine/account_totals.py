"""What several accounts amount to: their sources' states in one list, their cost in one sum."""

from collections import Counter
from collections.abc import Sequence

from lambdatop.model.source_status import ApiUsage, SourceStatus
from lambdatop.sources.failure import SourceFailure


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
        max_cost_usd_per_hour=sum(limits) if limits else None,
        slowed=tuple(sorted({name for usage in usages for name in usage.slowed})),
    )


def notice_of(statuses: Sequence[SourceStatus]) -> str | None:
    """The one sentence that matters to the whole screen: credentials that do not work."""
    for status in statuses:
        if status.state == "credentials":
            return f"{status.detail} {status.remedy}" if status.remedy else status.detail
    return None
