"""A question about environments is answered in slices, and answered again when they change."""

from lambdatop.engine.answering import SLOW_INTERVAL_MS, Answering
from lambdatop.engine.environment_reading import STREAMS_A_STEP
from lambdatop.model.question import EnvironmentAnswer, EnvironmentQuestion
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store
from tests.store.lines import CHECKOUT, START_MS, catalogue, delivery, events, reported, started, stream_name

NOW_MS = START_MS + 60_000
QUESTION = EnvironmentQuestion(topic="environments", number=7, function=CHECKOUT)


def store_with(streams: int, swept_to_ms: int | None = None) -> Store:
    store = Store(START_MS)
    store.apply(catalogue(), START_MS)
    for number in range(streams):
        store.apply(delivery(events([reported(number, number)], stream_name(number))), START_MS)
    store.apply(delivery([], swept_to_ms=swept_to_ms), START_MS)
    return store


def answers(answering: Answering, now_ms: int) -> list[EnvironmentAnswer | None]:
    """What each slice that is due says."""
    found = []
    while (due_ms := answering.next_due_ms(now_ms)) is not None and due_ms <= now_ms:
        answer = answering.step(now_ms)
        assert answer is None or isinstance(answer, EnvironmentAnswer)
        found.append(answer)
    return found


def test_many_streams_are_looked_at_in_slices_and_answered_once() -> None:
    answering = Answering(store_with(2 * STREAMS_A_STEP + 1), LogArchive())
    answering.ask(QUESTION)
    *slices, answer = answers(answering, NOW_MS)

    assert slices == [None, None]
    assert answer is not None
    assert (answer.topic, answer.number, answer.function) == ("environments", 7, CHECKOUT)
    assert len(answer.environments) == 2 * STREAMS_A_STEP + 1


def test_an_environment_that_becomes_busy_is_answered_anew() -> None:
    store = store_with(2)
    answering = Answering(store, LogArchive())
    answering.ask(QUESTION)
    assert [each and {one.state for one in each.environments} for each in answers(answering, NOW_MS)] == [{"idle"}]
    store.apply(delivery(events([started(59_500, 9)], stream_name(1))), NOW_MS)
    (answer,) = answers(answering, NOW_MS + SLOW_INTERVAL_MS)

    assert answer is not None
    assert [one.state for one in answer.environments] == ["busy", "idle"]


def test_a_function_that_nothing_is_known_of_has_no_environments() -> None:
    answering = Answering(Store(START_MS), LogArchive())
    answering.ask(QUESTION)
    (answer,) = answers(answering, NOW_MS)

    assert answer is not None
    assert answer.environments == ()


def test_silence_counts_up_to_where_the_logs_have_been_read() -> None:
    for swept_to_ms, state in ((None, "gone"), (1_000_000, "gone"), (60_000, "idle")):
        answering = Answering(store_with(1, swept_to_ms), LogArchive())
        answering.ask(QUESTION)
        (answer,) = answers(answering, START_MS + 1_000_000)
        assert answer is not None
        assert answer.environments[0].state == state
