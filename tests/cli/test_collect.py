import msgspec
import pytest

from lambdatop.cli.collect import PriceGuard, check_patterns, check_sources, near_names, progress
from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.model.reading import UNASKED_BACKFILL_USD
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceState, SourceStatus
from tests.render.snapshots import SNAPSHOT
from tests.render.test_wide_logs_words import COUNTING, OFFER, read_so


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


def offered(cost_usd: float | None, *, needs_consent: bool) -> Snapshot:
    """What is about to be read by Insights."""
    offer = msgspec.structs.replace(OFFER, cost_usd=cost_usd, needs_consent=needs_consent)
    return read_so(COUNTING, offer)


def test_what_reading_the_past_costs_is_said_once_before(capsys: pytest.CaptureFixture[str]) -> None:
    guard = PriceGuard(None)
    for _ in range(3):
        guard.check(offered(0.06, needs_consent=False))
    assert capsys.readouterr().err == f"lambdatop: {OFFER.sentence}\n"


@pytest.mark.parametrize(
    ("cost_usd", "sentence", "remedy"),
    [
        (0.312, "That is $0.31, and --max-cost allows $0.10", "lambdatop report --max-cost 0.32"),
        (None, "That is an unknown price, and --max-cost allows $0.10", "lambdatop report --max-cost inf"),
    ],
)
def test_a_price_above_what_is_allowed_ends_the_report_before_anything_is_scanned(
    cost_usd: float | None, sentence: str, remedy: str
) -> None:
    with pytest.raises(CommandError) as caught:
        PriceGuard(None).check(offered(cost_usd, needs_consent=True))
    assert caught.value.exit_code == ExitCode.USAGE
    assert caught.value.sentence == f"{OFFER.sentence} {sentence}"
    assert caught.value.remedy == remedy


def test_what_may_be_spent_is_what_was_said() -> None:
    assert PriceGuard(0.5).account_usd == 0.5
    assert PriceGuard(None).account_usd == UNASKED_BACKFILL_USD


def test_accounts_share_what_may_be_spent_and_are_told_what_would_be_enough_for_all() -> None:
    guard = PriceGuard(0.5, accounts=2)
    assert guard.account_usd == 0.25
    with pytest.raises(CommandError) as caught:
        guard.check(offered(0.312, needs_consent=True))
    assert caught.value.remedy == "lambdatop report --max-cost 0.63"
