"""The errors place and an error's own: what the keys do, from the list to the request of one failure."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from msgspec.structs import replace

from lambdatop.model.log_line import LineKey
from lambdatop.model.question import Answer, ErrorQuestion, LogQuestion, Question, RequestQuestion
from lambdatop.ui.keys import KEYS, Place, key_bar
from lambdatop.ui.screens.error_group import ErrorGroupScreen
from lambdatop.ui.screens.errors import ErrorsScreen
from lambdatop.ui.screens.function import FunctionScreen
from lambdatop.ui.screens.logs import LogsScreen
from lambdatop.ui.screens.overview import OverviewScreen
from lambdatop.ui.screens.request import RequestScreen
from lambdatop.ui.widgets.line_page import LinePage
from tests.ui import pictures
from tests.ui.error_material import error_answer
from tests.ui.test_keys import Session, opened

RAISED, TIMED_OUT = pictures.incident().error_groups


def answered(question: Question) -> Answer | None:
    """The engine's answers to questions about errors."""
    if not isinstance(question, ErrorQuestion) or question.signature != RAISED.signature:
        return None
    return error_answer(RAISED, question.topic, question.number)


@asynccontextmanager
async def errors(*keys: str, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Session]:
    async with opened(pictures.incident(), size) as session:
        session.engine.answer = answered
        await session.press("4")
        await session.until(lambda: isinstance(session.app.screen, ErrorsScreen))
        await session.until(lambda: "payment_method" in session.text())
        await session.press(*keys)
        yield session


async def failure(session: Session, row: int) -> None:
    """Open the first error and select a failure of it."""
    await session.press("enter")
    await session.until(lambda: isinstance(session.app.screen, ErrorGroupScreen))
    await session.until(lambda: "Failures  the newest 3" in session.text())
    await session.press(*["down"] * row)


def says(session: Session, words: str) -> bool:
    return words in session.text()


def target(session: Session) -> object:
    return session.app.screen.query_one(LinePage).target


async def test_four_opens_the_list_and_closes_it_again() -> None:
    async with errors() as session:
        assert "sorted most first" in session.text()
        await session.press("4")
        await session.until(lambda: isinstance(session.app.screen, OverviewScreen))


async def test_another_pane_takes_the_place_of_the_list() -> None:
    async with errors("5") as session:
        await session.until(lambda: "dead letters" in session.text())
        assert len(session.app.screen_stack) == 2


async def test_s_sorts_by_the_next_order_and_the_cursor_stays_on_its_error() -> None:
    async with errors("down") as session:
        assert target(session) == TIMED_OUT.signature
        for words in ("last seen first", "new first", "fastest first", "most first"):
            await session.press("s")
            await session.until(partial(says, session, f"sorted {words}"))
            assert target(session) == TIMED_OUT.signature


async def test_a_filter_works_while_it_is_typed_and_escape_clears_it_before_it_leaves() -> None:
    async with errors("slash", *"timeout") as session:
        await session.until(lambda: "filter timeout 1 of 2" in session.text())
        assert "payment_method" not in session.text()
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.focused, LinePage))
        assert target(session) == TIMED_OUT.signature
        await session.press("escape")
        await session.until(lambda: "payment_method" in session.text())
        await session.press("escape")
        await session.until(lambda: isinstance(session.app.screen, OverviewScreen))


async def test_enter_opens_an_error_with_its_failures_and_escape_comes_back() -> None:
    async with errors("enter") as session:
        await session.until(lambda: isinstance(session.app.screen, ErrorGroupScreen))
        await session.until(lambda: "Failures  the newest 3" in session.text())
        assert "seen in version 42 alone" in session.text()
        assert "checkout-api  702  42: 701, 41: 1" in session.text()
        assert 'File "/var/task/orders/price.py", line 41, in total' in session.text()
        await session.press("escape")
        await session.until(lambda: isinstance(session.app.screen, ErrorsScreen))
        assert not session.engine.questions


async def test_enter_on_a_function_opens_its_page() -> None:
    async with errors("down", "down") as session:
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, FunctionScreen))
        assert session.engine.views[-1].focus == RAISED.functions[0]


async def test_a_new_answer_is_shown_and_none_says_that_the_error_is_gone() -> None:
    async with errors() as session:
        await failure(session, 0)
        (question,) = session.engine.questions
        grown = replace(RAISED, count=703)
        session.engine.hear(error_answer(grown, "error", question.number))
        await session.until(lambda: "703 failures" in session.text())
        session.engine.hear(replace(error_answer(RAISED, "error", question.number), group=None))
        await session.until(lambda: "not known any more" in session.text())


async def test_enter_on_a_failure_opens_its_request() -> None:
    async with errors() as session:
        await failure(session, 1)
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, RequestScreen))
        (question,) = [one for one in session.engine.questions if isinstance(one, RequestQuestion)]
        assert (question.request_id, question.function) == (
            "7f3c2a01-0b1d-4c5e-8f6a-9b8c7d6e5f4a",
            RAISED.functions[0],
        )


async def test_a_failure_without_a_request_leads_to_the_one_served_at_its_moment() -> None:
    async with errors() as session:
        await failure(session, 2)
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, RequestScreen))
        (question,) = [one for one in session.engine.questions if isinstance(one, RequestQuestion)]
        assert question.request_id is None
        assert question.moment is not None
        assert question.moment.timestamp_ms == pictures.NOW_MS - 2_800


async def test_l_leads_to_the_log_at_a_failures_moment() -> None:
    async with errors() as session:
        await failure(session, 0)
        await session.press("l")
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))
        (question,) = [one for one in session.engine.questions if isinstance(one, LogQuestion)]
        assert question.place == LineKey(pictures.NOW_MS - 800, 0)
        assert question.log_filter.functions == (RAISED.functions[0],)


async def test_x_unfolds_the_stack_trace_and_folds_it_again() -> None:
    long = "\n".join(f'  File "/var/task/a.py", line {at}, in f' for at in range(12))
    async with errors() as session:
        await failure(session, 0)
        (question,) = session.engine.questions
        answer = error_answer(RAISED, "error", question.number)
        session.engine.hear(replace(answer, sample_text=f"[ERROR] KeyError: 'a'\n{long}"))
        await session.until(lambda: "5 more lines: x unfolds" in session.text())
        await session.press("x")
        await session.until(lambda: "line 11, in f" in session.text())
        await session.press("x")
        await session.until(lambda: "5 more lines: x unfolds" in session.text())


async def test_y_copies_the_stack_trace_that_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def copy(_app: object, text: str) -> bool:
        copied.append(text)
        return True

    monkeypatch.setattr("lambdatop.ui.screens.function_actions.copy_text", copy)
    async with errors() as session:
        await failure(session, 0)
        await session.press("y")
        await session.until(lambda: copied)
    (text,) = copied
    assert 'File "/var/task/orders/price.py", line 41, in total' in text.splitlines()[-1]
    assert "⏎" not in text


async def test_a_small_terminal_has_room_for_the_list_and_for_an_error() -> None:
    async with errors(size=(80, 24)) as session:
        assert "count  last seen  kind" in session.text()
        await session.press("enter")
        await session.until(lambda: "Failures  the newest 3" in session.text())


@pytest.mark.parametrize("place", ["errors", "error"])
def test_the_places_have_help_a_way_back_and_a_way_out_and_no_key_does_two_things(place: Place) -> None:
    actions = [key.action for key in key_bar(place)]
    names = [name for key in KEYS if place in key.places for name in key.keys.split(",")]

    assert actions[-1] == "app.quit"
    assert {"app.help", "back", "open"} <= set(actions)
    assert len(names) == len(set(names))
