"""The lines and sentences of `tail`."""

import msgspec
import pytest

from lambdatop.cli.tail_formats import log_line_of
from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import GroupLedger, SourceState, SourceStatus, TailLedger
from lambdatop.render.log_message import JSON_LIMIT, LINE_LIMIT, TEXT_LIMIT
from lambdatop.render.span import Line, line_text
from lambdatop.render.tail_lines import TailedEvent, TailLines
from lambdatop.render.tail_words import Accounts, Shown, TroubleTeller, infrequent_words

SCOPE = Scope("123456789012", "eu-west-1")
AT_MS = 1_795_230_000_123
REQUEST = "8f5e2c1a-0000-4000-8000-000000000001"
LEDGER = TailLedger(fetched=1_500, delivered=1_200, repeated=300, recovered=3, late=2, groups=2)
GAP = GroupLedger(log_group="/a", swept_to_ms=AT_MS, unread_ms=45_000, trouble=None, ledger=TailLedger())


def tailed(message: str, at_ms: int = AT_MS, log_group: str = "/aws/lambda/api") -> TailedEvent:
    event = LogEvent(log_stream="s", timestamp_ms=at_ms, message=message)
    function = log_group.rpartition("/")[2] if log_group.startswith("/aws/") else None
    return TailedEvent(event, SCOPE, log_group, function)


def lines(wording: TailLines, one: TailedEvent, now_ms: int = AT_MS) -> list[Line]:
    return wording.lines(one, log_line_of(one), now_ms)


def texts(wording: TailLines, one: TailedEvent, now_ms: int = AT_MS) -> list[str]:
    return [line_text(line) for line in lines(wording, one, now_ms)]


def text(message: str) -> str:
    (only,) = texts(TailLines(is_utc=True), tailed(message))
    return only


def test_a_line_is_time_function_and_message() -> None:
    assert text("hello\n") == "03:00:00.123   api hello"


def test_another_day_is_named() -> None:
    wording = TailLines(is_utc=True)
    assert texts(wording, tailed("hello"), AT_MS + 86_400_000) == ["2026-11-21 03:00:00.123   api hello"]


def test_an_applications_line_is_its_level_request_and_message_without_what_they_say_again() -> None:
    assert (
        text(f"2026-11-21T03:00:00.123Z\t{REQUEST}\tWARN\tslow\tbank\n") == "03:00:00.123 ▲ api 8f5e2c1a slow    bank"
    )
    assert text(
        f'{{"timestamp":"2026-11-21T03:00:00.123Z","level":"INFO","message":"paid","requestId":"{REQUEST}","order":7}}\n'
    ) == "03:00:00.123 · api 8f5e2c1a paid order=7"  # fmt: skip


def test_a_platform_line_is_worded_alike_in_both_log_formats() -> None:
    report = f"REPORT RequestId: {REQUEST}\tDuration: 12.31 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\t"
    json_report = (
        f'{{"time":"2026-11-21T03:00:00.123Z","type":"platform.report","record":{{"requestId":"{REQUEST}","metrics":'
        '{"durationMs":12.31,"billedDurationMs":13,"memorySizeMB":128,"maxMemoryUsedMB":94},"status":"success"}}'
    )
    worded = "03:00:00.123 ◁ api 8f5e2c1a REPORT 12.3 ms, billed 13 ms, 94 of 128 MB"
    assert text(f"{report}Max Memory Used: 94 MB\t\n") == text(json_report) == worded


def test_levels_are_letters_where_shapes_cannot_be_written() -> None:
    wording = TailLines(is_utc=True, is_ascii=True)
    messages = ("[ERROR] boom", "[WARNING] hot", '{"level":"DEBUG","message":"m"}', f"START RequestId: {REQUEST}\n")
    written = [texts(wording, tailed(message))[0][13] for message in messages]
    assert written == ["E", "W", "D", ">"]


def test_request_ids_take_a_column_from_the_first_one_on() -> None:
    wording = TailLines(is_utc=True)
    messages = ("before", f"END RequestId: {REQUEST}\n", "after")
    assert [texts(wording, tailed(message))[0][13:] for message in messages] == [
        "  api before", "◁ api 8f5e2c1a END", "  api          after",
    ]  # fmt: skip


def test_a_message_of_several_lines_is_indented() -> None:
    assert texts(TailLines(is_utc=True), tailed("Traceback\r  File a\n  File b\n"))[1:] == [
        "      File a",
        "      File b",
    ]


