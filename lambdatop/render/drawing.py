"""What drawing needs to know beside the numbers themselves."""

from collections.abc import Mapping
from typing import NamedTuple

from lambdatop.model.identity import Scope
from lambdatop.model.lambda_function import AccountConcurrency
from lambdatop.model.snapshot import Snapshot


class Drawing(NamedTuple):
    """The moment, the zone, the character set and the ceilings that cells are drawn against."""

    now_ms: int = 0
    is_utc: bool = False
    is_ascii: bool = False
    ceilings: Mapping[Scope, AccountConcurrency] = {}
    provisional_log_minutes: int = 1
    provisional_metric_minutes: int = 3


def drawing_of(snapshot: Snapshot, now_ms: int, *, is_utc: bool = False, is_ascii: bool = False) -> Drawing:
    """Return how to draw a snapshot."""
    return Drawing(
        now_ms=now_ms,
        is_utc=is_utc,
        is_ascii=is_ascii,
        ceilings={account.scope: account.ceilings for account in snapshot.accounts if account.ceilings is not None},
        provisional_log_minutes=snapshot.trends.provisional_log_minutes,
        provisional_metric_minutes=snapshot.trends.provisional_metric_minutes,
    )
