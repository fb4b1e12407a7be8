"""The source of the screen's queries: what the view names is worked on, and stopped when it is named no more."""

import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest

from lambdatop.model.delivery import QueryOutcomeDelivered
from lambdatop.model.identity import Scope
from lambdatop.model.query import (
    DefinitionList,
    DefinitionsFound,
    FieldList,
    FieldsFound,
    QueryDefinition,
    QueryOutcome,
    QueryParameter,
    QueryProgress,
    QueryTask,
    RecordFound,
    RecordLookup,
)
from lambdatop.model.view import View
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.queries import Queries
from lambdatop.sources.query_claims import QueryClaims
from lambdatop.sources.source import Ending
from tests.sources.fake_call import SCOPE, FakeCall, refused, watch_of
from tests.sources.fake_query import STARTED, events, login_lost, of_aws, out_of_reach, results, run_of, throttled

NOW_MS = 1_795_230_000_000
RECORD = RecordLookup(number=7, scope=SCOPE, pointer="p")
FIELDS = FieldList(number=8, scope=SCOPE, log_group="/g")
DEFINITIONS = DefinitionList(number=9, scope=SCOPE)


class Desk:
    """The source over scripted answers, driven by a clock moved by hand."""

    def __init__(self, answers: dict[str, Any], *, claims: QueryClaims | None = None, **endpoint: bool) -> None:
        self.fake = FakeCall({"StartQuery": STARTED, **answers}, **endpoint)
        self.watch = watch_of()
        self.source = Queries(self.fake.call, self.watch, claims)
        self.now_ms = NOW_MS
        self.outcomes: list[QueryOutcome] = []

    def want(self, *tasks: QueryTask) -> None:
        self.watch.view = View(query_tasks=tasks)

    def turn(self, times: int = 1) -> list[QueryOutcome]:
        """Poll so often, each time when it is due; returns what was delivered meanwhile."""
        before = len(self.outcomes)
        for _ in range(times):
            due_ms = self.source.next_due_ms()
            if due_ms is None:
                break
            self.now_ms = max(self.now_ms, due_ms)
            for delivery in self.source.poll(self.now_ms):
                assert isinstance(delivery, QueryOutcomeDelivered)
                assert delivery.scope == SCOPE
                self.outcomes.append(delivery.outcome)
        return self.outcomes[before:]

    @property
    def last(self) -> QueryOutcome:
        return self.outcomes[-1]

    def progress(self) -> QueryProgress:
        assert isinstance(self.last, QueryProgress)
        return self.last


def test_nothing_is_asked_and_nothing_waited_for_until_a_task_is_named() -> None:
    desk = Desk({})
    assert desk.source.next_due_ms() is None
    assert desk.source.has_first_answer()
    assert isinstance(desk.source, Ending)
    status = desk.source.status(NOW_MS)
    assert (status.name, status.state, status.detail) == ("queries", "working", "no query was asked")
    desk.want(run_of(groups=("/g",), number=1))
    desk.watch.scope = None
    assert desk.source.next_due_ms() is None
    desk.watch.scope = Scope("999999999999", "eu-west-1")
    assert desk.source.next_due_ms() is None
    assert not desk.fake.asked


def test_a_query_is_run_to_its_end_once_and_its_progress_delivered_as_it_changes() -> None:
    running = [results("Running", *events("a"), scanned=1e9)] * 3
    desk = Desk({"GetQueryResults": [*running, results("Complete", *events("a", "b"), scanned=2e9)]})
    desk.want(run_of())
    assert desk.source.next_due_ms() == 0
    told = desk.turn(50)
    assert [one.status for one in told if isinstance(one, QueryProgress)] == ["scheduled", "running", "complete"]
    assert desk.progress().rows == (("a",), ("b",))
    assert desk.source.next_due_ms() is None
    assert len(desk.fake.asked["GetQueryResults"]) == 4
    assert desk.source.status(NOW_MS).detail == "1 done"
    desk.want(run_of(), run_of(number=2))
    desk.turn(50)
    assert desk.progress().number == 2
    assert len(desk.fake.asked["StartQuery"]) == 2
    assert desk.fake.charged_usd == {"StartQuery": pytest.approx(0.02)}


def test_queries_take_turns_and_each_is_asked_once_a_second_at_most() -> None:
    desk = Desk({"GetQueryResults": results("Running")})
    asked_ms: dict[str, list[int]] = {}
    numbers = iter("abc")
    desk.fake.answers["StartQuery"] = lambda **_: {"queryId": next(numbers)}

    def ask(**asked: Any) -> dict[str, Any]:  # noqa: ANN401
        asked_ms.setdefault(asked["queryId"], []).append(desk.now_ms)
        return results("Running")

    desk.fake.answers["GetQueryResults"] = ask
    desk.want(*(run_of(number=number) for number in (1, 2, 3)))
    desk.turn(60)
    assert set(asked_ms) == {"a", "b", "c"}
    for times in asked_ms.values():
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        assert gaps[:3] == [1000, 2000, 2000]
        assert set(gaps[3:]) == {5000}


