"""What several accounts amount to."""

import pytest

from lambdatop.engine.account_totals import still_since_ms
from lambdatop.model.source_status import SourceState, SourceStatus

NOW_MS = 1_795_000_000_000


def status(name: str, state: SourceState, age_ms: int | None = 60_000) -> SourceStatus:
    return SourceStatus(name=name, state=state, last_success_ms=None if age_ms is None else NOW_MS - age_ms)


@pytest.mark.parametrize(
    ("statuses", "age_ms"),
    [
        ((status("logs", "credentials"), status("metrics", "working")), 60_000),
        ((status("logs", "failed"), status("metrics", "failed", 5_000)), 60_000),
        ((status("logs", "failed"), status("metrics", "working")), None),
        ((status("logs", "credentials", 10_000), status("metrics", "credentials")), None),
        ((status("logs", "working"), status("metrics", "working")), None),
        ((status("logs", "denied"), status("metrics", "failed")), None),
        ((status("logs", "credentials", None),), None),
        ((status("metrics", "failed"),), None),
        ((status("logs · a/eu-west-1", "credentials"), status("logs · b/eu-west-1", "working", 1_000)), None),
        ((status("logs · a/eu-west-1", "credentials"), status("logs · b/eu-west-1", "credentials", 50_000)), 50_000),
    ],
)
def test_numbers_stand_still_where_no_account_can_be_read(
    statuses: tuple[SourceStatus, ...], age_ms: int | None
) -> None:
    assert still_since_ms(statuses, NOW_MS) == (None if age_ms is None else NOW_MS - age_ms)
