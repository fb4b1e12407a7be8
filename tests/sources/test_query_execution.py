"""One query against scripted answers of AWS, driven by a clock moved by hand."""

from typing import Any

import pytest

from lambdatop.model.query import QueryProblem, QueryProgress, QueryRun
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.query_endpoint import ASK_AGAIN_MS, QueryEndpoint
from lambdatop.sources.query_execution import MOST_MS, QueryExecution
from tests.sources.fake_call import Answer, FakeCall, refused
from tests.sources.fake_query import (
    STARTED,
    events,
    login_lost,
    of_aws,
    out_of_places,
    out_of_reach,
    results,
    run_of,
    throttled,
)

NOW_MS = 1_795_230_000_000


class Driver:
    """Calls `poll` whenever it is due, and remembers when that was and what came of it."""

    def __init__(
        self,
        *answers: Answer,
        run: QueryRun | None = None,
        start: Answer | list[Answer] = STARTED,
        stop: Answer | list[Answer] | None = None,
        endpoint: QueryEndpoint | None = None,
    ) -> None:
        self.fake = FakeCall({"StartQuery": start, "GetQueryResults": list(answers), "StopQuery": stop or {}})
        self.execution = QueryExecution(self.fake.call, run or run_of(), endpoint)
        self.now_ms = NOW_MS
        self.pauses_ms: list[int] = []

    def poll(self, times: int = 1) -> QueryProgress:
        for _ in range(times):
            self.pauses_ms.append(max(0, self.execution.due_ms - self.now_ms))
            self.now_ms = max(self.now_ms, self.execution.due_ms)
            self.execution.poll(self.now_ms)
        return self.execution.progress

    def run(self) -> QueryProgress:
        for _ in range(100):
            if self.execution.is_over:
                return self.execution.progress
            self.poll()
        raise AssertionError(self.execution.progress)

    @property
    def progress(self) -> QueryProgress:
        return self.execution.progress

    def asked(self, operation: str) -> list[dict[str, Any]]:
        return self.fake.asked[operation]


def sentence_of(progress: QueryProgress) -> str:
    assert progress.problem is not None
    return progress.problem.sentence


def test_a_query_is_started_asked_for_ever_more_slowly_and_ends_with_its_rows_figures_and_price() -> None:
    driver = Driver(
        results("Scheduled"),
        *[results("Running", *events("b"), scanned=1e9)] * 5,
        results("Complete", *events("b", "a"), scanned=2e9, matched=2.0),
        run=run_of(limit=50),
    )
    assert driver.poll().status == "scheduled"
    assert driver.poll().status == "scheduled"
    part = driver.poll()
    assert (part.status, part.columns, part.rows, part.pointers) == ("running", ("@message",), (("b",),), ("p-b",))
    assert part.cost_usd == pytest.approx(0.005)
    final = driver.run()
    assert driver.pauses_ms == [0, 1000, 1000, 2000, 2000, 5000, 5000, 5000]
    assert driver.asked("StartQuery") == [
        {"logGroupNames": ["/g"], "startTime": 100, "endTime": 160, "queryString": "fields @message", "limit": 50}
    ]
    assert (final.status, final.rows, final.pointers) == ("complete", (("b",), ("a",)), ("p-b", "p-a"))
    assert (final.started_ms, final.ended_ms, final.revision) == (NOW_MS, driver.now_ms, 0)
    assert final.statistics is not None
    assert (final.statistics.bytes_scanned, final.statistics.records_scanned) == (2e9, 9.0)
    assert (final.problem, final.is_cut) == (None, False)
    assert driver.fake.charged_usd == {"StartQuery": pytest.approx(0.01)}
    driver.execution.poll(driver.now_ms)
    driver.execution.abandon()
    assert driver.fake.charged_usd == {"StartQuery": pytest.approx(0.01)}
    assert "StopQuery" not in driver.fake.asked


def test_partial_rows_that_are_replaced_raise_the_revision_and_rows_behind_them_do_not() -> None:
    driver = Driver(
        results("Running", *events("a")),
        results("Running", *events("a", "b")),
        results("Running", *events("c", "b")),
        results("Complete", {"@message": "c", "level": "ERROR", "@ptr": "p"}),
    )
    driver.poll()
    assert [driver.poll().revision for _ in range(4)] == [0, 0, 1, 2]
    assert driver.progress.columns == ("@message", "level")


