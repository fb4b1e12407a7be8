"""The doctor's probes over a fake account: each state, each capability, none stopping another."""

import threading
from typing import Any

import pytest

from lambdatop.model.capability import CapabilityState
from lambdatop.sources.examination import ORDER
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.log_probes import ANSWERS_AWAITED
from lambdatop.sources.permission import PERMISSIONS
from tests.sources.doctor_call import DoctorCall, capability, examination_of, examine, log_events, refused

UNTRIED = {"live tail", "insights"}
LOOKED_AT = {
    probe.name: probe.operation.partition(":")[2] for probe in ORDER if probe.name not in UNTRIED | {"log filter"}
}
NEED_FUNCTIONS = {
    "reserved",
    "provisioned",
    "destinations",
    "log tail",
    "log filter",
    "complete tail",
    "queues",
    "wide logs",
}


class Stream:
    """A Live Tail session that says what it was given."""

    def __init__(self, *messages: Any) -> None:  # noqa: ANN401  messages, or an error in their place
        self.messages = iter(messages)
        self.is_closed = False

    def __iter__(self) -> "Stream":
        return self

    def __next__(self) -> object:
        message = next(self.messages)
        if isinstance(message, Exception):
            raise message
        return message

    def close(self) -> None:
        self.is_closed = True


def test_an_account_in_which_all_works() -> None:
    found = examine(DoctorCall(takes_ms=7))
    states = {one.name: one.state for one in found.capabilities}
    assert {name for name, state in states.items() if state != "works"} == UNTRIED
    assert not found.is_impaired
    assert not found.is_login_refused
    assert (found.account_id, found.region, found.cost_usd) == ("123456789012", "eu-west-1", 0.25)
    assert found.identity_arn == "arn:aws:iam::123456789012:user/on-call"


def test_every_capability_says_its_pane_its_share_of_the_quota_and_its_price() -> None:
    found = examine(DoctorCall())
    for one in found.capabilities[:-1]:
        assert one.pane == PERMISSIONS[one.operation].pane
        assert one.quota_per_s is not None
        assert one.rate_per_s == pytest.approx(one.quota_per_s * 0.4)
    prices = {one.name: one.price_usd for one in found.capabilities}
    assert prices["functions"] == 0
    assert prices["metrics"] == pytest.approx(0.006)
    assert prices["queues"] == pytest.approx(0.000096)
    assert prices["traces"] == pytest.approx(4 * 0.5e-6 * 240)
    units = {one.name: (one.price_usd, one.price_unit) for one in found.capabilities}
    assert units["live tail"] == (0.01, "minute")
    assert units["insights"] == (0.005, "GB")
    assert units["metrics"][1] == "hour"


def test_the_latency_is_the_median_of_the_calls() -> None:
    found = examine(DoctorCall({"ListFunctions": refused("denied"), "ListEventSourceMappings": refused("denied")}))
    assert capability(found, "reserved").latency_ms is None
    slow = examine(DoctorCall(takes_ms=5_000), timeout_s=3600)
    assert capability(slow, "account limit").state == "slow"
    assert "pane lags" in capability(slow, "account limit").detail
    assert not slow.is_impaired


@pytest.mark.parametrize("state", ["denied", "absent", "throttled", "failed"])
@pytest.mark.parametrize(("name", "operation"), LOOKED_AT.items())
def test_one_refused_operation_stops_no_other_capability(name: str, operation: str, state: CapabilityState) -> None:
    found = examine(DoctorCall({operation: refused(state)}))
    states = {one.name: one.state for one in found.capabilities}
    assert states[name] == state
    touched = {one for one, asked in LOOKED_AT.items() if asked == operation}
    touched |= NEED_FUNCTIONS if operation == "ListFunctions" else set()
    touched |= {"log filter"} if operation == "FilterLogEvents" else set()
    assert {one for one, its in states.items() if its != "works"} <= touched | UNTRIED


@pytest.mark.parametrize(
    ("operation", "state", "is_custom_endpoint", "is_impaired"),
    [
        ("FilterLogEvents", "denied", False, True),
        ("GetMetricData", "failed", False, True),
        ("GetTraceSummaries", "absent", False, True),
        ("GetTraceSummaries", "absent", True, False),
        ("GetTraceSummaries", "throttled", False, False),
        ("GetTraceSegmentDestination", "denied", False, False),
        ("DescribeLogGroups", "denied", False, False),
    ],
)
def test_what_matters(operation: str, state: str, is_custom_endpoint: bool, is_impaired: bool) -> None:
    call = DoctorCall({operation: refused(state)}, is_custom_endpoint=is_custom_endpoint)
    assert examine(call).is_impaired == is_impaired


