"""The lines and sentences of `tail`."""

import msgspec
import pytest

from lambdatop.model.identity import Scope
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import GroupLedger, SourceState, SourceStatus, TailLedger
from lambdatop.render.span import line_text
from lambdatop.render.tail_lines import TailedEvent, TailLines
from lambdatop.render.tail_words import Accounts, Shown, TroubleTeller, infrequent_words

SCOPE = Scope("123456789012", "eu-west-1")
AT_MS = 1_795_230_000_123
LEDGER = TailLedger(fetched=1_500, delivered=1_200, repeated=300, recovered=3, late=2, groups=2)
GAP = GroupLedger(log_group="/a", swept_to_ms=AT_MS, unread_ms=45_000, trouble=None, ledger=TailLedger())


def tailed(message: str, at_ms: int = AT_MS, log_group: str = "/aws/lambda/api") -> TailedEvent:
    event = LogEvent(log_stream="s", timestamp_ms=at_ms, message=message)
    function = log_group.rpartition("/")[2] if log_group.startswith("/aws/") else None
    return TailedEvent(event, SCOPE, log_group, function)


def texts(wording: TailLines, one: TailedEvent, now_ms: int = AT_MS) -> list[str]:
    return [line_text(line) for line in wording.lines(one, now_ms)]


def test_a_line_is_time_function_and_message() -> None:
    assert texts(TailLines(is_utc=True), tailed("hello\n")) == ["03:00:00.123  api  hello"]


def test_another_day_is_named() -> None:
    assert texts(TailLines(is_utc=True), tailed("hello"), AT_MS + 86_400_000) == ["2026-11-21 03:00:00.123  api  hello"]


def test_a_message_of_several_lines_is_indented() -> None:
    assert texts(TailLines(is_utc=True), tailed("Traceback\r  File a\n  File b\n"))[1:] == [
        "      File a",
        "      File b",
    ]


def test_an_event_that_comes_after_newer_ones_of_its_log_group_is_marked() -> None:
    wording = TailLines(is_utc=True)
    wording.lines(tailed("new", AT_MS), AT_MS)
    assert texts(wording, tailed("late", AT_MS - 45_000)) == ["02:59:15.123  api  ~late 45 s late"]
    assert texts(wording, tailed("elsewhere", AT_MS - 45_000, "/other"))[0].endswith("/other  elsewhere")
    assert texts(wording, tailed("almost", AT_MS - 999))[0].endswith("  almost")


def test_failures_and_warnings_stand_out_and_the_platform_does_not() -> None:
    wording = TailLines(is_utc=True)
    styles = [
        wording.lines(tailed(text), AT_MS)[0][-1].style
        for text in ("[ERROR]\t2026-11-21T03:00:00Z\tid\tboom\n", "[WARNING]\t2026-11-21T03:00:00Z\tid\tcareful\n",
                     "END RequestId: 8f5e2c1a-0000-4000-8000-000000000001\n", "plain")
    ]  # fmt: skip
    assert styles == ["bad", "warning", "dim", ""]


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