def test_while_it_runs_only_some_rows_are_asked_for_and_then_all_pages_from_their_beginning() -> None:
    driver = Driver(
        results("Complete", *events("a"), token="part"),
        results("Complete", *events("a", "b"), token="2"),
        throttled(),
        results("Complete", *events("c"), token="3"),
        results("Complete", *events("d")),
    )
    driver.poll(2)
    assert driver.progress.status == "running"
    final = driver.run()
    assert final.rows == (("a",), ("b",), ("c",), ("d",))
    assert final.status == "complete"
    assert driver.asked("GetQueryResults") == [
        {"queryId": "q", "maxItems": 1000},
        {"queryId": "q"},
        {"queryId": "q", "nextToken": "2"},
        {"queryId": "q", "nextToken": "2"},
        {"queryId": "q", "nextToken": "3"},
    ]


def test_pages_end_at_the_limit_and_those_that_go_in_circles_are_a_failure() -> None:
    page = results("Complete", *events("a", "b"), token="1")
    driver = Driver(page, page, page, run=run_of("fields @message | limit 3"))
    final = driver.run()
    assert (final.status, len(final.rows), final.is_cut) == ("complete", 3, True)
    circling = Driver(page).run()
    assert (circling.status, sentence_of(circling)) == ("failed", "The pages of an Insights query go in circles.")
    numbers = iter(range(1000))
    empty = Driver(lambda **_: results("Complete", token=str(next(numbers)))).run()
    assert empty.status == "failed"


@pytest.mark.parametrize(
    ("text", "limit", "matched", "is_cut"),
    [
        ("fields @message", None, 99.0, False),
        ("fields @message | limit 2", None, 99.0, True),
        ("fields @message | limit 2", 500, 99.0, True),
        ("fields @message | limit 2", None, 2.0, False),
        ("fields @message | limit 2", None, None, True),
        ("fields @message", 2, 3.0, True),
        ("stats count(*) by a | filter b in (SOURCE x | limit 2)", None, 99.0, False),
    ],
)
def test_rows_are_cut_where_they_reach_the_limit_that_applied(
    text: str, limit: int | None, matched: float | None, is_cut: bool
) -> None:
    driver = Driver(results("Complete", *events("a", "b"), matched=matched), run=run_of(text, limit=limit))
    assert driver.run().is_cut is is_cut
    assert driver.asked("StartQuery")[0].get("limit") == (limit if "| limit 2" not in text else None)


def test_log_groups_go_by_name_or_by_arn_and_not_at_all_beside_source() -> None:
    arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/g"
    for run, names, value in (
        (run_of(groups=("/a", "/b")), "logGroupNames", ["/a", "/b"]),
        (run_of(groups=(f"{arn}:*", "/b")), "logGroupIdentifiers", [arn, "/b"]),
    ):
        driver = Driver(results("Complete"), run=run)
        driver.run()
        assert driver.asked("StartQuery")[0][names] == value
    driver = Driver(results("Complete"), run=run_of("# every one\n source logGroups() | limit 1", groups=()))
    driver.run()
    assert set(driver.asked("StartQuery")[0]) == {"startTime", "endTime", "queryString"}


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (run_of(groups=()), "No log group is named."),
        (run_of(groups=("/g",) * 51), "A query can name 50 log groups; these are 51."),
        (run_of("#" * 10_001), "A query can have 10,000 characters; this has 10,001."),
        (QueryRun(number=1, scope=run_of().scope, text="", log_groups=("/g",), start_s=2, end_s=1), "ends before"),
    ],
)
def test_what_cannot_be_asked_is_refused_without_a_call(run: QueryRun, words: str) -> None:
    driver = Driver(run=run)
    progress = driver.run()
    assert progress.status == "refused"
    assert words in sentence_of(progress)
    assert not driver.fake.asked