def test_refused_credentials_are_told_from_refused_actions() -> None:
    assert examine(DoctorCall({"GetMetricData": refused("credentials")})).is_login_refused


def test_without_functions_a_name_that_was_given_is_tried() -> None:
    found = examine(DoctorCall({"ListFunctions": refused("denied")}), "checkout")
    assert {capability(found, name).state for name in NEED_FUNCTIONS - {"queues"}} == {"works"}
    found = examine(DoctorCall({"ListFunctions": {}}), "check*")
    assert capability(found, "log tail").detail == "No function that matches check* is known to try it on."


def test_pages_of_functions_are_read_until_one_matches() -> None:
    pages = [
        {"Functions": [{"FunctionName": "orders"}], "NextMarker": "2"},
        {"Functions": [{"FunctionName": "checkout"}]},
    ]
    call = DoctorCall({"ListFunctions": pages})
    assert capability(examine(call, "check*"), "functions").detail == "1 functions match check*."
    assert len(call.asked["ListFunctions"]) == 2


def test_a_group_that_was_never_written_to_can_be_read() -> None:
    missing = SourceFailure("failed", "no", code="ResourceNotFoundException")
    found = examine(DoctorCall({"FilterLogEvents": missing}))
    assert (capability(found, "log tail").state, capability(found, "log filter").state) == ("works", "not tried")


