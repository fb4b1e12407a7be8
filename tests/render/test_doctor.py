"""The doctor's findings as a table that fits 80 columns and as JSON."""

import json

import pytest

from lambdatop.model.capability import AccountExamination, Capability
from lambdatop.model.source_status import TailLedger
from lambdatop.render.doctor_document import doctor_document
from lambdatop.render.doctor_table import doctor_table
from lambdatop.render.span import line_text, line_width

NOW_MS = 1_795_230_000_000


def works(name: str = "functions", **changes: object) -> Capability:
    values: dict[str, object] = {
        "name": name, "state": "works", "operation": "lambda:ListFunctions", "pane": "all", "latency_ms": 12.0,
        "calls": 1, "rate_per_s": 6.0, "quota_per_s": 15.0, "price_usd": 0.0,
    }  # fmt: skip
    return Capability(**{**values, **changes})  # type: ignore[arg-type]


def account(*capabilities: Capability, **changes: object) -> AccountExamination:
    values: dict[str, object] = {"profile": "prod", "region": "eu-west-1", "account_id": "123456789012"}
    return AccountExamination(capabilities=capabilities, **{**values, **changes})  # type: ignore[arg-type]


def table(examination: AccountExamination, width: int = 80) -> list[str]:
    return [str(line_text(line)).rstrip() for line in doctor_table(examination, NOW_MS, width)]


DENIED = works(
    "log tail", state="denied", operation="logs:FilterLogEvents", pane="errors, log",
    detail="AWS denies logs:FilterLogEvents.",
    remedy="Allow the IAM action logs:FilterLogEvents on arn:aws:logs:*:*:log-group:/aws/lambda/*, as printed.",
)  # fmt: skip


def test_a_capability_that_works_takes_one_line() -> None:
    lines = table(account(works(price_usd=0.006)))
    assert lines[0] == "lambdatop doctor: profile prod, 123456789012, eu-west-1"
    assert lines[3].split() == ["functions", "●", "works", "12", "ms", "6", "of", "15/s", "$0.006/h", "all"]
    assert lines[-2:] == ["All that the screen needs works.", "0 calls, $0 for this examination."]


def test_what_does_not_work_says_why_and_what_helps_below_its_line() -> None:
    lines = table(account(works(), DENIED))
    at = next(index for index, line in enumerate(lines) if line.startswith("log tail"))
    assert lines[at + 1] == "    AWS denies logs:FilterLogEvents."
    assert lines[at + 2].startswith("    → Allow the IAM action logs:FilterLogEvents")
    assert "The screen lacks what it needs for: errors, log." in lines


def test_the_tails_accounts_are_told_even_where_all_is_well() -> None:
    detail = "9 events in 2 log groups: 9 fetched once and delivered"
    lines = table(
        account(works("complete tail", detail=detail, ledger=TailLedger(fetched=18, delivered=9, repeated=9)))
    )
    assert lines[4] == f"    {detail}"


def test_the_same_reason_is_told_once() -> None:
    refused = [works(name, state="credentials", detail="No credentials.", remedy="Log in.") for name in ("a", "b")]
    lines = table(account(*refused))
    assert lines.count("    No credentials.") == lines.count("    → Log in.") == 1
    assert any("Nothing can be read" in line for line in lines)


@pytest.mark.parametrize("width", [40, 60, 76, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    widest = works("event sources", state="credentials", pane="dead letters", rate_per_s=12.5, quota_per_s=25.0,
                   price_usd=0.01, price_unit="minute", latency_ms=123_456.0)  # fmt: skip
    examination = account(DENIED, widest, identity_arn="arn:" + "x" * 200, expires_at_ms=NOW_MS + 90_000)
    assert all(line_width(line) <= width for line in doctor_table(examination, NOW_MS, width))


def test_at_80_columns_every_column_is_there() -> None:
    widest = works("event sources", state="credentials", pane="dead letters", rate_per_s=12.5, quota_per_s=25.0,
                   price_usd=0.01, price_unit="minute", latency_ms=123_456.0)  # fmt: skip
    assert "dead letters" in table(account(widest), 80)[3]


@pytest.mark.parametrize(("left_ms", "words"), [(2_700_000, "end in 45 min"), (-1, "end already")])
def test_when_the_credentials_end(left_ms: int, words: str) -> None:
    assert words in table(account(works(), expires_at_ms=NOW_MS + left_ms))[1]


def test_text_from_aws_cannot_drive_the_terminal() -> None:
    hostile = "x\x1b]52;c;cm0=\x07\u202e"
    examination = account(
        works(state="failed", detail=hostile, remedy=hostile), identity_arn=hostile, profile=hostile, region=hostile
    )
    assert not any(character in "".join(table(examination)) for character in "\x1b\x07\u202e")


def test_the_document_says_what_the_table_says_and_null_for_the_unknown() -> None:
    examination = account(works(), DENIED, works("queues", state="not tried", latency_ms=None), account_id=None)
    document = json.loads(json.dumps(doctor_document([examination], NOW_MS)))
    assert document["schema"] == "lambdatop.doctor/1"
    (one,) = document["accounts"]
    assert (one["account_id"], one["clock_offset_ms"], one["credentials_expire_at"]) == (None, None, None)
    assert [(row["state"], row["matters"]) for row in one["capabilities"]] == [
        ("works", False), ("denied", True), ("not_tried", False),
    ]  # fmt: skip
    assert one["capabilities"][2]["latency_ms"] is None
    assert one["capabilities"][1]["remedy"] == DENIED.remedy


def test_the_document_has_the_tails_ledger_and_null_for_what_has_none() -> None:
    tail = works("complete tail", state="late", ledger=TailLedger(fetched=19, delivered=10, repeated=9, recovered=1))
    (one,) = json.loads(json.dumps(doctor_document([account(works(), tail)], NOW_MS)))["accounts"]
    assert one["capabilities"][0]["ledger"] is None
    ledger = one["capabilities"][1]["ledger"]
    assert (ledger["fetched"], ledger["delivered"], ledger["repeated"], ledger["recovered"]) == (19, 10, 9, 1)
    assert (one["capabilities"][1]["state"], one["capabilities"][1]["matters"]) == ("late", False)