@pytest.mark.parametrize(
    ("failure", "words", "place"),
    [
        (
            of_aws(
                "MalformedQueryException", "x", queryCompileError={
                    "location": {"startCharOffset": 7, "endCharOffset": 15}, "message": "unexpected symbol @message"
                },
            ),
            "Logs Insights does not understand the query: unexpected symbol @message", (7, 15),
        ),
        (
            of_aws("MalformedQueryException", "unexpected symbol found ) at line 1 and position 3 (Service: AWSLogs)"),
            "Logs Insights does not understand the query: unexpected symbol found ) at line 1 and position 3", (3, 4),
        ),
        (of_aws("MalformedQueryException"), "Logs Insights does not understand the query: it does not say why",
         (None, None)),
        (of_aws("ResourceNotFoundException", "no /g"), "A log group of the query does not exist: no /g", (None, None)),
        (of_aws("InvalidParameterException", "limit"), "AWS does not accept the query: limit", (None, None)),
        (SourceFailure("denied", "AWS denies logs:StartQuery.", "Allow it."), "AWS denies logs:StartQuery.",
         (None, None)),
        (SourceFailure("absent", "This endpoint does not offer logs:StartQuery."),
         "This endpoint does not offer logs:StartQuery.", (None, None)),
    ],
)  # fmt: skip
def test_a_refused_start_says_why_and_where(
    failure: SourceFailure, words: str, place: tuple[int | None, int | None]
) -> None:
    driver = Driver(start=failure)
    progress = driver.run()
    assert (progress.status, sentence_of(progress)) == ("refused", words)
    assert driver.execution.due_ms <= NOW_MS
    assert progress.problem is not None
    assert (progress.problem.start, progress.problem.end) == place
    assert progress.problem.code == failure.code
    assert driver.execution.failure is failure
    assert driver.fake.charged_usd == {"StartQuery": 0.0}


def test_a_place_outside_the_text_is_put_at_its_end() -> None:
    location = {"startCharOffset": 900, "endCharOffset": 901}
    failure = of_aws("MalformedQueryException", "unexpected end", queryCompileError={"location": location})
    problem = Driver(start=failure).run().problem
    assert problem is not None
    assert (problem.start, problem.end) == (15, 15)


@pytest.mark.parametrize("passing", [throttled(), out_of_places(), login_lost(), out_of_reach()])
def test_what_passes_makes_the_start_wait_and_is_said(passing: SourceFailure) -> None:
    driver = Driver(results("Complete", *events("a")), start=[passing, passing, STARTED])
    waiting = driver.poll()
    assert waiting.status == "waiting"
    assert sentence_of(waiting)
    assert driver.execution.failure is passing
    assert driver.poll().status == "waiting"
    assert driver.poll().status == "scheduled"
    assert driver.progress.problem is None
    assert driver.execution.failure is None
    assert driver.pauses_ms == [0, 1000, 2000]
    assert driver.run().status == "complete"


def test_no_free_place_counts_dashboards_and_says_that_it_waits() -> None:
    problem = Driver(start=out_of_places()).poll().problem
    assert problem is not None
    assert "(100), dashboards' included" in problem.sentence
    assert problem.remedy == "It starts when one of them ends."


def test_a_start_whose_answer_was_lost_is_not_repeated() -> None:
    driver = Driver(start=out_of_reach("ReadTimeoutError"))
    progress = driver.run()
    assert progress.status == "failed"
    assert "it may be running at AWS" in sentence_of(progress)
    assert len(driver.asked("StartQuery")) == 1


def test_a_query_waits_for_money() -> None:
    driver = Driver(results("Complete", *events("a")))
    driver.fake.cap = CostCap(0.60)
    driver.fake.cap.spend("StartQuery", 0.06, NOW_MS)
    waiting = driver.poll()
    assert waiting.status == "waiting"
    assert "--max-cost-per-hour" in sentence_of(waiting)
    assert "StartQuery" not in driver.fake.asked
    assert driver.run().status == "complete"
    assert driver.now_ms - NOW_MS > 60_000


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (login_lost(), "The AWS login has expired. The query goes on at AWS."),
        (out_of_reach(), "AWS cannot be reached. The query goes on at AWS."),
        (of_aws("InternalFailure", status=500), "logs:X failed: InternalFailure The query goes on at AWS."),
        (throttled(), None),
    ],
)
def test_an_outage_does_not_lose_a_query_nor_the_rows_it_has(trouble: SourceFailure, words: str | None) -> None:
    driver = Driver(
        results("Running", *events("a")), *[trouble] * 12, results("Complete", *events("a", "b"), scanned=1e9)
    )
    driver.poll(2)
    out = driver.poll(12)
    assert (out.status, out.rows) == ("running", (("a",),))
    assert (out.problem.sentence if out.problem else None) == words
    final = driver.run()
    assert (final.status, len(final.rows), final.problem) == ("complete", 2, None)
    assert "StopQuery" not in driver.fake.asked
    assert driver.pauses_ms[2:10] == [1000, 1000, 2000, 5000, 10_000, 15_000, 30_000, 30_000]


def test_answers_that_are_denied_end_the_query_and_stop_it() -> None:
    denied = SourceFailure("denied", "AWS denies logs:GetQueryResults.", "Allow it.")
    driver = Driver(denied)
    progress = driver.run()
    assert (progress.status, sentence_of(progress)) == ("failed", "AWS denies logs:GetQueryResults.")
    assert driver.asked("StopQuery") == [{"queryId": "q"}]


