"""A request from end to end: its occurrences, their lines, its trace and what it is linked to."""

import json
from collections.abc import Sequence

from lambdatop.model.delivery import FunctionsDelivered, LogDepth, TracesDelivered
from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.question import LogMoment, RequestAnswer, RequestQuestion
from lambdatop.model.trace import TraceSummary
from lambdatop.store.log_archive import LogArchive
from lambdatop.store.request_story import RequestStory
from lambdatop.store.store import Store
from tests.store import lines as written
from tests.store.lines import CHECKOUT, SCOPE, START_MS, Line, checkout, ended, reported, request_id, started

PAYMENT = FunctionKey(*SCOPE, "payment")
TRACE = "1-5759e988-bd862e3fe1be46a994272793"
FIRST, SECOND = written.stream_name(1, "7"), written.stream_name(2, "7")
NOW_MS = START_MS + 3_600_000


class Account:
    """A store and an archive that read the same lines."""

    def __init__(self, *functions: LambdaFunction, max_lines: int = 1_000_000) -> None:
        payment = LambdaFunction(key=PAYMENT, log_group="/aws/lambda/payment", memory_size_mb=128)
        self.store = Store(START_MS)
        self.archive = LogArchive(max_lines, block_lines=16)
        self.store.apply(FunctionsDelivered(scope=SCOPE, functions=(*(functions or (checkout(),)), payment)), START_MS)

    def read(
        self,
        lines: Sequence[Line],
        stream: str = FIRST,
        function: FunctionKey = CHECKOUT,
        depth: LogDepth = "full",
        *,
        is_counted: bool = True,
    ) -> None:
        """Read lines of a stream; where they are not counted, only the archive has them."""
        events = [LogEvent(stream, START_MS + at_ms, text) for at_ms, text in lines]
        if is_counted:
            group = f"/aws/lambda/{function.name}"
            self.store.apply(written.delivery(events, depth, 3_600_000, log_group=group), START_MS)
        index = self.archive.function_index(function)
        self.archive.append([(index, event) for event in events])

    def ask(
        self,
        number: int | None = None,
        *,
        request: str | None = None,
        trace_id: str | None = None,
        function: FunctionKey | None = None,
    ) -> RequestAnswer:
        """Ask until the answer is complete; the slices must come to an end."""
        asked = request if number is None else request_id(number)
        question = RequestQuestion(topic="request", number=1, request_id=asked, trace_id=trace_id, function=function)
        return self.answers(question)[-1]

    def answers(self, question: RequestQuestion, now_ms: int = NOW_MS) -> list[RequestAnswer]:
        return answers_of(RequestStory(question, self.store, self.archive), now_ms)


def answers_of(story: RequestStory, now_ms: int = NOW_MS) -> list[RequestAnswer]:
    found = []
    for _ in range(10_000):
        answer = story.step(now_ms)
        if answer is not None:
            found.append(answer)
        if story.is_done:
            return found
    raise AssertionError("it never ends")


def texts(answer: RequestAnswer, index: int = 0) -> list[str]:
    """The lines of an occurrence, each cut to what tells it apart."""
    return [line.message.split(" RequestId")[0].strip()[:40] for line in answer.occurrences[index].lines]


def said(at_ms: int, text: str) -> Line:
    return at_ms, text


def structured(at_ms: int, **fields: object) -> Line:
    return at_ms, json.dumps({"level": "INFO", "message": "a line"} | fields)


def platform_start(at_ms: int, **record: object) -> Line:
    return at_ms, json.dumps({"time": "2026-11-18T00:00:00.000Z", "type": "platform.start", "record": record})


