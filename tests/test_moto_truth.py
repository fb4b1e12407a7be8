"""`lambdatop report` against an AWS that is not ours (moto's server), field by field against a counted truth."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests import moto_account
from tests.known_account import SPAN_MS, KnownAccount, known_account, overlap_peak, quantile_bounds, truth_of

RELATIVE_ERROR = 0.01
EXACT = (
    "invocations",
    "errors",
    "error_kinds",
    "application_errors",
    "cold_starts",
    "restores",
    "max_memory_used_mb",
    "billed_duration_ms",
)
THROTTLES = {"checkout": (3, 4), "orders": (1, 0)}


@pytest.fixture(scope="module")
def account() -> KnownAccount:
    return known_account(2_000, first_ms=time.time_ns() // 1_000_000 - SPAN_MS - 60_000)


@pytest.fixture(scope="module")
def report(account: KnownAccount) -> Iterator[dict[str, Any]]:
    with moto_account.moto_server() as endpoint_url:
        moto_account.load(account, endpoint_url)
        minute_ms = time.time_ns() // 60_000_000_000 * 60_000 - 6 * 60_000
        for name, values in THROTTLES.items():
            points = {minute_ms + 60_000 * place: float(value) for place, value in enumerate(values)}
            moto_account.put_metric(endpoint_url, "Throttles", name, points)
        yield report_of(endpoint_url)


def report_of(endpoint_url: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "lambdatop", "report", "--since", "15m", "--format", "json"],
        env=moto_account.environment(endpoint_url),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def reported(report: dict[str, Any], name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [function for function in report["functions"] if function["name"] == name]
    assert len(found) == 1
    return found[0]


def test_all_functions_are_reported_and_no_others(account: KnownAccount, report: dict[str, Any]) -> None:
    assert report["schema"] == "lambdatop.report/1"
    assert sorted(one["name"] for one in report["functions"]) == sorted(one.name for one in account.functions)


@pytest.mark.parametrize("name", ["checkout", "orders", "invoices"])
def test_counters_are_exact(account: KnownAccount, report: dict[str, Any], name: str) -> None:
    truth = truth_of([call for call in account.invocations if call.function.name == name])
    function = reported(report, name)
    assert {field: function[field] for field in EXACT} == {field: truth[field] for field in EXACT}
    assert function["error_rate"] == pytest.approx(truth["error_rate"], abs=1e-4)
    assert function["cost_usd"] == pytest.approx(truth["cost_usd"], rel=1e-3)


@pytest.mark.parametrize("name", ["checkout", "orders", "invoices"])
def test_percentiles_are_within_the_stated_error(account: KnownAccount, report: dict[str, Any], name: str) -> None:
    calls = [call for call in account.invocations if call.function.name == name]
    for field, values in {
        "duration_ms": [call.duration_ms for call in calls],
        "init_duration_ms": [call.init_ms for call in calls if call.init_ms is not None],
    }.items():
        said = reported(report, name)[field]
        for share in (50, 95, 99):
            least, most = quantile_bounds(values, share / 100, RELATIVE_ERROR)
            assert least <= said[f"p{share}"] <= most, (field, share)
        assert said["max"] == pytest.approx(max(values), rel=1e-6)
    assert set(reported(report, name)["restore_duration_ms"].values()) == {None}


@pytest.mark.parametrize("name", ["checkout", "orders", "invoices"])
def test_concurrency_peak_is_the_overlap_of_invocations(
    account: KnownAccount, report: dict[str, Any], name: str
) -> None:
    calls = [call for call in account.invocations if call.function.name == name]
    assert reported(report, name)["concurrency"]["peak"] == overlap_peak(calls)


def test_versions_share_out_the_function(account: KnownAccount, report: dict[str, Any]) -> None:
    calls = [call for call in account.invocations if call.function.name == "orders"]
    truth = {
        version: truth_of([call for call in calls if call.version == version])
        for version in sorted({call.version for call in calls})
    }
    versions = {one["version"]: one for one in reported(report, "orders")["versions"]}
    assert sorted(versions) == sorted(truth)
    for version, said in versions.items():
        for field in ("invocations", "errors", "cold_starts", "billed_duration_ms"):
            assert said[field] == truth[version][field], (version, field)


def test_throttles_are_the_metrics(account: KnownAccount, report: dict[str, Any]) -> None:
    for name, values in THROTTLES.items():
        invocations = sum(call.function.name == name for call in account.invocations)
        function = reported(report, name)
        assert function["throttles"] == sum(values)
        assert function["throttle_rate"] == pytest.approx(sum(values) / (invocations + sum(values)), rel=1e-3)


def test_dead_letter_queues_have_their_messages(report: dict[str, Any]) -> None:
    said = {queue["name"]: (queue["depth"], queue["in_flight"]) for queue in report["queues"]}
    assert said == moto_account.QUEUES
    for name in ("checkout", "orders"):
        waiting, _ = moto_account.QUEUES[f"{name}-dead-letters"]
        assert reported(report, name)["dead_letter_queue"]["depth"] == waiting
    assert reported(report, "invoices")["dead_letter_queue"] is None


def test_error_groups_add_up_to_the_failures(account: KnownAccount, report: dict[str, Any]) -> None:
    failures = sum(call.outcome != "success" for call in account.invocations)
    application = sum(call.application_errors for call in account.invocations)
    assert sum(group["count"] for group in report["errors"] if group["kind"] != "application") == failures
    assert sum(group["count"] for group in report["errors"] if group["kind"] == "application") == application


def test_the_tail_accounts_for_every_event(account: KnownAccount, report: dict[str, Any]) -> None:
    (ledger,) = [source["ledger"] for source in report["sources"] if source.get("ledger")]
    assert ledger["delivered"] == account.event_count
    assert ledger["fetched"] == ledger["delivered"] + ledger["repeated"]