@pytest.mark.parametrize(
    ("status", "ends_as", "words"),
    [
        ("Failed", "failed", "The Insights query failed."),
        ("Cancelled", "cancelled", "Somebody stopped the Insights query."),
        ("Timeout", "timeout", "The Insights query took longer than AWS allows."),
        ("Unknown", "failed", "The Insights query ended as Unknown."),
        (None, "failed", "The Insights query ended as Unknown."),
    ],
)
def test_a_query_that_ends_badly_keeps_its_rows_says_how_and_is_paid(
    status: str | None, ends_as: str, words: str
) -> None:
    bad = results("", scanned=3e9) | {"status": status}
    driver = Driver(results("Running", *events("a"), scanned=2e9), bad)
    progress = driver.run()
    assert (progress.status, sentence_of(progress), progress.rows) == (ends_as, words, (("a",),))
    assert driver.fake.charged_usd == {"StartQuery": pytest.approx(0.015)}


def test_a_query_that_still_runs_after_an_hour_is_stopped() -> None:
    driver = Driver(results("Running"))
    driver.poll(2)
    driver.now_ms += MOST_MS
    progress = driver.run()
    assert progress.status == "timeout"
    assert "60 minutes" in sentence_of(progress)
    assert driver.asked("StopQuery") == [{"queryId": "q"}]


def test_a_query_that_scans_more_than_allowed_is_stopped_with_figures() -> None:
    running = [results("Running", *events("a"), scanned=size) for size in (4e9, 10e9, 12.34e9)]
    driver = Driver(*running, results("Cancelled", scanned=12.5e9), run=run_of(max_bytes=10_000_000_000))
    progress = driver.run()
    assert (progress.status, progress.rows) == ("cancelled", (("a",),))
    assert sentence_of(progress) == (
        "Stopped after 12.3 GB were scanned ($0.062): more than the 10.0 GB that were allowed."
    )
    assert driver.asked("StopQuery") == [{"queryId": "q"}]
    assert driver.fake.charged_usd == {"StartQuery": pytest.approx(12.5 * 0.005)}
    assert progress.cost_usd == pytest.approx(0.0625)


@pytest.mark.parametrize("answer", [{}, of_aws("InvalidParameterException"), of_aws("ResourceNotFoundException")])
def test_a_stopped_query_is_paid_by_its_final_figures_even_if_it_had_just_ended(answer: Answer) -> None:
    driver = Driver(results("Running", scanned=1e9), results("Cancelled", scanned=2e9), stop=answer)
    driver.poll(2)
    progress = driver.execution.stop(driver.now_ms)
    assert (progress.status, progress.ended_ms, progress.problem) == ("cancelled", driver.now_ms, None)
    assert driver.fake.charged_usd == {"StartQuery": pytest.approx(0.01)}


def test_a_query_that_cannot_be_stopped_now_is_stopped_later() -> None:
    driver = Driver(results("Running"), stop=[out_of_reach(), throttled(), {}])
    driver.poll(2)
    progress = driver.execution.stop(driver.now_ms, QueryProblem(sentence="Enough."))
    assert progress.status == "running"
    assert "could not be stopped at AWS: AWS cannot be reached." in sentence_of(progress)
    progress = driver.run()
    assert (progress.status, sentence_of(progress)) == ("cancelled", "Enough.")
    assert len(driver.asked("StopQuery")) == 3


def test_where_stopping_is_denied_or_never_works_the_query_is_over_and_says_that_it_goes_on() -> None:
    for failure, tries in ((refused("denied", sentence="AWS denies logs:StopQuery."), 1), (out_of_reach(), 20)):
        driver = Driver(results("Running"), stop=failure)
        driver.poll(2)
        driver.execution.stop(driver.now_ms)
        progress = driver.run()
        assert progress.status == "cancelled"
        assert "could not be stopped at AWS" in sentence_of(progress)
        assert len(driver.asked("StopQuery")) == tries


def test_figures_do_not_fall_where_a_stopped_query_tells_of_nothing() -> None:
    driver = Driver(results("Running", scanned=1e9), results("Cancelled", scanned=0.0))
    driver.poll(2)
    statistics = driver.execution.stop(driver.now_ms).statistics
    assert statistics is not None
    assert statistics.bytes_scanned == 1e9


