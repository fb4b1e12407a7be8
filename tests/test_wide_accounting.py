"""Truth at scale: functions counted by Insights, some of them swept for a while, add up to what happened."""

import os
from collections.abc import Iterator

import pytest

from lambdatop.model.view import View
from tests.accounting import UNTOLD_FAILURES, Simulation

FAULTS = ("late-logs=2%", "throttle=5%", "error=1%")
SETTLE_MINUTES = 11
"""After this long without news, what came late was counted as well."""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep what points at the embedded account to the test."""
    before = dict(os.environ)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_functions_that_come_and_go_between_sweeps_and_insights_are_counted_exactly() -> None:
    with Simulation(seed=1, faults=FAULTS, functions=60, traffic=0.5) as simulation:
        (reader,) = simulation.readers
        simulation.run(1 / 60)
        keys = [row.key for row in reader.engine.latest.functions]
        for first in (0, 10):
            view = View(window="start", wide_logs="insights", visible=tuple(keys[first : first + 10]), focus=keys[30])
            reader.engine.set_view(view)
            simulation.run(3)
        differences = simulation.settle(SETTLE_MINUTES)
        snapshot = reader.engine.latest

    untold = [f"{name}: " for name in UNTOLD_FAILURES]
    assert [said for said in differences if not said.startswith(tuple(untold))] == []
    assert 30 < snapshot.aggregated_functions < 60
    assert snapshot.total is not None
    assert snapshot.total.invocations > 5_000
