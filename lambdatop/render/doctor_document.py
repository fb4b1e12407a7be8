"""What the doctor found as `lambdatop doctor --format json` prints it, schema `lambdatop.doctor/1`.

Times are ISO 8601 in UTC; what cannot be known is None. Fields may be added, never renamed.
"""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import asdict

from lambdatop.model.capability import AccountExamination, Capability, matters
from lambdatop.render.units import iso_8601

SCHEMA = "lambdatop.doctor/1"

Document = dict[str, Any]
"""A JSON object."""


def doctor_document(examinations: Sequence[AccountExamination], now_ms: int) -> Document:
    """Return what was found, one object an account."""
    return {
        "schema": SCHEMA,
        "generated_at": iso_8601(now_ms),
        "accounts": [_account(examination) for examination in examinations],
    }


def _account(examination: AccountExamination) -> Document:
    return {
        "account_id": examination.account_id,
        "region": examination.region,
        "profile": examination.profile,
        "identity_arn": examination.identity_arn,
        "credentials_expire_at": iso_8601(examination.expires_at_ms),
        "is_custom_endpoint": examination.is_custom_endpoint,
        "clock_offset_ms": examination.clock_offset_ms,
        "capabilities": [_capability(one, examination) for one in examination.capabilities],
        "api": {"calls": examination.calls, "cost_usd": examination.cost_usd},
    }


def _capability(capability: Capability, examination: AccountExamination) -> Document:
    return {
        "name": capability.name,
        "state": capability.state.replace(" ", "_"),
        "matters": matters(capability, is_custom_endpoint=examination.is_custom_endpoint),
        "operation": capability.operation,
        "source": capability.source,
        "pane": capability.pane,
        "is_optional": capability.is_optional,
        "detail": capability.detail,
        "remedy": capability.remedy,
        "latency_ms": capability.latency_ms,
        "calls": capability.calls,
        "rate_per_s": capability.rate_per_s,
        "quota_per_s": capability.quota_per_s,
        "price_usd": capability.price_usd,
        "price_unit": capability.price_unit,
        "ledger": None if capability.ledger is None else asdict(capability.ledger),
    }