INIT: Line = (400, "INIT_START Runtime Version: python:3.13.v1\tRuntime Version ARN: arn:aws:lambda:x::runtime:1\n")
COLD = [
    INIT, said(500, "connected to the pool"), started(1_000, 1, "7"), said(1_100, "a print"),
    said(1_200, f"2026-11-18T00:00:01.200Z\t{request_id(1)}\tINFO\ta log line"), ended(1_300, 1),
    reported(1_300, 1, 300.0, init_ms=580.0),
]  # fmt: skip
WARM = [started(2_000, 2, "7"), said(2_100, "another print"), ended(2_200, 2), reported(2_200, 2, 200.0)]


def test_a_cold_request_has_every_line_from_the_init_phase_to_its_report() -> None:
    account = Account()
    account.read([*COLD, *WARM])
    answer = account.ask(1)
    assert texts(answer) == [
        "INIT_START Runtime Version: python:3.13.", "connected to the pool", "START", "a print",
        "2026-11-18T00:00:01.200Z\t8d5958b5-559f-4", "END", "REPORT",
    ]  # fmt: skip
    (only,) = answer.occurrences
    assert (only.function, only.invocation.log_stream, only.invocation.version) == (CHECKOUT, FIRST, "7")
    assert (only.invocation.init_duration_ms, only.invocation.duration_ms) == (580.0, 300.0)
    assert only.is_text_complete
    assert (answer.request_id, answer.is_complete) == (request_id(1), True)


def test_a_warm_request_has_only_its_own_lines() -> None:
    account = Account()
    account.read([*COLD, *WARM, (9_000, INIT[1]), started(9_500, 3, "7")])
    assert texts(account.ask(2)) == ["START", "another print", "END", "REPORT"]


def test_the_cost_is_that_of_the_billed_duration() -> None:
    account = Account()
    account.read(WARM)
    assert account.ask(2).occurrences[0].cost_usd == 200 * 128 * 0.0000166667 / 1_024_000 + 0.2 / 1_000_000


def test_a_retry_that_reuses_the_id_is_an_occurrence_of_its_own_with_its_own_lines() -> None:
    account = Account()
    first = [started(0, 1), said(100, "first try"), reported(200, 1, 200.0, status="timeout")]
    same = [started(60_000, 1), said(60_100, "second try"), reported(60_200, 1, 200.0, status="timeout")]
    other = [started(180_000, 1), said(180_100, "third try"), ended(180_200, 1), reported(180_200, 1, 200.0)]
    account.read([*first, *[(at_ms + 10_000, text) for at_ms, text in WARM], *same])
    account.read(other, SECOND)
    answer = account.ask(1)
    assert [texts(answer, index) for index in range(3)] == [
        ["START", "first try", "REPORT"], ["START", "second try", "REPORT"], ["START", "third try", "END", "REPORT"],
    ]  # fmt: skip
    assert [one.invocation.failure for one in answer.occurrences] == ["timeout", "timeout", None]
    assert [one.invocation.log_stream for one in answer.occurrences] == [FIRST, FIRST, SECOND]


def test_lines_that_follow_the_report_belong_to_it_where_they_name_it() -> None:
    account = Account()
    late = [
        said(3_200, f"2026-11-18T00:00:03.200Z {request_id(1)} Task timed out after 3.00 seconds\n\n"),
        said(3_201, f"XRAY TraceId: {TRACE}\tSegmentId: 3d63ae1b71f5cb6e\tSampled: true\n"),
        said(3_300, "a print of whoever comes next"),
    ]
    report = reported(3_190, 1, 3_000.0)
    report = report[0], f"{report[1].rstrip()}\nXRAY TraceId: {TRACE}\tSegmentId: 3d63ae1b71f5cb6e\tSampled: true\t\n"
    account.read([started(0, 1), ended(3_190, 1), report, *late])
    answer = account.ask(1)
    assert [line.timestamp_ms - START_MS for line in answer.occurrences[0].lines] == [0, 3_190, 3_190, 3_200, 3_201]
    assert answer.occurrences[0].invocation.failure == "timeout"
    assert (answer.trace_id, answer.is_sampled, answer.trace) == (TRACE, True, None)


