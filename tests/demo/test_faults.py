"""The text of faults, and the dice and windows by which they strike."""

import pytest

from lambdatop.demo.clock import Clock
from lambdatop.demo.faults import KINDS, Fault, FaultError, parse_fault, usage
from lambdatop.demo.weather import Weather
from tests.demo.clients import START_MS


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("outage", Fault("outage")),
        ("error=5%", Fault("error", share=0.05)),
        ("throttle=logs:FilterLogEvents", Fault("throttle", service="logs", operation="FilterLogEvents")),
        ("throttle=logs,50%", Fault("throttle", share=0.5, service="logs")),
        ("slow=10%,500ms", Fault("slow", share=0.1, time_ms=500)),
        ("slow", Fault("slow", time_ms=2_000)),
        ("live-sample", Fault("live-sample", share=0.5)),
        ("late-logs=2%", Fault("late-logs", share=0.02, time_ms=120_000)),
        ("skew=-90", Fault("skew", time_ms=-90_000)),
        ("outage@2m+40s", Fault("outage", start_ms=120_000, end_ms=160_000)),
        ("outage@1.5m", Fault("outage", start_ms=90_000)),
    ],
)
def test_a_fault_is_read(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'' is no fault; there are throttle, error, reset"),
        ("error=", "'' in 'error=' is not understood; error takes share and target"),
        ("error=0%", "'0%' in"),
        ("error=101%", "'101%' in"),
        ("error=5%,6%", "'6%' in"),
        ("error=5", "'5' in"),
        ("throttle=s3:GetObject", "'s3:GetObject' in"),
        ("outage=5%", "outage takes no value"),
        ("slow=-2s", "'-2s' in"),
        ("skew", "lacks its time: say skew=TIME"),
        ("live-cut", "lacks its time: say live-cut=TIME"),
        ("deny", "lacks its target: say deny=TARGET"),
        ("outage@", "'' in 'outage@' is no window; say @START or @START+DURATION"),
        ("outage@1m+", "is no window"),
        ("outage@-1m", "is no window"),
        ("outage@1m+-1s", "is no window"),
    ],
)
def test_what_is_no_fault_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FaultError) as raised:
        parse_fault(text)
    assert sentence in str(raised.value)


@pytest.mark.parametrize("name", KINDS)
def test_every_fault_is_written_as_its_usage_says(name: str) -> None:
    parts = {"SHARE": "5%", "TARGET": "logs:Filter*", "TIME": "1s"}
    text = usage(name).replace("[", "").replace("]", "")
    for part, example in parts.items():
        text = text.replace(part, example)
    assert parse_fault(text).name == name
    assert parse_fault(f"{text}@10s+5s").is_on(12_000)


def test_a_window_includes_its_start_and_not_its_end() -> None:
    fault = parse_fault("outage@10s+5s")
    assert [fault.is_on(elapsed) for elapsed in (None, 9_999, 10_000, 14_999, 15_000)] == [
        False, False, True, True, False,
    ]  # fmt: skip
    assert parse_fault("outage@10s").is_on(10**9)
    assert parse_fault("outage").is_on(None)


def test_a_faster_story_has_its_faults_sooner() -> None:
    assert parse_fault("outage@60s+40s").at_speed(4) == parse_fault("outage@15s+10s")
    assert parse_fault("error=5%").at_speed(4) == parse_fault("error=5%")


def test_a_target_may_be_a_service_an_operation_or_a_glob() -> None:
    def struck(text: str) -> list[bool]:
        fault = parse_fault(text)
        calls = [("logs", "FilterLogEvents"), ("logs", "DescribeLogGroups"), ("lambda", "ListFunctions")]
        return [fault.is_about(*call) for call in calls]

    assert struck("error") == [True, True, True]
    assert struck("error=logs") == [True, True, False]
    assert struck("error=logs:FilterLogEvents") == [True, False, False]
    assert struck("error=lambda:List*") == [False, False, True]


def weather(*faults: str, seed: int = 1) -> Weather:
    made = Weather(Clock(start_ms=START_MS, speed=0))
    made.forecast(faults, seed)
    return made


def strikes(tried: Weather, name: str, count: int = 1_000) -> list[bool]:
    return [tried.strike(name) is not None for _ in range(count)]


def test_a_seed_strikes_alike_whatever_other_faults_draw() -> None:
    alone, among = weather("error=5%"), weather("error=5%", "reset=50%")
    strikes(among, "reset")
    assert strikes(alone, "error") == strikes(among, "error")
    both = weather("error=5%", "reset=5%")
    assert strikes(both, "error") != strikes(both, "reset")
    assert strikes(weather("error=5%"), "error") != strikes(weather("error=5%", seed=2), "error")


def test_a_share_strikes_about_as_often_as_it_says() -> None:
    assert 400 < sum(strikes(weather("error=5%"), "error", 10_000)) < 600
    assert not any(strikes(weather("error=5%"), "reset"))


def test_a_window_counts_from_the_beginning_of_serving() -> None:
    clock = Clock(start_ms=START_MS, speed=0)
    tried = Weather(clock)
    tried.forecast(["outage@10s+5s"])
    clock.advance(12_000)
    assert tried.strike("outage") is None
    tried.begin()
    clock.advance(12_000)
    assert tried.strike("outage") is not None


def test_an_operation_that_aws_does_not_have_is_refused() -> None:
    with pytest.raises(FaultError, match="logs:FilterLogEvent, and logs has none such"):
        weather("deny=logs:FilterLogEvent")
