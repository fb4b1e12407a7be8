"""Which question is worked on next, when it is answered again, and what becomes of it."""

import pytest

from lambdatop.engine.answering import ANSWER_INTERVAL_MS, SLOW_INTERVAL_MS, Answering, AtOnce, Maker
from lambdatop.model.delivery import QueuesDelivered
from lambdatop.model.identity import Scope
from lambdatop.model.question import Answer, ErrorAnswer, ErrorQuestion, Question, RequestQuestion
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.store import Store

NOW_MS = 1_795_000_000_000
SCOPE = Scope("123456789012", "eu-west-1")


class Slices:
    """Work of a few slices, of which the last one answers."""

    def __init__(self, question: ErrorQuestion, slices: int, rounds: list[str]) -> None:
        self._question = question
        self._slices = slices
        self._done = 0
        self._rounds = rounds

    @property
    def is_done(self) -> bool:
        return self._done == self._slices

    def step(self, now_ms: int) -> Answer | None:  # noqa: ARG002  the same at any time
        self._done += 1
        self._rounds.append(self._question.signature[0])
        return answer_to(self._question) if self.is_done else None

    def begin_again(self) -> None:
        self._done = 0


class Desk:
    """An answering whose questions are answered by what their signature says: so many slices."""

    def __init__(self) -> None:
        self.rounds: list[str] = []
        self.store = Store(NOW_MS)
        makers: dict[type[Question], Maker] = {
            ErrorQuestion: lambda question, *_: Slices(question, len(question.signature), self.rounds)
        }
        self.answering = Answering(self.store, LogArchive(), makers)

    def ask(self, topic: str, signature: str, number: int = 1, *, is_standing: bool = True) -> None:
        self.answering.ask(ErrorQuestion(topic=topic, number=number, signature=signature, is_standing=is_standing))

    def answers(self, now_ms: int = NOW_MS) -> list[Answer]:
        """All that there is to say at a time."""
        found = []
        while (due_ms := self.answering.next_due_ms(now_ms)) is not None and due_ms <= now_ms:
            answer = self.answering.step(now_ms)
            if answer is not None:
                found.append(answer)
        return found

    def change(self) -> None:
        self.store.apply(QueuesDelivered(scope=SCOPE, queues=()), NOW_MS)


def answer_to(question: ErrorQuestion) -> ErrorAnswer:
    return ErrorAnswer(topic=question.topic, number=question.number)


def test_a_question_is_answered_slice_by_slice() -> None:
    desk = Desk()
    desk.ask("errors", "aa")

    assert [desk.answering.step(NOW_MS), desk.answering.step(NOW_MS)] == [
        None,
        ErrorAnswer(topic="errors", number=1),
    ]
    assert desk.answering.next_due_ms(NOW_MS) is None
    assert desk.answering.step(NOW_MS) is None


def test_a_fresh_question_goes_before_one_that_has_had_an_answer_and_fresh_ones_take_turns() -> None:
    desk = Desk()
    desk.ask("old", "o")
    desk.answers()
    desk.change()
    desk.ask("new", "nn")
    desk.ask("next", "xx")

    desk.answers(NOW_MS + SLOW_INTERVAL_MS)

    assert "".join(desk.rounds) == "onxnxo"


def test_what_stands_is_looked_at_again_when_something_has_changed_but_not_too_often() -> None:
    desk = Desk()
    desk.ask("errors", "a")
    desk.answers()

    assert desk.answering.next_due_ms(NOW_MS + 10_000) is None

    desk.change()

    assert desk.answering.next_due_ms(NOW_MS) == NOW_MS + SLOW_INTERVAL_MS
    assert desk.answering.step(NOW_MS + SLOW_INTERVAL_MS - 1) is None
    assert desk.rounds == ["a"]
    desk.answering.step(NOW_MS + SLOW_INTERVAL_MS)
    assert desk.rounds == ["a", "a"]
    assert ANSWER_INTERVAL_MS < SLOW_INTERVAL_MS


def test_the_same_answer_is_not_sent_twice() -> None:
    desk = Desk()
    desk.ask("errors", "a")
    assert len(desk.answers()) == 1

    desk.change()

    assert desk.answers(NOW_MS + 5_000) == []
    assert desk.rounds == ["a", "a"]


def test_a_question_that_does_not_stand_is_answered_once() -> None:
    desk = Desk()
    desk.ask("save", "a", is_standing=False)
    assert len(desk.answers()) == 1

    desk.change()

    assert desk.answering.next_due_ms(NOW_MS + 5_000) is None


def test_a_question_takes_the_place_of_one_of_its_topic_that_is_under_way() -> None:
    desk = Desk()
    desk.ask("errors", "aaa", number=1)
    desk.answering.step(NOW_MS)
    desk.ask("errors", "b", number=2)

    assert desk.answers() == [ErrorAnswer(topic="errors", number=2)]
    assert desk.rounds == ["a", "b"]


def test_what_is_withdrawn_is_never_answered() -> None:
    desk = Desk()
    desk.ask("errors", "aaa")
    desk.answering.step(NOW_MS)
    desk.answering.withdraw("errors")
    desk.answering.withdraw("never asked")

    assert desk.answers() == []
    assert desk.rounds == ["a"]


def test_a_question_that_nobody_answers_lets_the_older_one_of_its_topic_go() -> None:
    desk = Desk()
    desk.ask("place", "aaa")
    desk.answering.ask(RequestQuestion(topic="place", number=2, request_id="r"))

    assert desk.answers() == []
    assert desk.rounds == []


def test_a_defect_ends_its_question_alone() -> None:
    def break_down(_now_ms: int) -> Answer:
        raise ValueError("surprise")

    rounds: list[str] = []
    makers: dict[type[Question], Maker] = {
        ErrorQuestion: lambda question, *_: Slices(question, 1, rounds),
        RequestQuestion: lambda *_: AtOnce(break_down),
    }
    answering = Answering(Store(NOW_MS), LogArchive(), makers)
    answering.ask(RequestQuestion(topic="broken", number=1))
    answering.ask(ErrorQuestion(topic="whole", number=1, signature="a"))

    with pytest.raises(ValueError, match="surprise"):
        answering.step(NOW_MS)

    assert answering.step(NOW_MS) == ErrorAnswer(topic="whole", number=1)
    assert answering.next_due_ms(NOW_MS) is None


def test_work_of_one_slice_answers_with_the_time() -> None:
    work = AtOnce(lambda now_ms: ErrorAnswer(topic="errors", number=now_ms))

    assert work.step(3) == ErrorAnswer(topic="errors", number=3)
    assert work.is_done
    work.begin_again()
    assert not work.is_done
