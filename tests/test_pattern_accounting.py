"""Completeness of a log that AWS filters, proved under faults: all of what matches, nothing twice, nothing else."""

import os
from collections.abc import Iterator

import pytest

from lambdatop.demo.filter_pattern import compile_filter_pattern
from lambdatop.model.view import View
from tests.accounting import STORM, Simulation, Verdict, tail_status

NAMES = ("checkout-api", "orders-worker", "recommendations", "cart-events")
"""Of text and JSON logs, and of a log group that two functions share."""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep what points at the embedded account to the test."""
    before = dict(os.environ)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    yield
    os.environ.clear()
    os.environ.update(before)


def read(simulation: Simulation, pattern: str | None) -> None:
    """Open the logs of some functions, or filter them in another way."""
    (reader,) = simulation.readers
    keys = tuple(row.key for row in reader.engine.latest.functions if row.key.name in NAMES)
    assert len(keys) == len(NAMES)
    reader.look(View(window="start", logs=keys, log_pattern=pattern), simulation.clock.now_ms())


def assert_exact(simulation: Simulation, verdict: Verdict) -> None:
    (reader,) = simulation.readers
    assert (verdict.lost, verdict.repeated, verdict.foreign) == (0, 0, 0)
    assert verdict.differences == []
    for state in ("throttled", "credentials", "failed", "working"):
        assert verdict.statuses["logs", state], f"the logs were never {state}"
    ledger = tail_status(reader.engine.latest).ledger
    assert ledger is not None
    assert ledger.delivered == verdict.wanted + verdict.allowed
    assert ledger.fetched == ledger.delivered + ledger.repeated
    assert ledger.groups_behind == 0


def assert_nothing_is_lost_so_far(simulation: Simulation) -> None:
    """What is asked for now has been delivered as far as it was there a minute ago, without waiting for deep sweeps."""
    assert simulation.lost_so_far(simulation.clock.now_ms() - 60_000) == 0


def test_a_pattern_that_is_set_and_changed_in_a_storm_loses_and_repeats_nothing() -> None:
    with Simulation(seed=5, faults=STORM, traffic=0.5) as simulation:
        simulation.run(0.75)
        read(simulation, "INFO")
        simulation.run(0.75)
        read(simulation, "?WARN ?ERROR")  # while AWS throttles
        simulation.run(1)
        assert_nothing_is_lost_so_far(simulation)
        simulation.run(3.5)
        (verdict,) = simulation.judge()
    (reader,) = simulation.readers
    assert_exact(simulation, verdict)
    assert verdict.allowed > 1_000, "INFO lines came while they were asked for"
    matches = compile_filter_pattern("?WARN ?ERROR")
    for name, told in reader.patterns.items():
        assert told is not None
        events = simulation.account.logs.arrived(name)
        assert told.lines == sum(matches(event.message) for event in events), name
    assert len(reader.patterns) == len(NAMES)


def test_a_pattern_that_is_taken_away_in_a_storm_has_all_lines_of_the_last_quarter_of_an_hour_read() -> None:
    with Simulation(seed=6, faults=STORM, traffic=0.5) as simulation:
        simulation.run(0.75)
        read(simulation, "INFO")
        simulation.run(0.75)
        read(simulation, None)  # while AWS throttles
        simulation.run(1)
        assert_nothing_is_lost_so_far(simulation)
        simulation.run(1)
        read(simulation, "WARN")  # without credentials
        simulation.run(1.5)
        read(simulation, None)
        simulation.run(1.2)
        assert_nothing_is_lost_so_far(simulation)
        (verdict,) = simulation.judge()
    (reader,) = simulation.readers
    assert_exact(simulation, verdict)
    assert verdict.allowed == 0, "what is wanted is all"
    assert not any(reader.patterns.values())
