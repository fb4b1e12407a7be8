"""What the doctor found as a table: a line a capability, and below it what helps where it does not work."""

from lambdatop.model.capability import AccountExamination, Capability, CapabilityState, PriceUnit, matters
from lambdatop.render import units
from lambdatop.render.printable import printable
from lambdatop.render.span import Line, crop
from lambdatop.render.text_table import text_table
from lambdatop.render.words import foreign, line, said, wrapped

_STATES: dict[CapabilityState, tuple[str, str]] = {
    "works": ("●", "good"),
    "slow": ("▲", "warning"),
    "late": ("▲", "warning"),
    "throttled": ("▼", "warning"),
    "absent": ("○", "unknown"),
    "not tried": ("·", "dim"),
    "denied": ("■", "bad"),
    "failed": ("■", "bad"),
    "credentials": ("■", "bad"),
}
"""Shape and style of each state."""
_UNITS: dict[PriceUnit, str] = {"hour": "h", "minute": "min", "GB": "GB"}
_HEADINGS = ("capability", "state", "latency", "may use", "price", "pane")
_INDENT = "    "


def doctor_table(examination: AccountExamination, now_ms: int, width: int) -> tuple[Line, ...]:
    """Return an account's findings as lines; at 80 columns all of them are there."""
    headings = [line(said(heading, "heading")) for heading in _HEADINGS]
    rows = [headings, *(_cells(capability) for capability in examination.capabilities)]
    table = text_table(rows, ("left", "left", "right", "right", "right", "left"), width)
    lines = [*_head(examination, now_ms, width), (), table[0]]
    told: set[tuple[str, str | None]] = set()
    for capability, row in zip(examination.capabilities, table[1:], strict=True):
        lines.append(row)
        words = (capability.detail, capability.remedy)
        is_told = capability.state != "works" or capability.ledger is not None or capability.is_told
        if is_told and words not in told:
            told.add(words)
            lines.extend(_explanation(capability, width))
    return tuple(crop(one, width) for one in (*lines, (), *_verdict(examination, width)))


def _head(examination: AccountExamination, now_ms: int, width: int) -> list[Line]:
    """Return who is asking, and for how long the credentials let them."""
    known = [
        f"profile {examination.profile}" if examination.profile else "",
        examination.account_id or "account unknown",
        examination.region or "region unknown",
    ]
    lines = [line(said("lambdatop doctor: ", "heading"), foreign(", ".join(filter(None, known)), "heading"))]
    if examination.identity_arn:
        lines.extend(wrapped(printable(examination.identity_arn, 300), width, "dim"))
    if examination.expires_at_ms is not None:
        left_ms = examination.expires_at_ms - now_ms
        when = units.timestamp(examination.expires_at_ms, is_utc=False)
        words = f"in {units.age(left_ms)}" if left_ms > 0 else "already"
        lines.extend(wrapped(f"The credentials end {words} ({when}).", width, "dim" if left_ms > 0 else "bad"))
    return lines


def _cells(capability: Capability) -> list[Line]:
    glyph, style = _STATES[capability.state]
    quota, price = str(units.UNKNOWN), str(units.dollars(capability.price_usd))
    if capability.rate_per_s is not None and capability.quota_per_s is not None:
        quota = f"{capability.rate_per_s:.3g} of {capability.quota_per_s:g}/s"
    if capability.price_usd is not None:
        price = f"{price}/{_UNITS[capability.price_unit]}" if capability.price_usd else "free"
    return [
        line(said(capability.name)),
        line(said(f"{glyph} {capability.state}", style)),
        line(said(units.milliseconds(capability.latency_ms))),
        line(said(quota, "dim")),
        line(said(price)),
        line(said(capability.pane, "dim")),
    ]


def _explanation(capability: Capability, width: int) -> list[Line]:
    lines = list(wrapped(printable(capability.detail, 600), width, "dim", indent=_INDENT))
    if capability.remedy:
        lines.extend(wrapped(f"→ {printable(capability.remedy, 600)}", width, "", indent=_INDENT))
    return lines


def _verdict(examination: AccountExamination, width: int) -> tuple[Line, ...]:
    """Return what the screen lacks, and what asking has cost."""
    lacking = [
        one.pane for one in examination.capabilities if matters(one, is_custom_endpoint=examination.is_custom_endpoint)
    ]
    if examination.is_login_refused:
        words, style = "Nothing can be read before the credentials and the region are right.", "bad"
    elif lacking:
        words, style = f"The screen lacks what it needs for: {'; '.join(dict.fromkeys(lacking))}.", "bad"
    else:
        words, style = "All that the screen needs works.", "good"
    calls = sum(examination.calls.values())
    cost = f"{units.count(calls)} calls, {units.dollars(examination.cost_usd)} for this examination."
    return (*wrapped(words, width, style), *wrapped(cost, width, "dim"))