def test_a_line_whose_time_is_cut_to_the_second_belongs_to_the_request_it_names() -> None:
    account = Account()
    account.read([structured(1_000, requestId=request_id(2)), *WARM])
    assert texts(account.ask(2))[0].startswith('{"level"')


def test_a_request_that_still_runs_has_the_lines_so_far_its_init_phase_among_them() -> None:
    account = Account()
    account.read(COLD[:4])
    answer = account.ask(1)
    assert texts(answer) == ["INIT_START Runtime Version: python:3.13.", "connected to the pool", "START", "a print"]
    assert answer.occurrences[0].invocation.ended_ms is None


def test_a_request_whose_start_was_not_read_has_what_is_known() -> None:
    account = Account()
    account.read(WARM[1:])
    answer = account.ask(2)
    assert texts(answer) == ["another print", "END", "REPORT"]
    assert answer.occurrences[0].invocation.started_ms is None


def test_on_a_shared_stream_only_the_lines_that_name_the_request_are_its_own() -> None:
    account = Account(checkout(is_managed_instances=True))
    account.read(
        [
            started(0, 1), started(10, 2), said(20, "whose print is this"), structured(30, requestId=request_id(1)),
            reported(50, 2, 40.0), reported(60, 1, 60.0),
        ]
    )  # fmt: skip
    answer = account.ask(1)
    assert [line.timestamp_ms - START_MS for line in answer.occurrences[0].lines] == [0, 30, 60]
    assert answer.occurrences[0].is_stream_shared


def test_a_request_that_no_stream_remembers_is_told_from_its_lines() -> None:
    account = Account()
    account.read([*COLD, *WARM], is_counted=False)
    answer = account.ask(1)
    assert texts(answer)[0].startswith("INIT_START")
    assert answer.occurrences[0].invocation.duration_ms == 300.0
    assert not answer.occurrences[0].is_text_complete


def test_a_request_without_start_and_report_has_the_lines_that_name_it() -> None:
    account = Account()
    account.read([structured(30, requestId=request_id(1)), structured(40, requestId=request_id(2))])
    answer = account.ask(1)
    assert len(answer.occurrences[0].lines) == 1
    assert answer.occurrences[0].invocation.started_ms is None


def test_text_is_complete_only_where_all_lines_were_read_and_are_held() -> None:
    platform = Account()
    platform.read(WARM, depth="platform")
    assert not platform.ask(2).occurrences[0].is_text_complete
    small = Account(max_lines=10)
    small.read([*WARM, *(said(3_000 + number, "more") for number in range(8))])
    answer = small.ask(2)
    assert texts(answer) == ["END", "REPORT"]
    assert not answer.occurrences[0].is_text_complete


def test_of_very_many_lines_the_first_and_the_last_are_told() -> None:
    account = Account()
    account.read([started(0, 1), *(said(number, f"line {number}") for number in range(1, 2_600)), reported(2_600, 1)])
    answer = account.ask(1)
    lines = answer.occurrences[0].lines
    assert (len(lines), answer.occurrences[0].lines_left_out) == (2_000, 601)
    assert (lines[999].message, lines[1_000].message) == ("line 999", "line 1601")
    assert lines[-1].kind == "report"


def test_exactly_as_many_lines_as_are_told_leave_none_out() -> None:
    account = Account()
    account.read([started(0, 1), *(said(number, "x") for number in range(1, 1_999)), reported(1_999, 1)])
    lines = account.ask(1).occurrences[0].lines
    assert [line.timestamp_ms - START_MS for line in lines] == list(range(2_000))


def test_the_beginning_of_an_id_finds_the_only_request_it_fits_and_else_says_which() -> None:
    account = Account()
    account.read([*COLD, *WARM])
    assert account.ask(request=f" {request_id(2).upper()[:-1]}2").request_id == request_id(2)
    both = account.ask(request="8D5958b5")
    assert (both.request_id, both.occurrences, both.candidate_count) == (None, (), 2)
    assert [one.request_id for one in both.candidates] == [request_id(2), request_id(1)]
    assert account.ask(request=request_id(1), function=PAYMENT).occurrences == ()


