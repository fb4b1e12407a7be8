"""Which events `tail` prints when it is told what to look for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.cli.tail_filter import LinePattern, RequestLines, TailConditions, TailFilter
from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.parsers.bounded_pattern import PatternError
from lambdatop.render.tail_lines import TailedEvent
from lambdatop.store.log_archive_text import compiled

SCOPE = Scope("123456789012", "eu-west-1")
ASKED, OTHER = "8f5e2c1a-0000-4000-8000-000000000001", "8f5e2c1a-0000-4000-8000-000000000002"
MESSAGES = {
    "plain": "no stock of sku-7",
    "info": f"2026-11-21T03:00:00.000Z\t{ASKED}\tINFO\tStock of sku-7 is low",
    "warning": f"[WARNING]\t2026-11-21T03:00:00Z\t{ASKED}\tslow",
    "error": f"[ERROR]\t2026-11-21T03:00:00Z\t{ASKED}\tboom\nTraceback\n  File a",
    "json debug": '{"level":"debug","message":"Stock"}',
    "timeout": f"2026-11-21T03:00:00Z {ASKED} Task timed out after 3.00 seconds",
    "failed report": '{"type":"platform.report","time":"2026-11-21","record":{"requestId":"r","status":"error"}}',
    "report": f"REPORT RequestId: {ASKED}\tDuration: 1 ms\tBilled Duration: 1 ms\tMemory Size: 1 MB\t",
}  # fmt: skip


def event(at_ms: int, message: str, stream: str = "s", log_group: str = "/a") -> TailedEvent:
    return TailedEvent(LogEvent(log_stream=stream, timestamp_ms=at_ms, message=message), SCOPE, log_group, None)


def printed(conditions: TailConditions) -> list[str]:
    tail_filter = TailFilter(conditions)
    taken = [name for name, message in MESSAGES.items() if tail_filter.takes(event(1, message))]
    return [name for name in taken if tail_filter.selected([event(1, MESSAGES[name])])]


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        (TailConditions(), list(MESSAGES)),
        (TailConditions(greps=("stock",)), ["plain", "info", "json debug"]),
        (TailConditions(greps=("Stock",)), ["info", "json debug"]),
        (TailConditions(greps=("stock", r"sku-\d")), ["plain", "info"]),
        (TailConditions(greps=("stock",), excludes=("LOW|zzz", "^no")), ["info", "json debug"]),
        (TailConditions(greps=("file a",)), ["error"]),
        (TailConditions(least_level="INFO"), [name for name in MESSAGES if name != "json debug"]),
        (TailConditions(least_level="WARN"), ["warning", "error", "timeout", "failed report"]),
        (TailConditions(least_level="ERROR"), ["error", "timeout", "failed report"]),
        (TailConditions(least_level="FATAL"), []),
        (TailConditions(request_id=ASKED, least_level="WARN"), ["warning", "error", "timeout"]),
        (TailConditions(request_id=ASKED[:8], excludes=("boom",)), ["info", "warning", "timeout", "report"]),
    ],
)  # fmt: skip
def test_events_are_printed_that_meet_every_condition(conditions: TailConditions, names: list[str]) -> None:
    assert printed(conditions) == names


@given(st.text("aAbBks.1é \u0130\u017f\u212a", max_size=12), st.text("aAbBks1é\u0130\u017f", min_size=1, max_size=3))
def test_a_plain_word_is_found_as_the_regular_expression_finds_it(text: str, word: str) -> None:
    assert LinePattern(word).matches(text) is (compiled(word).search(text) is not None)
    assert LinePattern(re.escape(word)).matches(text) is (compiled(re.escape(word)).search(text) is not None)


def test_a_pattern_that_takes_too_long_for_a_line_is_given_up() -> None:
    pattern = LinePattern(r"(a+)+\d")
    with pytest.raises(PatternError, match="takes too long"):
        any(pattern.matches("a" * 60 + "!") for _ in range(1_000))


def test_the_options_that_hide_something_are_named_in_their_order() -> None:
    assert TailConditions().options == ()
    assert TailConditions(request_id="r-1234", least_level="WARN", greps=("a",)).options == (
        "--grep", "--level", "--request",
    )  # fmt: skip


START, REPORT = f"START RequestId: {ASKED} Version: 1", f"REPORT RequestId: {ASKED}\tDuration: 5.00 ms"
OTHER_START, OTHER_REPORT = START.replace(ASKED, OTHER), REPORT.replace(ASKED, OTHER)
JSON_START = (
    f'{{"time":"2026-11-21T03:00:00Z","type":"platform.start","record":{{"requestId":"{ASKED}","version":"1"}}}}'
)
JSON_REPORT = (
    f'{{"time":"2026-11-21T03:00:00Z","type":"platform.report","record":{{"requestId":"{ASKED}",'
    '"metrics":{"durationMs":5.0},"status":"success"}}'
)


def selected(*batches: list[TailedEvent], request_id: str = ASKED) -> list[str]:
    lines = RequestLines(request_id)
    return [tailed.event.message for batch in batches for tailed in lines.selected(batch)]


@pytest.mark.parametrize(("start", "report"), [(START, REPORT), (JSON_START, JSON_REPORT)])
def test_a_request_s_lines_are_those_that_name_it_and_the_nameless_between_start_and_report(
    start: str, report: str
) -> None:
    batch = [
        event(1, "before"), event(2, start), event(3, "print"), event(3, "elsewhere", stream="t"),
        event(3, "another group", log_group="/b"), event(4, f"[INFO]\t2026-11-21T03:00:00Z\t{OTHER}\tnot ours"),
        event(5, report), event(6, "after"), event(7, f"retry of {ASKED}", stream="t"),
    ]  # fmt: skip
    assert selected(batch) == [start, "print", report, f"retry of {ASKED}"]


def test_an_invocation_goes_on_from_batch_to_batch_and_takes_what_comes_late() -> None:
    following = [
        [event(2, START), event(3, "one")],
        [event(4, "two")],
        [event(9, REPORT)],
        [event(5, "late"), event(10, "after")],
        [event(20, START), event(21, "again"), event(30, REPORT)],
    ]
    assert selected(*following) == [START, "one", "two", REPORT, "late", START, "again", REPORT]


def test_another_request_s_start_ends_an_invocation_without_a_report() -> None:
    batch = [event(1, START), event(2, "ours"), event(3, OTHER_START), event(4, "theirs"), event(5, OTHER_REPORT)]
    assert selected(batch) == [START, "ours"]


def test_the_first_characters_of_an_id_are_enough() -> None:
    batch = [event(1, START), event(2, "ours"), event(3, REPORT), event(4, "after")]
    assert selected(batch, request_id=ASKED[:8]) == [START, "ours", REPORT]
