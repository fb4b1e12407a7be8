"""The map of execution environments, opened from a function, over a real store."""

import pytest

from lambdatop.engine.environment_reading import EnvironmentReading
from lambdatop.model.question import Answer, EnvironmentQuestion, LogQuestion, Question
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store
from lambdatop.ui.screens.environments import EnvironmentsScreen
from lambdatop.ui.screens.function import FunctionScreen
from lambdatop.ui.screens.logs import LogsScreen
from lambdatop.ui.screens.overview import OverviewScreen
from tests.render.environment_material import CHECKOUT, leaking_store
from tests.ui import pictures
from tests.ui.test_keys import Session, opened


def answering(session: Session, store: Store) -> None:
    """Let the session's engine answer as the real one does once it has had all its slices."""

    def answer(question: Question) -> Answer | None:
        if not isinstance(question, EnvironmentQuestion):
            return None
        reading = EnvironmentReading(question, store, LogArchive())
        found: Answer | None = None
        while not reading.is_done:
            found = reading.step(pictures.NOW_MS) or found
        return found

    session.engine.answer = answer


@pytest.mark.parametrize("place", [OverviewScreen, FunctionScreen])
async def test_v_shows_the_environments_of_a_function_and_escape_goes_back(place: type[object]) -> None:
    async with opened(pictures.incident()) as session:
        answering(session, leaking_store())
        if place is FunctionScreen:
            await session.press("enter")
        await session.press("v")
        await session.until(lambda: isinstance(session.app.screen, EnvironmentsScreen))
        (question,) = session.engine.questions
        assert isinstance(question, EnvironmentQuestion)
        assert question.function == CHECKOUT
        await session.until(lambda: "6 environments" in session.text())
        assert "suspected leak: 5 of 6 environments rise by 1.8 MB per 100 invocations" in session.text()
        await session.press("escape")
        await session.until(lambda: isinstance(session.app.screen, place))
        assert session.engine.questions == []


async def test_l_reads_the_whole_functions_log() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("v", "l")
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))
        (question,) = (question for question in session.engine.questions if isinstance(question, LogQuestion))
        assert question.log_filter.functions == (CHECKOUT,)
        assert question.log_filter.log_streams == ()


async def test_until_there_is_an_answer_the_page_says_that_it_looks() -> None:
    async with opened(pictures.incident()) as session:
        await session.press("v")
        await session.until(lambda: isinstance(session.app.screen, EnvironmentsScreen))
        assert "Looking …" in session.text()
        await session.press("enter")
        assert isinstance(session.app.screen, EnvironmentsScreen)


async def test_arrows_select_an_environment_and_enter_reads_its_log() -> None:
    async with opened(pictures.incident()) as session:
        answering(session, leaking_store())
        await session.press("v")
        await session.until(lambda: "6 environments" in session.text())
        screen = session.app.screen
        assert isinstance(screen, EnvironmentsScreen)
        first = screen.selected_stream()
        await session.press("down")
        second = screen.selected_stream()
        assert first is not None
        assert second is not None
        assert first != second
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))
        asked = [question for question in session.engine.questions if isinstance(question, LogQuestion)]
        assert {question.log_filter.log_streams for question in asked} == {(second,)}
        assert {question.log_filter.functions for question in asked} == {(CHECKOUT,)}
