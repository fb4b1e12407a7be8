"""The place that shows a request, and the ways to it."""

import msgspec
from textual.command import CommandPalette

from lambdatop.model.question import LogMoment, LogQuestion, Question, RequestAnswer, RequestCandidate, RequestQuestion
from lambdatop.render.page import RequestTarget
from lambdatop.ui.commands import typed_commands
from lambdatop.ui.screens.event import EventScreen
from lambdatop.ui.screens.function import FunctionScreen
from lambdatop.ui.screens.logs import LogsScreen
from lambdatop.ui.screens.request import RequestScreen
from lambdatop.ui.wanted import RequestWanted
from lambdatop.ui.widgets.line_page import LinePage
from tests.render.request_samples import ANSWER, CHECKOUT, LINKED, PAYMENT, REQUEST, TIMED_OUT, TRACE
from tests.ui import pictures
from tests.ui.test_keys import Session, opened, palette

NOTHING = RequestAnswer(topic="request", number=0)


def answering(session: Session, answer: RequestAnswer = ANSWER) -> None:
    """Have the engine answer every question about a request."""

    def answer_of(question: Question) -> RequestAnswer | None:
        is_asked = isinstance(question, RequestQuestion)
        return msgspec.structs.replace(answer, number=question.number) if is_asked else None

    session.engine.answer = answer_of


async def open_request(session: Session, message: RequestWanted | None = None) -> RequestScreen:
    session.app.post_message(message or RequestWanted(REQUEST, CHECKOUT))
    await session.until(lambda: isinstance(session.app.screen, RequestScreen) and session.app.screen.answer)
    assert isinstance(session.app.screen, RequestScreen)
    return session.app.screen


def asked(session: Session) -> list[tuple[str | None, str | None, object]]:
    questions = (one for one in session.engine.questions if isinstance(one, RequestQuestion))
    return [(one.request_id, one.trace_id, one.function) for one in questions]


def said(session: Session) -> list[str]:
    return [one.message for one in session.app._notifications]


async def test_a_request_is_asked_for_shown_and_its_functions_lines_are_all_read_meanwhile() -> None:
    async with opened(pictures.incident()) as session:
        answering(session)
        await open_request(session)
        assert asked(session) == [(REQUEST, None, CHECKOUT)]
        await session.until(lambda: "cart opened" in session.text())
        assert session.engine.views[-1].focus == CHECKOUT
        await session.press("escape")
        await session.until(lambda: session.engine.views[-1].focus is None)
        assert asked(session) == []


async def test_the_function_is_learnt_from_the_answer() -> None:
    async with opened(pictures.incident()) as session:
        answering(session)
        await open_request(session, RequestWanted(trace_id=TRACE))
        assert asked(session) == [(None, TRACE, None)]
        assert session.engine.views[-1].focus == CHECKOUT


async def test_enter_on_a_functions_invocation_opens_its_request_and_back_looks_at_the_function_again() -> None:
    async with opened(pictures.incident()) as session:
        answering(session)
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, FunctionScreen))
        function = session.engine.views[-1].focus
        await session.press("end", "enter")
        await session.until(lambda: isinstance(session.app.screen, RequestScreen))
        assert asked(session)[0][2] == function
        await session.press("escape")
        await session.until(lambda: session.engine.views[-1].focus == function)


async def test_an_error_whose_line_names_no_request_is_asked_for_by_its_moment() -> None:
    snapshot = pictures.incident()
    async with opened(snapshot, size=(160, 100)) as session:
        answering(session)
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, FunctionScreen) and session.engine.latest.detail)
        detail = session.engine.latest.detail
        assert detail is not None
        nameless = msgspec.structs.replace(detail.recent_errors[0], request_id=None)
        detail = msgspec.structs.replace(detail, recent_errors=(nameless,))
        session.engine.latest = msgspec.structs.replace(session.engine.latest, detail=detail)
        page = session.app.screen.query_one(LinePage)
        moment = LogMoment(nameless.log_stream, nameless.timestamp_ms)
        await session.until(lambda: page.target == RequestTarget(detail.key, None, moment))
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, RequestScreen))
        (question,) = (one for one in session.engine.questions if isinstance(one, RequestQuestion))
        assert (question.moment, question.function) == (moment, detail.key)


async def test_a_linked_request_is_opened_and_a_line_opens_its_event() -> None:
    async with opened(pictures.incident()) as session:
        answering(session, msgspec.structs.replace(ANSWER, occurrences=(TIMED_OUT,)))
        await open_request(session)
        await session.press("enter")
        await session.until(lambda: len(session.app.screen_stack) == 3)
        assert asked(session)[-1] == (LINKED, None, PAYMENT)
        await session.press("escape", "down", "enter")
        await session.until(lambda: isinstance(session.app.screen, EventScreen))
        event = session.app.screen
        assert isinstance(event, EventScreen)
        assert event.line == TIMED_OUT.lines[0]