def test_what_has_not_started_or_has_ended_at_aws_is_not_stopped_there() -> None:
    waiting = Driver(start=out_of_places())
    waiting.poll()
    assert waiting.execution.stop(NOW_MS).status == "cancelled"
    reading = Driver(results("Complete", *events("a"), token="part"))
    reading.poll(2)
    assert reading.execution.stop(NOW_MS).status == "cancelled"
    assert "StopQuery" not in waiting.fake.asked.keys() | reading.fake.asked.keys()


def test_leaving_tells_aws_once_and_asks_nothing_more() -> None:
    driver = Driver(results("Running", scanned=1e9), stop=out_of_reach())
    driver.poll(2)
    driver.execution.abandon()
    assert driver.execution.is_over
    assert len(driver.asked("StopQuery")) == 1
    assert len(driver.asked("GetQueryResults")) == 1
    assert driver.fake.charged_usd == {"StartQuery": pytest.approx(0.005)}


def test_an_estimate_says_how_much_would_be_scanned_and_costs_nothing() -> None:
    told = results("Complete", {"estimatedBytes": "1500000000"}, scanned=0.0)
    driver = Driver(results("Running"), told, run=run_of("fields a # all", is_estimate=True, limit=5))
    progress = driver.run()
    assert (progress.status, progress.estimated_bytes, progress.cost_usd) == ("complete", 1.5e9, 0.0)
    assert (progress.rows, progress.columns, progress.problem) == ((), (), None)
    asked = driver.asked("StartQuery")[0]
    assert (asked["queryString"], "limit" in asked) == ("fields a # all\n| estimate", False)
    assert driver.fake.charged_usd == {}


@pytest.mark.parametrize(
    "failure",
    [
        of_aws("MalformedQueryException", "mismatched input 'estimate' expecting {K_PARSE, K_LIMIT}"),
        of_aws(
            "MalformedQueryException", "unexpected", queryCompileError={"location": {"startCharOffset": 18}}
        ),
    ],
)  # fmt: skip
def test_where_there_is_no_estimate_it_is_said_and_not_asked_again_for_an_hour(failure: SourceFailure) -> None:
    endpoint = QueryEndpoint()
    driver = Driver(start=failure, run=run_of(is_estimate=True), endpoint=endpoint)
    progress = driver.run()
    assert (progress.status, progress.estimated_bytes) == ("refused", None)
    assert sentence_of(progress) == "AWS offers no estimate here."
    again = Driver(run=run_of(is_estimate=True), endpoint=endpoint)
    assert sentence_of(again.run()) == "AWS offers no estimate here."
    assert not again.fake.asked
    later = Driver(results("Complete", {"bytes": "5"}), run=run_of(is_estimate=True), endpoint=endpoint)
    later.now_ms += ASK_AGAIN_MS
    assert later.run().estimated_bytes == 5


def test_an_estimate_of_a_query_that_is_malformed_itself_says_where_and_is_asked_again() -> None:
    location = {"location": {"startCharOffset": 0, "endCharOffset": 6}}
    failure = of_aws("MalformedQueryException", "unexpected symbol", queryCompileError=location)
    endpoint = QueryEndpoint()
    problem = Driver(start=failure, run=run_of(is_estimate=True), endpoint=endpoint).run().problem
    assert problem is not None
    assert (problem.start, problem.code) == (0, "MalformedQueryException")
    assert endpoint.offers_estimate(NOW_MS)


def test_an_estimate_that_is_not_understood_is_said_and_one_that_was_run_is_paid() -> None:
    odd = Driver(results("Complete", {"a": "b"}), run=run_of(is_estimate=True)).run()
    assert (odd.status, odd.estimated_bytes, sentence_of(odd)) == (
        "complete", None, "AWS's estimate could not be read.",
    )  # fmt: skip
    endpoint = QueryEndpoint()
    ran = Driver(results("Complete", *events("1"), scanned=2e9), run=run_of(is_estimate=True), endpoint=endpoint)
    progress = ran.run()
    assert progress.estimated_bytes == 2e9
    assert progress.cost_usd == pytest.approx(0.01)
    assert ran.fake.charged_usd == {"StartQuery": pytest.approx(0.01)}
    assert not endpoint.offers_estimate(NOW_MS)
    silent = {"status": "Complete", "results": results("Complete", *events("1"))["results"]}
    progress = Driver(silent, run=run_of(is_estimate=True)).run()
    assert (progress.estimated_bytes, sentence_of(progress)) == (None, "AWS offers no estimate here.")


def test_an_endpoint_that_starts_nothing_is_found_out() -> None:
    progress = Driver(start={}).run()
    assert (progress.status, sentence_of(progress)) == ("refused", "This endpoint starts no Insights query.")