def test_a_query_that_is_named_no_more_is_stopped_and_paid() -> None:
    desk = Desk({"GetQueryResults": results("Running", scanned=4e9)})
    desk.want(run_of(), run_of(number=2))
    desk.turn(6)
    desk.want(run_of(number=2))
    assert desk.source.next_due_ms() == 0
    desk.turn()
    assert len(desk.fake.asked["StopQuery"]) == 1
    assert desk.fake.charged_usd == {"StartQuery": pytest.approx(0.02)}
    desk.want()
    desk.turn()
    assert len(desk.fake.asked["StopQuery"]) == 2
    assert desk.source.next_due_ms() is None


def test_a_query_that_cannot_be_stopped_at_once_is_stopped_later_though_nobody_names_it() -> None:
    desk = Desk({"GetQueryResults": results("Running"), "StopQuery": [out_of_reach(), out_of_reach(), {}]})
    desk.want(run_of())
    desk.turn(2)
    desk.want()
    desk.turn(10)
    assert len(desk.fake.asked["StopQuery"]) == 3
    assert desk.source.next_due_ms() is None


def test_leaving_stops_all_that_runs_also_what_is_just_being_started_and_begins_nothing_more() -> None:
    is_starting, may_start = threading.Event(), threading.Event()

    def start(**asked: Any) -> dict[str, Any]:  # noqa: ANN401
        if asked["queryString"] == "slow":
            is_starting.set()
            assert may_start.wait(30)
        return {"queryId": asked["queryString"]}

    desk = Desk({"GetQueryResults": results("Running", scanned=1e9)})
    desk.fake.answers["StartQuery"] = start
    desk.want(run_of("quick"))
    desk.turn(2)
    desk.want(run_of("quick"), run_of("slow", number=2))
    polling = threading.Thread(target=desk.turn, daemon=True)
    polling.start()
    assert is_starting.wait(30)
    ending = threading.Thread(target=desk.source.end, daemon=True)
    ending.start()
    may_start.set()
    for thread in (polling, ending):
        thread.join(30)
    assert sorted(asked["queryId"] for asked in desk.fake.asked["StopQuery"]) == ["quick", "slow"]
    assert desk.fake.charged_usd == {"StartQuery": pytest.approx(0.005)}
    desk.want(run_of("later", number=3))
    assert desk.source.next_due_ms() is None
    assert list(desk.source.poll(desk.now_ms)) == []


def test_a_lost_login_keeps_the_query_and_a_new_one_asks_at_once() -> None:
    desk = Desk({"GetQueryResults": [results("Running"), login_lost()]})
    desk.want(run_of())
    desk.turn(8)
    progress = desk.progress()
    assert progress.status == "running"
    assert progress.problem is not None
    assert progress.problem.sentence.endswith("The query goes on at AWS.")
    status = desk.source.status(desk.now_ms)
    assert (status.state, status.remedy) == ("credentials", "Run `aws sso login`.")
    assert status.detail == "1 running: The AWS login has expired. The query goes on at AWS."
    assert (desk.source.next_due_ms() or 0) > desk.now_ms
    desk.fake.answers["GetQueryResults"] = results("Complete", *events("a"))
    desk.watch.generation += 1
    assert desk.source.next_due_ms() == 0
    desk.turn()
    assert desk.progress().status == "complete"
    assert desk.source.status(desk.now_ms).state == "working"


def test_two_profiles_of_one_account_run_a_query_once() -> None:
    claims = QueryClaims()
    first, second = (Desk({"GetQueryResults": results("Running")}, claims=claims) for _ in range(2))
    for desk in (first, second):
        desk.want(run_of())
    first.turn(3)
    assert second.source.next_due_ms() is None
    assert "StartQuery" not in second.fake.asked
    first.want()
    first.turn()
    second.want(run_of())
    assert second.source.next_due_ms() == 0


def test_a_query_that_was_lost_with_its_process_is_said_and_not_run_again() -> None:
    desk = Desk({"GetLogRecord": {"logRecord": {"a": "1"}}, "GetQueryResults": results("Complete", {"bytes": "5"})})
    desk.watch.lost_tasks = frozenset({1, 2, 7})
    desk.want(run_of(), run_of(number=2, is_estimate=True), RECORD)
    desk.turn(10)
    progress = next(one for one in desk.outcomes if one.number == 1)
    assert isinstance(progress, QueryProgress)
    assert progress.problem is not None
    assert (progress.status, progress.problem.remedy) == ("failed", "Run the query again.")
    assert [asked["queryString"] for asked in desk.fake.asked["StartQuery"]] == ["fields @message\n| estimate"]
    assert RecordFound(number=7, fields={"a": "1"}) in desk.outcomes


def test_an_endpoint_that_is_not_aws_is_checked_once_before_its_rows_are_shown() -> None:
    desk = Desk({"GetQueryResults": results("Complete", *events("a", "b"))}, is_custom_endpoint=True)
    desk.want(run_of())
    desk.turn(10)
    assert desk.progress().status == "refused"
    assert "stats count(*)" in desk.fake.asked["StartQuery"][0]["queryString"]
    desk.want(run_of(number=2))
    desk.turn(10)
    assert (desk.progress().number, desk.progress().status) == (2, "refused")
    assert len(desk.fake.asked["StartQuery"]) == 1


