"""When an answer is the last one until something changes."""

import pytest
from msgspec.structs import replace

from lambdatop.model.log_line import LogFilter, LogPage
from lambdatop.model.question import LogAnswer, LogQuestion, RequestAnswer, RequestQuestion, is_whole

PAGE = LogPage(lines=(), lines_before=0, is_complete=True)
PLAIN = LogQuestion(topic="logs", number=1)
SEEKING = LogQuestion(topic="logs", number=1, seek=LogFilter())
COUNTING = LogQuestion(topic="logs", number=1, counted=LogFilter())
COUNTED = LogAnswer(topic="logs", number=1, page=PAGE, place=PLAIN.place, lines_above=0, lines_below=3)


def answer(**values: object) -> LogAnswer:
    return replace(COUNTED, **values)


@pytest.mark.parametrize(
    ("question", "one", "is_last"),
    [
        (PLAIN, answer(), True),
        (PLAIN, answer(lines_below=None), False),
        (PLAIN, answer(page=LogPage(lines=(), lines_before=0, is_complete=False)), False),
        (PLAIN, answer(problem="no regular expression", lines_above=None), True),
        (SEEKING, answer(), False),
        (SEEKING, answer(is_found=False), True),
        (COUNTING, answer(matches=4), False),
        (COUNTING, answer(matches=4, matches_before=2), True),
    ],
)
def test_an_answer_about_lines_is_whole_with_all_its_numbers(
    question: LogQuestion, one: LogAnswer, *, is_last: bool
) -> None:
    assert is_whole(one, question) is is_last


def test_an_answer_about_a_request_says_itself_whether_it_is_whole() -> None:
    question = RequestQuestion(topic="request", number=1, request_id="8f5f3a0a")
    assert not is_whole(RequestAnswer(topic="request", number=1, is_complete=False), question)
    assert is_whole(RequestAnswer(topic="request", number=1), question)