async def test_a_click_selects_a_line_and_a_second_one_opens_it() -> None:
    async with opened(pictures.incident()) as session:
        answering(session)
        screen = await open_request(session)
        page = screen.query_one(LinePage)
        row = page.cursor.selected
        assert row is not None
        for _ in range(2):
            await session.pilot.click(LinePage, offset=(5, row - page.top))
        await session.until(lambda: len(session.app.screen_stack) == 3)


async def test_one_of_several_that_may_be_meant_is_opened() -> None:
    candidate = RequestCandidate(function=PAYMENT, request_id=LINKED, started_ms=None)
    several = msgspec.structs.replace(NOTHING, candidates=(candidate,), candidate_count=2)
    async with opened(pictures.incident()) as session:
        answering(session, several)
        await open_request(session, RequestWanted("3f2a"))
        await session.press("enter")
        await session.until(lambda: len(session.app.screen_stack) == 3)
        assert asked(session)[-1] == (LINKED, None, PAYMENT)


async def test_the_request_that_is_open_is_not_opened_again() -> None:
    async with opened(pictures.incident()) as session:
        answering(session)
        await open_request(session, RequestWanted(REQUEST[:6]))
        await open_request(session, RequestWanted(REQUEST))
        assert len(session.app.screen_stack) == 2


async def test_l_reads_its_functions_log_at_the_selected_line() -> None:
    async with opened(pictures.incident()) as session:
        answering(session, msgspec.structs.replace(ANSWER, occurrences=(TIMED_OUT,), linked=()))
        await open_request(session)
        await session.press("down", "l")
        await session.until(lambda: isinstance(session.app.screen, LogsScreen))
        asked_lines = [one for one in session.engine.questions if isinstance(one, LogQuestion)]
        assert [one.log_filter.functions for one in asked_lines] == [(CHECKOUT,)]
        assert [one.place for one in asked_lines] == [TIMED_OUT.lines[1].key]


async def test_its_id_its_lines_and_the_link_to_its_trace_are_copied() -> None:
    async with opened(pictures.incident()) as session:
        answering(session)
        await open_request(session)
        await session.press("y", "Y", "t")
        await session.until(lambda: len(said(session)) == 3)
        assert said(session)[0] == REQUEST
        assert said(session)[1] == "8 lines"
        assert said(session)[2].endswith(f"#xray:traces/{TRACE}")


async def test_what_is_not_there_is_not_copied_but_said() -> None:
    async with opened(pictures.incident()) as session:
        answering(session, msgspec.structs.replace(ANSWER, is_sampled=False))
        await open_request(session)
        await session.press("t")
        await session.until(lambda: said(session) == ["Its trace was not sampled, so X-Ray has none."])
    async with opened(pictures.incident()) as session:
        answering(session, NOTHING)
        await open_request(session)
        await session.press("t", "Y")
        await session.until(lambda: said(session) == ["No line names a trace.", "There are no lines to copy."])


async def test_the_palette_opens_what_is_typed() -> None:
    async with opened(pictures.incident()) as session:
        for typed, expected in (
            ("request 3F2A-", ["open request 3f2a-"]),
            (f"  request   {REQUEST} ", [f"open request {REQUEST}"]),
            (REQUEST, [f"open request {REQUEST}"]),
            (f"trace {TRACE}", [f"open trace {TRACE}"]),
            (f"trace Root={TRACE};Sampled=1", [f"open trace {TRACE}"]),
            (TRACE, [f"open trace {TRACE}"]),
            ("request", []),
            ("request [red]", []),
            ("trace 17", []),
            ("3f2a", []),
        ):
            assert [one.name for one in typed_commands(session.app.screen, typed)] == expected, typed
        answering(session)
        await session.press("colon")
        await session.until(lambda: isinstance(session.app.screen, CommandPalette))
        await session.press(*"request", "space", "a")
        await session.until(lambda: palette(session)[:1] == ["open request a"])
        await session.press("enter")
        await session.until(lambda: isinstance(session.app.screen, RequestScreen))
        assert asked(session) == [("a", None, None)]


async def test_the_pages_keys_and_commands_are_offered_in_the_palette() -> None:
    async with opened(pictures.incident()) as session:
        answering(session)
        screen = await open_request(session)
        await session.press("question_mark")
        await session.until(lambda: "copy the request ID" in session.text())
        assert screen.KEYS == "request"