def test_a_record_is_looked_up_by_its_pointer() -> None:
    desk = Desk({"GetLogRecord": {"logRecord": {"@message": "half \ud83d", "level": "INFO"}}})
    desk.want(RECORD)
    assert desk.turn(5) == [RecordFound(number=7, fields={"@message": "half �", "level": "INFO"})]
    assert desk.fake.asked["GetLogRecord"] == [{"logRecordPointer": "p"}]
    assert desk.source.next_due_ms() is None


def test_fields_of_a_log_group_come_by_how_frequent_they_are() -> None:
    entries = [{"name": "b", "percent": 40}, {"name": "@message", "percent": 100}, {"name": "a", "percent": 40}]
    desk = Desk({"GetLogGroupFields": {"logGroupFields": entries}})
    arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/g"
    desk.want(FIELDS, FieldList(number=10, scope=SCOPE, log_group=f"{arn}:*"))
    found = desk.turn(5)
    assert found[0] == FieldsFound(number=8, fields=(("@message", 100), ("a", 40), ("b", 40)))
    assert desk.fake.asked["GetLogGroupFields"] == [{"logGroupName": "/g"}, {"logGroupIdentifier": arn}]


def test_saved_queries_of_all_pages_come_by_name_with_their_parameters_and_those_in_sql_are_left_out() -> None:
    first = {
        "name": "lambda/slow", "queryString": "fields @message | filter @duration > {{ms}}", "logGroupNames": ["/g"],
        "parameters": [{"name": "ms", "defaultValue": "100", "description": "how slow"}], "queryLanguage": "CWLI",
    }  # fmt: skip
    pages: list[Any] = [
        {"queryDefinitions": [first, {"name": "sql", "queryString": "SELECT 1", "queryLanguage": "SQL"}],
         "nextToken": "2"},
        {"queryDefinitions": [{"name": "Errors", "queryString": "filter @message like /ERROR/"}], "nextToken": "2"},
    ]  # fmt: skip
    desk = Desk({"DescribeQueryDefinitions": pages})
    desk.want(DEFINITIONS)
    assert desk.turn(5) == [
        DefinitionsFound(
            number=9,
            definitions=(
                QueryDefinition(name="Errors", text="filter @message like /ERROR/"),
                QueryDefinition(
                    name="lambda/slow",
                    text="fields @message | filter @duration > {{ms}}",
                    log_groups=("/g",),
                    parameters=(QueryParameter(name="ms", default="100", description="how slow"),),
                ),
            ),
        )
    ]
    assert [asked.get("nextToken") for asked in desk.fake.asked["DescribeQueryDefinitions"]] == [None, "2"]


LOOKUPS: list[tuple[QueryTask, str]] = [
    (RECORD, "GetLogRecord"), (FIELDS, "GetLogGroupFields"), (DEFINITIONS, "DescribeQueryDefinitions"),
]  # fmt: skip


@pytest.mark.parametrize(("task", "operation"), LOOKUPS)
def test_a_refused_lookup_says_why_and_is_not_repeated(task: QueryTask, operation: str) -> None:
    for failure, words in (
        (refused("denied", "AccessDeniedException", "AWS denies it."), "AWS denies it."),
        (refused("absent", "", "This endpoint does not offer it."), "This endpoint does not offer it."),
        (of_aws("InvalidParameterException", "that is wrong"), "that is wrong"),
    ):
        desk = Desk({operation: failure})
        desk.want(task)
        (outcome,) = desk.turn(5)
        assert outcome.number == task.number
        assert not isinstance(outcome, QueryProgress)
        assert outcome.problem is not None
        assert outcome.problem.sentence.endswith(words)
        assert len(desk.fake.asked[operation]) == 1


@pytest.mark.parametrize(("task", "operation"), LOOKUPS)
def test_a_lookup_that_met_passing_trouble_says_so_and_is_repeated(task: QueryTask, operation: str) -> None:
    troubles: list[tuple[Callable[[], SourceFailure], str | None]] = [
        (login_lost, "The AWS login has expired."), (out_of_reach, "AWS cannot be reached."), (throttled, None),
    ]  # fmt: skip
    for trouble, words in troubles:
        desk = Desk({operation: [trouble(), {}]})
        desk.want(task)
        told = desk.turn()
        assert [one.problem.sentence for one in told if not isinstance(one, QueryProgress) and one.problem] == (
            [words] if words else []
        )
        assert desk.source.next_due_ms() == desk.now_ms + 1000
        assert desk.source.status(desk.now_ms).state == trouble().state
        (outcome,) = desk.turn(5)
        assert outcome.number == task.number
        assert len(desk.fake.asked[operation]) == 2


def test_a_lookup_that_is_named_no_more_is_not_repeated() -> None:
    desk = Desk({"GetLogRecord": out_of_reach()})
    desk.want(RECORD)
    desk.turn()
    desk.want()
    desk.turn()
    assert desk.source.next_due_ms() is None
    assert len(desk.fake.asked["GetLogRecord"]) == 1
