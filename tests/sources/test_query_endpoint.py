"""Whether an endpoint that is not AWS does what queries say, found out before it is believed."""

from typing import Any

from lambdatop.model.query import QueryProgress
from lambdatop.sources.query_endpoint import CHECK_BYTES, COUNT, QueryEndpoint
from lambdatop.sources.query_execution import QueryExecution
from tests.sources.fake_call import FakeCall, refused
from tests.sources.fake_query import STARTED, events, of_aws, out_of_reach, results, run_of


class Endpoint:
    """Answers the check and any other query apart."""

    def __init__(self, check: Any, real: Any) -> None:  # noqa: ANN401  answers
        self.check, self.real, self.texts = check, real, list[str]()
        self.fake = FakeCall({"StartQuery": self._start, "GetQueryResults": self._results})

    def ask(self, text: str, known: QueryEndpoint, **more: Any) -> QueryProgress:  # noqa: ANN401
        execution = QueryExecution(self.fake.call, run_of(text, **more), known)
        now_ms = 0
        while not execution.is_over:
            execution.poll(now_ms)
            now_ms = max(now_ms, execution.due_ms)
            assert now_ms < 600_000
        return execution.progress

    def _start(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        self.texts.append(asked["queryString"])
        answer = self.check if COUNT in asked["queryString"] else self.real
        if isinstance(answer, Exception):
            raise answer
        return STARTED

    def _results(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        answer: dict[str, Any] = self.check if COUNT in self.texts[-1] else self.real
        return answer


REAL = results("Complete", *events("a"))


def test_an_endpoint_that_ignores_filters_or_counts_is_not_believed_and_not_asked_again() -> None:
    for check in (
        results("Complete", {"@ptr": "1"}, {"@ptr": "2"}),
        results("Complete", {COUNT: "7"}),
        results("Complete", *events("a")),
    ):
        known = QueryEndpoint(is_trusted=None)
        endpoint = Endpoint(check, REAL)
        for _ in range(2):
            progress = endpoint.ask("fields @message", known)
            assert (progress.status, progress.rows) == ("refused", ())
            assert progress.problem is not None
            assert "without doing what they say" in progress.problem.sentence
        assert len(endpoint.texts) == 1


def test_an_endpoint_that_finds_nothing_where_nothing_is_or_refuses_what_it_does_not_know_is_believed() -> None:
    for check in (
        results("Complete"),
        results("Complete", {COUNT: "0"}),
        of_aws("MalformedQueryException", "stats is not served"),
        results("Running", scanned=CHECK_BYTES + 1.0),
    ):
        known = QueryEndpoint(is_trusted=None)
        endpoint = Endpoint(check, REAL)
        for _ in range(2):
            assert endpoint.ask("fields @message", known).rows == (("a",),)
        assert known.is_trusted is True
        assert len(endpoint.texts) == 3
        assert "stats count(*)" in endpoint.texts[0]


def test_a_check_that_tells_nothing_is_made_again_before_the_next_query() -> None:
    known = QueryEndpoint(is_trusted=None)
    endpoint = Endpoint({"status": "Complete", "results": []}, REAL)
    for _ in range(2):
        assert endpoint.ask("fields @message", known).status == "complete"
    assert known.is_trusted is None
    assert len(endpoint.texts) == 4


def test_a_check_of_a_query_that_names_its_source_asks_the_same_source() -> None:
    endpoint = Endpoint(results("Complete"), REAL)
    endpoint.ask("# a | b\nSOURCE logGroups(namePrefix: ['/aws']) | limit 2", QueryEndpoint(is_trusted=None), groups=())
    assert endpoint.texts[0].startswith("SOURCE logGroups(namePrefix: ['/aws']) | filter ")


def test_a_refusal_that_the_check_meets_is_the_querys_own() -> None:
    denied = refused("denied", "AccessDeniedException", "AWS denies logs:StartQuery.")
    progress = Endpoint(denied, denied).ask("fields @message", QueryEndpoint(is_trusted=None))
    assert progress.status == "refused"
    assert progress.problem is not None
    assert progress.problem.sentence == "AWS denies logs:StartQuery."


def test_queries_that_come_together_share_one_check_and_one_that_is_stopped_leaves_it_to_the_next() -> None:
    known = QueryEndpoint(is_trusted=None)
    fake = FakeCall({"StartQuery": STARTED, "GetQueryResults": [results("Running"), results("Complete")]})
    first, second = (QueryExecution(fake.call, run_of(number=number), known) for number in (1, 2))
    for execution in (first, second, first):
        execution.poll(0)
    assert len(fake.asked["StartQuery"]) == 1
    first.stop(0)
    assert len(fake.asked["StopQuery"]) == 1
    now_ms = 0
    while second.progress.status == "waiting":
        now_ms = max(now_ms, second.due_ms)
        second.poll(now_ms)
    texts = [asked["queryString"] for asked in fake.asked["StartQuery"]]
    assert [COUNT in text for text in texts] == [True, True, False]


def test_a_query_that_waits_for_its_check_says_why_and_leaving_stops_the_check() -> None:
    fake = FakeCall({"StartQuery": [out_of_reach(), STARTED], "GetQueryResults": results("Running")})
    execution = QueryExecution(fake.call, run_of(), QueryEndpoint(is_trusted=None))
    waiting = execution.poll(0)
    assert waiting.status == "waiting"
    assert waiting.problem is not None
    assert execution.failure is not None
    assert execution.poll(1_000).problem is None
    assert execution.failure is None
    execution.abandon()
    assert (execution.progress.status, len(fake.asked["StopQuery"])) == ("cancelled", 1)