def test_an_id_that_is_another_ones_beginning_is_found_itself() -> None:
    account = Account()
    account.read([platform_start(0, requestId="odd-1"), platform_start(10, requestId="odd-12")])
    assert account.ask(request="odd-1").request_id == "odd-1"


def test_what_nobody_knows_is_answered_with_nothing() -> None:
    account = Account()
    for answer in (account.ask(request="ffff"), account.ask(request=""), account.ask(trace_id=TRACE), account.ask()):
        assert (answer.request_id, answer.occurrences, answer.candidate_count) == (None, (), 0)


def test_a_moment_finds_the_request_that_was_served_there_and_then() -> None:
    account = Account()
    python_error = "[ERROR] KeyError: 'currency'\nTraceback (most recent call last):\n"
    account.read([*COLD, *WARM, started(3_000, 3), said(3_010, python_error), reported(3_010, 3), *[started(4_000, 4)]])
    for at_ms, number in ((1_100, 1), (2_000, 2), (3_010, 3), (9_000, 4)):
        moment = LogMoment(FIRST, START_MS + at_ms)
        question = RequestQuestion(topic="request", number=1, function=CHECKOUT, moment=moment)
        assert account.answers(question)[-1].request_id == request_id(number)
    for nowhere in (LogMoment(FIRST, START_MS + 1_500), LogMoment(SECOND, START_MS + 1_100)):
        question = RequestQuestion(topic="request", number=1, function=CHECKOUT, moment=nowhere)
        assert account.answers(question)[-1].request_id is None


def traced(at_ms: int, number: int, trace: str = TRACE) -> Line:
    report = reported(at_ms, number, 10.0)
    return at_ms, f"{report[1].rstrip()}\nXRAY TraceId: {trace}\tSegmentId: 3d63ae1b71f5cb6e\tSampled: false\t\n"


def test_a_trace_finds_the_request_that_began_it_and_links_the_others() -> None:
    account = Account()
    account.read([started(100, 1), traced(110, 1)])
    account.read([started(0, 2), traced(150, 2)], SECOND, PAYMENT)
    for form in (TRACE, f"Root={TRACE};Sampled=0"):
        answer = account.ask(trace_id=form)
        assert (answer.request_id, answer.occurrences[0].function) == (request_id(2), PAYMENT)
        (linked,) = answer.linked
        assert (linked.function, linked.request_id, linked.line_count) == (CHECKOUT, request_id(1), 0)
        assert answer.is_sampled is False


def test_a_trace_that_only_lines_name_finds_their_request() -> None:
    account = Account()
    account.read([started(0, 1), structured(10, requestId=request_id(1), xray_trace_id=TRACE)], is_counted=False)
    assert account.ask(trace_id=TRACE).request_id == request_id(1)


def test_the_traces_summary_is_given_once_xray_has_it() -> None:
    account = Account()
    account.read([started(100, 1), traced(110, 1)])
    summary = TraceSummary(scope=SCOPE, trace_id=TRACE, start_ms=START_MS, duration_s=0.2)
    account.store.apply(TracesDelivered(scope=SCOPE, summaries=(summary,), swept_to_ms=START_MS), START_MS)
    assert account.ask(1).trace == summary


def test_a_json_start_says_the_trace_before_there_is_a_report() -> None:
    account = Account(checkout(log_format="JSON"))
    tracing = {"type": "X-Amzn-Trace-Id", "value": f"Root={TRACE};Parent=3d63ae1b71f5cb6e;Sampled=1"}
    account.read([platform_start(0, requestId=request_id(1), version="7", tracing=tracing)])
    answer = account.ask(1)
    assert (answer.trace_id, answer.is_sampled) == (TRACE, True)