def test_a_stack_trace_within_json_is_printed_whole_beneath_its_message() -> None:
    frames = [f"    at step{number} (index.js:{number})" for number in range(2_000)]
    message = msgspec.json.encode({"level": "error", "message": "no stock", "stack": "\n".join(["Error: x", *frames])})
    first, *more = lines(TailLines(is_utc=True), tailed(message.decode()))
    assert line_text(first) == "03:00:00.123 ✖ api no stock: Error: x"
    assert [line_text(one) for one in more] == [f"    {line}" for line in ("Error: x", *frames)]
    assert {span.style for one in more for span in one[1:]} == {"bad"}


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("begin", ["[ERROR] boom", '{"level":"error","message":"', "x" * (TEXT_LIMIT + 7)])
def test_an_event_too_long_to_be_read_as_one_is_printed_to_its_last_line(begin: str, line_break: str) -> None:
    more = [f"  at step {number}" for number in range(JSON_LIMIT // 12)]
    wording, message = TailLines(is_utc=True), line_break.join((begin, *more, ""))
    first, *others = texts(wording, tailed(message))
    assert others == [f"    {line}" for line in more]
    assert len(first) < LINE_LIMIT + 100


def test_no_line_of_an_event_is_lost_wherever_reading_ends() -> None:
    for shift in range(8):
        message = "\r\n".join(["x" * (TEXT_LIMIT - 12 + shift), "a", "b", "c", "d"])
        assert texts(TailLines(is_utc=True), tailed(message))[1:] == ["    a", "    b", "    c", "    d"]


def test_an_event_that_comes_after_newer_ones_of_its_log_group_is_marked() -> None:
    wording = TailLines(is_utc=True)
    lines(wording, tailed("new", AT_MS))
    assert texts(wording, tailed("late", AT_MS - 45_000)) == ["02:59:15.123   api ~late 45 s late"]
    assert texts(wording, tailed("elsewhere", AT_MS - 45_000, "/other"))[0].endswith("/other elsewhere")
    assert texts(wording, tailed("almost", AT_MS - 999))[0].endswith("api    almost")


def test_failures_and_warnings_stand_out_and_the_platform_does_not() -> None:
    wording = TailLines(is_utc=True)
    messages = (
        "[ERROR]\t2026-11-21T03:00:00Z\tid\tboom\n",
        "[WARNING]\t2026-11-21T03:00:00Z\tid\tcareful\n",
        f"END RequestId: {REQUEST}\n",
        "plain",
        f"2026-11-21T03:00:00.123Z {REQUEST} Task timed out after 3.00 seconds\n",
    )
    shown = [lines(wording, tailed(message))[0] for message in messages]
    assert [(line[1].text, line[-1].style) for line in shown] == [
        ("✖", "bad"), ("▲", "warning"), ("◁", "dim"), (" ", ""), ("✖", "bad"),
    ]  # fmt: skip


def test_colours_found_in_a_message_are_kept() -> None:
    shown = lines(TailLines(is_utc=True), tailed("\x1b[32mfine\x1b[0m so far\n\x1b[1mreally\n"))
    assert [shown[0][-2:], shown[1][-1:]] == [(("fine", "sgr:green"), (" so far", "")), (("really", "sgr:bold"),)]


def test_text_that_drives_a_terminal_is_shown_and_not_obeyed() -> None:
    hostile = tailed("\x1b]52;c;MzEzMzc=\x07 \x1b[2J\u202e", log_group="/evil\x1b[2J")
    assert not any(ord(character) < 0x20 or character == "\u202e" for character in "".join(
        texts(TailLines(is_utc=True), hostile)
    ))  # fmt: skip


def accounts(status: SourceStatus, printed: int = 1_200, end_ms: int | None = None) -> list[str]:
    return Accounts([status]).sentences(Shown(printed=printed), end_ms, AT_MS, is_utc=True)


def test_the_accounts_say_what_was_fetched_dropped_and_reached() -> None:
    status = SourceStatus(name="logs", state="working", ledger=LEDGER, lag_ms=2_000)
    (sentence,) = accounts(status)
    assert sentence == (
        "1,200 events printed, each once; 1,500 fetched, 300 repeats dropped; 3 recovered by overlap, 2 late; "
        "2 log groups complete to 02:59:58."
    )
    assert accounts(status, end_ms=AT_MS)[0].endswith("2 log groups read to 03:00:00.")


@pytest.mark.parametrize(
    "status",
    [
        SourceStatus(name="logs", state="working", ledger=LEDGER, log_groups=(GAP,)),
        SourceStatus(name="logs", state="working", ledger=LEDGER, progress=0.4),
        SourceStatus(name="logs", state="throttled", ledger=LEDGER, detail="AWS throttles logs:FilterLogEvents."),
    ],
)
def test_what_is_left_unread_is_never_called_complete(status: SourceStatus) -> None:
    assert not Accounts([status]).is_whole
    assert accounts(status, end_ms=AT_MS)[0].endswith("2 log groups, not all read.")


def test_a_gap_is_named_and_what_was_not_printed_is_counted() -> None:
    status = SourceStatus(name="logs", state="working", ledger=LEDGER, log_groups=(GAP,))
    said = accounts(status, printed=1_190)
    assert "; 10 read and not printed before the end; " in said[0]
    assert said[1] == "/a: 45.0 s of the past are still unread."


def test_what_options_hide_is_counted_apart() -> None:
    status = SourceStatus(name="logs", state="working", ledger=LEDGER)
    shown = Shown(printed=41, hidden=1_159, hidden_by=("--grep", "--exclude", "--level"))
    (sentence,) = Accounts([status]).sentences(shown, None, AT_MS, is_utc=True)
    begun = "41 of 1,200 events printed, each once, 1,159 hidden by --grep, --exclude and --level; 1,500 fetched, "
    assert sentence.startswith(begun)
    assert "not printed" not in sentence
    assert Shown(printed=0, hidden=7, hidden_by=("--level",)).words.endswith(", 7 hidden by --level")


def infrequent(count: int) -> SourceStatus:
    groups = [
        GroupLedger(
            log_group=f"/ia/{number}", swept_to_ms=None, unread_ms=0, ledger=TailLedger(),
            trouble=f"Log group /ia/{number} has a log class that cannot be tailed (Infrequent Access).",
        )
        for number in range(count)
    ]  # fmt: skip
    return SourceStatus(name="logs", state="absent", detail="No.", ledger=LEDGER, log_groups=tuple(groups))


def test_groups_that_no_tail_reads_are_named_in_one_sentence_with_the_command_that_does() -> None:
    assert infrequent_words([infrequent(0)], 1_000, 2_000) is None
    sentence, command = infrequent_words([infrequent(1)], 1_999, 2_001) or ("", "")
    assert sentence == (
        "1 log group is of the Infrequent Access class, which only Logs Insights reads (start-query, then "
        "get-query-results): /ia/0."
    )
    assert command == (
        "aws logs start-query --log-group-name /ia/0 --start-time 1 --end-time 3 "
        "--query-string 'fields @timestamp, @message | sort @timestamp'"
    )
    sentence, _ = infrequent_words([infrequent(5)], 0, 1) or ("", "")
    assert sentence.endswith(": /ia/0, /ia/1, /ia/2 and 2 more.")
    assert len(accounts(infrequent(5))) == 1
    assert not Accounts([infrequent(5)]).is_whole


def test_groups_that_no_tail_reads_are_no_trouble_that_passes() -> None:
    teller = TroubleTeller()
    denied = GAP.__class__(log_group="/d", swept_to_ms=None, unread_ms=0, ledger=TailLedger(), trouble="AWS denies it.")
    assert not [words for at_s in (0, 9) for words in teller.sentences([infrequent(2)], AT_MS + at_s * 1_000)]
    both = msgspec.structs.replace(infrequent(2), log_groups=(*infrequent(2).log_groups, denied))
    assert [words for at_s in (10, 19) for words in teller.sentences([both], AT_MS + at_s * 1_000)]


def status_of(state: SourceState, *groups: GroupLedger) -> SourceStatus:
    return SourceStatus(name="logs", state=state, detail=f"It is {state}.", ledger=LEDGER, log_groups=groups)


def test_trouble_is_told_once_when_it_lasts_and_once_when_all_is_caught_up() -> None:
    teller = TroubleTeller()
    told = [
        teller.sentences([status], AT_MS + at_s * 1_000)
        for at_s, status in (
            (0, status_of("failed")), (4, status_of("failed")), (5, status_of("failed")), (6, status_of("failed")),
            (30, status_of("working", GAP)), (34, status_of("working")), (35, status_of("working")),
        )
    ]  # fmt: skip
    assert told == [
        [], [], ["It is failed. What comes meanwhile is read afterwards."], [],
        [], ["reading again after 34.0 s: caught up, nothing lost."], [],
    ]  # fmt: skip


def test_trouble_that_passes_quickly_is_not_told() -> None:
    teller = TroubleTeller()
    states: tuple[SourceState, ...] = ("throttled", "working", "throttled", "working")
    assert not [words for at_s, state in enumerate(states) for words in teller.sentences([status_of(state)], at_s * 4)]


def test_each_account_is_told_of_by_itself() -> None:
    teller = TroubleTeller()
    both = [msgspec.structs.replace(status_of("denied"), name=f"logs · {name}") for name in ("dev", "prod")]
    teller.sentences(both, 0)
    assert len(teller.sentences(both, 6_000)) == 2
