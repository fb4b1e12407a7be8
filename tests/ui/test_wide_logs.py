"""How the logs of all functions are read, on the screen: switched from the palette, and asked for before it costs."""

import math

import msgspec

from lambdatop.model.reading import UNASKED_BACKFILL_USD, BackfillOffer
from lambdatop.model.snapshot import Snapshot
from lambdatop.ui.commands import commands
from lambdatop.ui.screens.backfill_question import BackfillQuestion
from lambdatop.ui.screens.overview import OverviewScreen
from tests.render.test_wide_logs_words import COUNTING, OFFER, read_so
from tests.ui.test_keys import Session, opened

TAKEN = msgspec.structs.replace(OFFER, needs_consent=False, cost_usd=0.06)


def toasts(session: Session) -> list[str]:
    return [notification.message for notification in session.app._notifications]


async def asked_about(offer: BackfillOffer, session: Session) -> None:
    """Let the engine find this, and open the question."""
    session.engine.latest = read_so(COUNTING, offer)
    await session.until(lambda: toasts(session))
    await session.press("B")
    await session.until(lambda: isinstance(session.app.screen, BackfillQuestion))


def quiet() -> Snapshot:
    return read_so(COUNTING)


async def test_the_palette_switches_how_logs_are_read_and_says_the_price_before() -> None:
    async with opened(quiet()) as session:
        assert session.engine.views[-1].wide_logs == "auto"
        found = {command.name: command for command in commands(session.app.screen)}
        assert "about $0.041 an hour" in found["wide logs: insights"].help
        for wish in ("insights", "sweep", "auto"):
            await found[f"wide logs: {wish}"].run()  # type: ignore[misc]  # an action of the app's
            assert session.engine.views[-1].wide_logs == wish


async def test_what_reading_the_past_costs_is_told_once_and_asked_only_when_the_user_wants_to_be() -> None:
    async with opened(quiet()) as session:
        session.engine.latest = read_so(COUNTING, OFFER)
        await session.until(lambda: toasts(session))
        assert toasts(session) == [f"{OFFER.sentence} B reads it, or leaves it."]
        assert isinstance(session.app.screen, OverviewScreen)
        await session.press("y")
        assert session.engine.views[-1].backfill_usd == UNASKED_BACKFILL_USD
        session.engine.latest = read_so(COUNTING, msgspec.structs.replace(OFFER, sentence="6.1 h of them."))
        await session.press("g")
        await session.until(lambda: session.app.session.has_news() is False)
        assert len(toasts(session)) <= 2
        assert all("6.1 h" not in words for words in toasts(session))


async def test_a_small_price_is_announced_and_nothing_is_asked() -> None:
    async with opened(quiet()) as session:
        session.engine.latest = read_so(COUNTING, TAKEN)
        await session.until(lambda: toasts(session) == [TAKEN.sentence])
        await session.press("B")
        await session.until(lambda: "There is no past that waits to be read by Insights." in toasts(session))


async def test_y_reads_the_past_at_the_price_that_was_offered() -> None:
    async with opened(quiet()) as session:
        await asked_about(OFFER, session)
        assert "for $0.31?" in session.text()
        await session.press("y")
        assert session.engine.views[-1].backfill_usd == 0.31


async def test_y_reads_the_past_at_a_price_that_is_not_known() -> None:
    async with opened(quiet()) as session:
        await asked_about(msgspec.structs.replace(OFFER, cost_usd=None), session)
        await session.press("y")
        assert session.engine.views[-1].backfill_usd == math.inf


async def test_n_never_reads_it_and_any_other_key_leaves_the_question_open() -> None:
    async with opened(quiet()) as session:
        await asked_about(OFFER, session)
        await session.press("q")
        await session.until(lambda: isinstance(session.app.screen, OverviewScreen))
        assert session.engine.views[-1].backfill_usd == UNASKED_BACKFILL_USD
        await asked_about(OFFER, session)
        await session.press("n")
        await session.until(lambda: isinstance(session.app.screen, OverviewScreen))
        assert session.engine.views[-1].backfill_usd == 0.0