def test_correlation_ids_link_requests_of_other_functions_that_have_them_as_a_fields_value() -> None:
    account = Account()
    account.read([started(0, 1), structured(10, correlation_id="Cart-77-abc"), ended(20, 1), reported(20, 1)])
    account.read(
        [
            started(100, 5), structured(110, correlationId="Cart-77-abc"), structured(111, correlationId="Cart-77-abc"),
            reported(120, 5),
            started(200, 6), structured(210, requestId=request_id(6), note="Cart-77-abc", traceId="Cart-77-abcd"),
            said(211, "Cart-77-abc"), reported(220, 6),
            started(300, 7), structured(310, requestId=request_id(7), traceId="Cart-77-abc"),
        ],
        SECOND,
        PAYMENT,
    )  # fmt: skip
    answer = account.ask(1)
    assert answer.correlation_ids == (("correlation_id", "Cart-77-abc"),)
    assert [(one.request_id, one.field, one.line_count, one.function) for one in answer.linked] == [
        (request_id(5), "correlationId", 2, PAYMENT), (request_id(7), "traceId", 1, PAYMENT),
    ]  # fmt: skip


def test_what_is_known_at_once_is_answered_before_the_lines() -> None:
    account = Account()
    account.read([*COLD, *WARM])
    answers = account.answers(RequestQuestion(topic="request", number=9, request_id=request_id(1)))
    assert [(bool(one.occurrences[0].lines), one.is_complete) for one in answers] == [
        (False, False), (True, False), (True, True),
    ]  # fmt: skip
    assert {(one.topic, one.number) for one in answers} == {("request", 9)}


def test_it_is_told_anew_when_more_has_come_and_never_less_than_before() -> None:
    account = Account()
    account.read(COLD[:4])
    story = RequestStory(
        RequestQuestion(topic="request", number=1, request_id=request_id(1)[:30]), account.store, account.archive
    )
    answers_of(story)
    account.read(COLD[4:])
    account.read([started(5_000, 9)], SECOND)  # fits the beginning that was asked for, but comes too late to matter
    story.begin_again()
    (again,) = answers_of(story)
    assert texts(again)[-1] == "REPORT"
    assert again.request_id == request_id(1)


def test_a_request_that_ended_long_ago_is_told_anew_every_ten_seconds() -> None:
    account = Account()
    account.read([*COLD, *WARM])
    story = RequestStory(
        RequestQuestion(topic="request", number=1, request_id=request_id(1)), account.store, account.archive
    )
    answers_of(story)
    counts = []
    for later_ms in (1_000, 9_000, 10_000):
        story.begin_again()
        counts.append(len(answers_of(story, NOW_MS + later_ms)))
    assert counts == [0, 0, 1]


def test_a_line_that_names_a_request_of_another_function_is_no_occurrence_of_it() -> None:
    account = Account()
    caller = [started(100, 50), structured(150, requestId=request_id(1)), ended(900, 50), reported(900, 50, 800.0)]
    account.read(caller, SECOND, PAYMENT)
    pressed = RequestQuestion(
        topic="request",
        number=1,
        request_id=request_id(1),
        function=PAYMENT,
        moment=LogMoment(SECOND, START_MS + 150),
    )
    assert account.answers(pressed)[-1].request_id == request_id(50)
    assert account.ask(1).occurrences == ()
    account.read(COLD)
    for answer in (account.answers(pressed)[-1], account.ask(1)):
        assert [one.function for one in answer.occurrences] == [CHECKOUT]
        assert answer.request_id == request_id(1)


def test_a_moment_after_a_start_that_was_never_reported_is_that_of_the_request_that_began_last() -> None:
    account = Account()
    account.read([started(0, 1), started(5_000, 2), said(5_010, "whose is this")])
    question = RequestQuestion(topic="request", number=1, function=CHECKOUT, moment=LogMoment(FIRST, START_MS + 5_010))
    assert account.answers(question)[-1].request_id == request_id(2)
