"""What has come of the tasks that the view names."""

from lambdatop.model.identity import Scope
from lambdatop.model.query import PARTIAL_ROWS, ROWS_AN_ANSWER, QueryProgress, QueryRun, QueryStatus, RecordFound
from lambdatop.model.question import QueryQuestion
from lambdatop.store.query_desk import QueryDesk


def run(number: int) -> QueryRun:
    return QueryRun(number=number, scope=Scope("1", "eu-west-1"), text="limit 1", start_s=0, end_s=1)


def question(task: int, rows_from: int = 0) -> QueryQuestion:
    return QueryQuestion(topic="query", number=9, task=task, rows_from=rows_from)


def progress(rows: int, status: QueryStatus) -> QueryProgress:
    texts = [str(index) for index in range(rows)]
    return QueryProgress(
        number=1, status=status, columns=("n",), rows=tuple((text,) for text in texts), pointers=tuple(texts)
    )


def first_rows(desk: QueryDesk, rows_from: int) -> tuple[int, list[str | None], tuple[str, ...], int]:
    answer = desk.answer(question(1, rows_from))
    assert isinstance(answer.outcome, QueryProgress)
    return answer.rows_from, [row[0] for row in answer.outcome.rows], answer.outcome.pointers, answer.row_count


def test_nothing_is_known_of_a_task_at_first() -> None:
    answer = QueryDesk().answer(question(1))
    assert (answer.outcome, answer.row_count, answer.number) == (None, 0, 9)


def test_a_query_that_ended_is_told_ten_thousand_rows_at_a_time() -> None:
    desk = QueryDesk()
    desk.put(progress(ROWS_AN_ANSWER + 5, "complete"))
    assert [len(first_rows(desk, at)[1]) for at in (0, ROWS_AN_ANSWER)] == [ROWS_AN_ANSWER, 5]
    rows_from, rows, pointers, count = first_rows(desk, ROWS_AN_ANSWER + 3)
    assert (rows_from, rows, count) == (ROWS_AN_ANSWER + 3, ["10003", "10004"], ROWS_AN_ANSWER + 5)
    assert pointers == ("10003", "10004")


def test_of_a_query_that_runs_the_first_thousand_rows_are_told_wherever_one_asks() -> None:
    desk = QueryDesk()
    desk.put(progress(PARTIAL_ROWS + 5, "running"))
    assert [(one[0], len(one[1]), one[3]) for one in (first_rows(desk, 0), first_rows(desk, 900))] == [
        (0, PARTIAL_ROWS, PARTIAL_ROWS + 5)
    ] * 2


def test_what_the_view_names_no_more_is_forgotten() -> None:
    desk = QueryDesk()
    desk.put(progress(1, "complete"))
    desk.put(RecordFound(number=2, fields={"@message": "x"}))
    desk.keep([run(1)])
    assert desk.answer(question(1)).outcome is not None
    assert desk.answer(question(2)).outcome is None
