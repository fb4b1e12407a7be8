import pytest

from lambdatop.cli.collect import check_patterns, check_sources, near_names, progress
from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceState, SourceStatus
from tests.render.snapshots import SNAPSHOT


def source(state: SourceState, name: str = "logs", share: float | None = None) -> SourceStatus:
    return SourceStatus(name=name, state=state, detail=f"{name} is {state}", remedy=f"mend {name}", progress=share)


def test_progress_names_what_is_waited_for() -> None:
    sources = (source("working", share=0.43), source("starting", "metrics"), source("working", "traces"))
    snapshot = Snapshot(taken_at_ms=0, started_at_ms=0, sources=sources)
    assert progress(snapshot) == "reading: logs 43%, metrics"
    assert progress(Snapshot(taken_at_ms=0, started_at_ms=0)) == "connecting"


@pytest.mark.parametrize("state", ["working", "late", "throttled"])
def test_one_source_that_works_is_enough_for_a_report(state: SourceState) -> None:
    check_sources((source("denied"), source("credentials"), source(state)))


@pytest.mark.parametrize(
    ("states", "exit_code", "sentence"),
    [
        (("denied", "credentials"), ExitCode.CREDENTIALS, "traces is credentials"),
        (("starting", "failed"), ExitCode.AWS, "traces is failed"),
        (("denied", "denied"), ExitCode.AWS, "logs is denied"),
    ],
)
def test_without_any_source_the_worst_reason_is_told(
    states: tuple[SourceState, SourceState], exit_code: int, sentence: str
) -> None:
    with pytest.raises(CommandError) as caught:
        check_sources((source(states[0]), source(states[1], "traces")))
    assert (caught.value.exit_code, caught.value.sentence) == (exit_code, sentence)
    assert (caught.value.remedy or "").startswith("mend")


def test_a_pattern_that_matches_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    functions = [row.function for row in SNAPSHOT.functions]
    check_patterns(("check*", "orders"), functions)
    assert capsys.readouterr().err == "lambdatop: no function matches orders\n"
    with pytest.raises(CommandError, match=r"no function matches orders, x\*"):
        check_patterns(("orders", "x*"), functions)


def test_names_that_look_alike() -> None:
    assert near_names(("chekout", "ordres*"), ("checkout", "orders", "billing")) == ["checkout", "orders"]
