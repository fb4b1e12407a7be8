"""Completeness, proved: what the program says of a world under every fault equals what happened in it."""

import os
from collections.abc import Iterator

import pytest

from lambdatop.sources.api_budget import TokenBucket, quota_per_s
from tests.accounting import DRIZZLE, START_MS, STORM, Simulation, Verdict, tail_status


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep what points at the embedded account to the test."""
    before = dict(os.environ)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    yield
    os.environ.clear()
    os.environ.update(before)


def assert_exact(verdict: Verdict) -> None:
    assert (verdict.lost, verdict.repeated, verdict.foreign) == (0, 0, 0)
    assert verdict.differences == []


def test_no_event_is_lost_repeated_or_counted_elsewhere_in_a_storm() -> None:
    with Simulation(seed=1, faults=STORM) as simulation:
        simulation.run(6)
        (verdict,) = simulation.judge()
    (reader,) = simulation.readers
    assert_exact(verdict)
    assert verdict.wanted > 20_000
    assert verdict.late > 300
    ledger = tail_status(reader.engine.latest).ledger
    assert ledger is not None
    assert ledger.delivered == verdict.wanted
    assert ledger.fetched == ledger.delivered + ledger.repeated
    assert ledger.groups_behind == 0
    for state in ("throttled", "credentials", "failed", "working"):
        assert verdict.statuses["logs", state], f"the logs were never {state}"
    assert tail_status(reader.engine.latest).state == "working"


def test_a_machine_that_slept_fills_the_gap() -> None:
    with Simulation(seed=2, faults=DRIZZLE) as simulation:
        simulation.run(2)
        simulation.suspend(3)
        simulation.run(1)
        assert_exact(*simulation.judge())


def test_a_report_on_a_finished_window_is_exact_through_faults() -> None:
    faults = (*DRIZZLE, "throttle=10%")
    with Simulation(seed=3, faults=faults) as simulation:
        simulation.suspend(6)
        reader = simulation.report(until_ms=START_MS + 120_000)
    assert_exact(reader.verdict)
    assert reader.verdict.wanted > 10_000
    assert tail_status(reader.engine.latest).state == "working"


def test_two_programs_on_one_account_stay_below_their_share_and_both_read_everything() -> None:
    with Simulation(seed=4, faults=("late-logs=2%",), readers=2) as simulation:
        simulation.run(3)
        verdicts = simulation.judge()
    for reader, verdict in zip(simulation.readers, verdicts, strict=True):
        assert_exact(verdict)
        assert not verdict.statuses["logs", "throttled"]
        for name, calls in reader.peak_calls_per_s().items():
            service, operation = name.split(":")
            bucket, quota = quota_per_s(service, operation, simulation.account.region)
            assert calls <= quota * TokenBucket.PEAK_SHARE + 1, (bucket, calls)