def test_an_endpoint_that_ignores_filters() -> None:
    def unfiltered(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        return log_events(**{name: value for name, value in asked.items() if name != "filterPattern"})

    found = capability(examine(DoctorCall({"FilterLogEvents": unfiltered}, is_custom_endpoint=True)), "log filter")
    assert found.state == "absent"
    assert "ignores" in found.detail


def test_an_endpoint_whose_filter_hides_platform_lines() -> None:
    def over_filtered(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        return {"events": []} if "filterPattern" in asked else log_events(**asked)

    assert "misses" in capability(examine(DoctorCall({"FilterLogEvents": over_filtered})), "log filter").detail


def test_groups_of_the_infrequent_access_class_are_named() -> None:
    groups = [
        {"logGroupName": "/aws/lambda/checkout", "logGroupClass": "INFREQUENT_ACCESS"},
        {"logGroupName": "/aws/lambda/never-ran", "logGroupClass": "STANDARD"},
        {"logGroupName": "/elsewhere", "logGroupClass": "INFREQUENT_ACCESS"},
    ]
    found = examine(DoctorCall({"DescribeLogGroups": {"logGroups": groups}}))
    assert capability(found, "log classes").detail.startswith("1 log groups are Infrequent Access")


def test_what_costs_is_not_tried_unless_it_is_asked_for() -> None:
    call = DoctorCall()
    found = examine(call)
    assert not {"StartLiveTail", "StartQuery"} & call.asked.keys()
    assert "--live-tail" in capability(found, "live tail").detail
    assert "--insights" in capability(found, "insights").detail


def test_live_tail_is_opened_closed_and_paid_for() -> None:
    stream = Stream({"sessionStart": {}})
    call = DoctorCall({"StartLiveTail": {"responseStream": stream}})
    found = examine(call, with_live_tail=True)
    assert capability(found, "live tail").state == "works"
    assert call.asked["StartLiveTail"] == [
        {"logGroupIdentifiers": ["arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/checkout"]}
    ]
    assert stream.is_closed
    assert call.charged == {"StartLiveTail": 0.01}


def test_live_tail_that_breaks_off_is_closed_and_does_not_matter() -> None:
    stream = Stream(OSError("gone"))
    found = examine(DoctorCall({"StartLiveTail": {"responseStream": stream}}), with_live_tail=True)
    assert capability(found, "live tail").state == "failed"
    assert stream.is_closed
    assert not found.is_impaired


def test_an_endpoint_whose_live_tail_says_nothing_has_none() -> None:
    found = examine(DoctorCall({"StartLiveTail": {"responseStream": Stream()}}), with_live_tail=True)
    assert capability(found, "live tail").state == "absent"


def test_insights_is_asked_until_it_is_done_and_paid_for() -> None:
    call = DoctorCall()
    found = capability(examine(call, with_insights=True), "insights")
    assert (found.state, found.detail) == ("works", "A query scanned 2000.0 MB; estimates are offered.")
    assert call.charged == {"StartQuery": pytest.approx(0.01)}
    assert "StopQuery" not in call.asked


def test_insights_without_estimates_works_and_says_so() -> None:
    def start(**asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        if "estimate" in asked["queryString"]:
            raise SourceFailure("failed", "MalformedQueryException near estimate", code="MalformedQueryException")
        return {"queryId": "q"}

    found = capability(examine(DoctorCall({"StartQuery": start}), with_insights=True), "insights")
    assert (found.state, found.detail) == ("works", "A query scanned 2000.0 MB; estimates are not offered.")


def test_insights_that_are_refused_or_answer_whatever_is_asked_are_said() -> None:
    denied = SourceFailure("denied", "AWS denies logs:StartQuery.", "Allow it.")
    found = capability(examine(DoctorCall({"StartQuery": denied}), with_insights=True), "insights")
    assert (found.state, found.remedy) == ("denied", "Allow it.")
    row = [{"field": "@ptr", "value": "1"}]
    call = DoctorCall({"GetQueryResults": {"status": "Complete", "results": [row]}}, is_custom_endpoint=True)
    found = capability(examine(call, with_insights=True), "insights")
    assert found.state == "absent"
    assert "without doing what they say" in found.detail


def test_an_insights_query_that_does_not_end_is_stopped() -> None:
    call = DoctorCall({"GetQueryResults": {"status": "Running"}})
    assert capability(examine(call, with_insights=True), "insights").state == "slow"
    assert len(call.asked["GetQueryResults"]) == ANSWERS_AWAITED - 1
    assert call.asked["StopQuery"] == [{"queryId": "q"}]


def test_a_queue_that_feeds_a_function_will_do() -> None:
    mapping = {
        "FunctionArn": "arn:aws:lambda:eu-west-1:1:function:orders",
        "EventSourceArn": "arn:aws:sqs:eu-west-1:1:orders",
    }
    call = DoctorCall(
        {
            "ListFunctions": {"Functions": [{"FunctionName": "orders"}]},
            "ListEventSourceMappings": {"EventSourceMappings": [mapping]},
        }
    )
    assert capability(examine(call), "queues").detail == "orders feeds a function and can be read."
    call = DoctorCall({"ListFunctions": {"Functions": [{"FunctionName": "orders"}]}})
    assert capability(examine(call), "queues").state == "not tried"


def test_a_wrong_clock_is_said_and_does_not_matter() -> None:
    call = DoctorCall(takes_ms=1)
    call.skew.offset_ms = 420_000
    found = examine(call)
    assert capability(found, "clock").detail == "This machine's clock is 7 min behind AWS's; times are corrected."
    assert not found.is_impaired


def test_an_answer_of_an_unheard_of_shape_is_a_failure_in_words() -> None:
    found = capability(examine(DoctorCall({"ListFunctions": {"Functions": ["?"]}})), "functions")
    assert found.state == "failed"
    assert "could not be read" in found.detail


def test_a_profile_that_does_not_exist_leaves_the_rest_untried() -> None:
    call = DoctorCall()

    def connect() -> None:
        raise refused("credentials")

    call.clients.connect = connect  # type: ignore[method-assign]
    found = examine(call)
    assert [one.state for one in found.capabilities] == ["credentials"] + ["not tried"] * (len(ORDER) - 1)
    assert not call.asked


def test_what_does_not_answer_in_time_is_said_and_holds_up_nothing_else() -> None:
    call, is_over = DoctorCall(), threading.Event()

    def hang(**_asked: Any) -> dict[str, Any]:  # noqa: ANN401  AWS's own
        is_over.wait(10)
        return {}

    def look() -> None:
        if examination.unanswered == ["metrics"]:
            call.clock.advance(31_000)

    call.answers["GetMetricData"] = hang
    examination = examination_of(call)
    found = examination.run(30, look)
    is_over.set()
    assert capability(found, "metrics").detail == "There was no answer within 30 s."
    assert {one.name for one in found.capabilities if one.state != "works"} == UNTRIED | {"metrics"}
    assert found.is_impaired
