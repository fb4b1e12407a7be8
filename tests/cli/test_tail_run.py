"""A run of `tail` over scripted deliveries: order, attribution, accounts and ways of ending."""

import signal
from collections.abc import Sequence

import pytest

from lambdatop.cli import output
from lambdatop.cli.failure import CommandError, Terminated
from lambdatop.cli.settings import ConnectionSettings
from lambdatop.cli.tail_filter import TailConditions
from lambdatop.cli.tail_run import TailRun
from lambdatop.model.delivery import Delivery, FunctionsDelivered, LogEventsDelivered
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.log_event import LogEvent
from lambdatop.model.source_status import GroupLedger, SourceStatus, TailLedger
from lambdatop.render.tail_lines import TailedEvent

SCOPE = Scope("123456789012", "eu-west-1")
ENVIRONMENT = "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"
WELL = SourceStatus(name="logs", state="working", ledger=TailLedger(groups=1))


class ScriptedFollower:
    """Hands over what it was given, then raises a signal where it should, and is at its end otherwise."""

    def __init__(
        self,
        script: Sequence[Delivery],
        status: SourceStatus = WELL,
        signal_number: signal.Signals | None = None,
        *,
        quiet_takes: int = 0,
    ) -> None:
        self._quiet_takes = quiet_takes
        self._script = list(script)
        self._status = status
        self._signal_number = signal_number
        self.is_stopped = False

    def start(self) -> None:
        """There is nothing to start."""

    def stop(self) -> None:
        self.is_stopped = True

    def take(self, timeout_s: float) -> Delivery | None:  # noqa: ARG002  a script does not wait
        if self._script:
            return self._script.pop(0)
        if self._quiet_takes:
            self._quiet_takes -= 1
        elif self._signal_number is not None and not self.is_stopped:
            signal.raise_signal(self._signal_number)
        return None

    def has_first_answers(self) -> bool:
        return not self._script

    def statuses(self) -> Sequence[SourceStatus]:
        return (self._status,)


def catalogue(**log_groups: str) -> FunctionsDelivered:
    functions = [LambdaFunction(key=FunctionKey(*SCOPE, name), log_group=group) for name, group in log_groups.items()]
    return FunctionsDelivered(scope=SCOPE, functions=tuple(functions))


def delivered(log_group: str, *events: tuple[int, str], stream: str = "any") -> LogEventsDelivered:
    found = [LogEvent(log_stream=stream, timestamp_ms=at_ms, message=text, event_id=text) for at_ms, text in events]
    return LogEventsDelivered(scope=SCOPE, log_group=log_group, events=found, depth="full")


def run(
    follower: ScriptedFollower,
    *patterns: str,
    is_following: bool = False,
    conditions: TailConditions = TailConditions(),  # noqa: B008  frozen
) -> tuple[int, list[tuple[str, str | None]]]:
    printed: list[tuple[str, str | None]] = []

    def write(events: Sequence[TailedEvent]) -> None:
        printed.extend((tailed.event.message, tailed.function) for tailed in events)

    settings = ConnectionSettings(since_ms=0, until_ms=None if is_following else 60_000, patterns=patterns)
    tail = TailRun(follower, settings, write, is_following=is_following, is_utc=True, conditions=conditions)
    exit_code = tail.run()
    assert follower.is_stopped
    return exit_code, printed


def test_a_range_is_printed_in_order_of_time_over_all_log_groups() -> None:
    script: list[Delivery] = [
        catalogue(a="/a", b="/b"),
        delivered("/b", (2, "two"), (9, "nine")),
        delivered("/a", (1, "one")),
    ]
    assert run(ScriptedFollower(script)) == (0, [("one", "a"), ("two", "b"), ("nine", "b")])


def test_in_a_shared_log_group_the_stream_names_the_function_and_others_are_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    script: list[Delivery] = [
        catalogue(a="/shared", b="/shared"),
        delivered("/shared", (1, "of a"), stream=f"2026/11/21/a[$LATEST]{ENVIRONMENT}"),
        delivered("/shared", (2, "of another"), stream=f"2026/11/21/another[$LATEST]{ENVIRONMENT}"),
        delivered("/shared", (3, "of either")),
    ]
    assert run(ScriptedFollower(script), "a", "b")[1] == [("of a", "a"), ("of either", None)]
    assert "1 of other functions in shared log groups left out" in capsys.readouterr().err
    assert run(ScriptedFollower(script), "/sha*")[1][1] == ("of another", "another")


def test_more_events_than_can_be_held_are_printed_as_they_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    page = delivered("/a", *[(at_ms, "x") for at_ms in range(10_000)])
    script: list[Delivery] = [catalogue(a="/a"), *[page] * 22]
    exit_code, printed = run(ScriptedFollower(script))
    assert (exit_code, len(printed)) == (0, 220_000)
    assert "more than 200,000 events, so they are printed as they are read" in capsys.readouterr().err


@pytest.mark.parametrize("is_following", [True, False])
def test_what_is_hidden_is_read_and_counted_all_the_same(
    is_following: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    read = TailLedger(groups=1, fetched=4, delivered=4)
    script: list[Delivery] = [catalogue(a="/a"), delivered("/a", *[(at_ms, f"line {at_ms}") for at_ms in range(4)])]
    follower = ScriptedFollower(
        script, SourceStatus(name="logs", state="working", ledger=read), signal.SIGINT if is_following else None
    )
    conditions = TailConditions(greps=("line",), excludes=("[02]",))
    exit_code, printed = run(follower, is_following=is_following, conditions=conditions)
    assert (exit_code, [text for text, _ in printed]) == (0, ["line 1", "line 3"])
    said = capsys.readouterr().err
    assert "2 of 4 events printed, each once, 2 hidden by --grep and --exclude; 4 fetched, " in said
    assert "not printed" not in said


def test_a_request_is_followed_through_deliveries_in_any_order(capsys: pytest.CaptureFixture[str]) -> None:
    asked = "8f5e2c1a-0000-4000-8000-000000000001"
    script: list[Delivery] = [
        delivered("/a", (3, "nameless"), (9, "after"), (5, "a warning")),
        delivered(
            "/a", (2, f"START RequestId: {asked} Version: 1\n"), (7, f"REPORT RequestId: {asked}\tDuration: 5 ms")
        ),
    ]
    conditions = TailConditions(request_id=asked, excludes=("warning",))
    _, printed = run(ScriptedFollower(script), conditions=conditions)
    assert [text.split()[0] for text, _ in printed] == ["START", "nameless", "REPORT"]
    assert "3 of 5 events printed, each once, 2 hidden by --exclude and --request" in capsys.readouterr().err


def test_groups_that_no_tail_reads_are_said_at_the_start_of_following_and_at_the_end_of_a_range(
    capsys: pytest.CaptureFixture[str],
) -> None:
    trouble = "Log group /b has a log class that cannot be tailed (Infrequent Access)."
    group = GroupLedger(log_group="/b", swept_to_ms=None, unread_ms=0, trouble=trouble, ledger=TailLedger(groups=1))
    status = SourceStatus(
        name="logs", state="absent", ledger=TailLedger(groups=2), log_groups=(group,), last_success_ms=1
    )
    for is_following, place, exit_code in ((True, 0, 0), (False, 1, 4)):
        script: list[Delivery] = [catalogue(a="/a", b="/b"), delivered("/a", (1, "one"))]
        follower = ScriptedFollower(script, status, signal.SIGINT if is_following else None, quiet_takes=1)
        assert run(follower, is_following=is_following) == (exit_code, [("one", "a")])
        said = capsys.readouterr().err.splitlines()
        assert len(said) == 2
        assert said[place].startswith("lambdatop: 1 log group is of the Infrequent Access class, ")
        assert " Try: aws logs start-query --log-group-name /b " in said[place]


def test_where_no_group_can_be_tailed_all_of_them_are_named() -> None:
    trouble = "It has a log class that cannot be tailed (Infrequent Access)."
    groups = [
        GroupLedger(log_group=name, swept_to_ms=None, unread_ms=0, trouble=trouble, ledger=TailLedger())
        for name in ("/a", "/b")
    ]
    status = SourceStatus(name="logs", state="absent", ledger=TailLedger(groups=2), log_groups=tuple(groups))
    with pytest.raises(CommandError, match=r"2 log groups are of the Infrequent Access class.*: /a, /b\.") as ended:
        run(ScriptedFollower([catalogue(a="/a", b="/b")], status))
    assert ended.value.exit_code == 4


def test_a_range_of_which_a_part_cannot_be_read_fails_and_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    group = GroupLedger(
        log_group="/b", swept_to_ms=None, unread_ms=0, trouble="AWS denies it.", ledger=TailLedger(groups=1)
    )
    status = SourceStatus(
        name="logs", state="denied", ledger=TailLedger(groups=2), log_groups=(group,), last_success_ms=1
    )
    script: list[Delivery] = [catalogue(a="/a", b="/b"), delivered("/a", (1, "one"))]
    exit_code, printed = run(ScriptedFollower(script, status))
    assert (exit_code, printed) == (4, [("one", "a")])
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith("2 log groups, not all read.")
    assert said[1] == "lambdatop: /b: AWS denies it."


@pytest.mark.parametrize(("is_following", "exit_code"), [(True, 0), (False, 130)])
def test_ctrl_c_ends_following_well_and_interrupts_a_range(is_following: bool, exit_code: int) -> None:
    script: list[Delivery] = [catalogue(a="/a"), delivered("/a", (1, "one"))]
    follower = ScriptedFollower(script, signal_number=signal.SIGINT)
    assert run(follower, is_following=is_following) == (exit_code, [("one", "a")])


def test_a_termination_is_told_to_who_asked_for_it() -> None:
    follower = ScriptedFollower([catalogue(a="/a")], signal_number=signal.SIGTERM)
    with pytest.raises(Terminated) as ended:
        run(follower, is_following=True)
    assert ended.value.exit_code == 143


@pytest.mark.parametrize(("state", "exit_code"), [("credentials", 3), ("denied", 4)])
@pytest.mark.parametrize("is_following", [True, False])
def test_where_nothing_can_be_read_from_the_outset_the_tail_ends(
    state: str, exit_code: int, is_following: bool
) -> None:
    status = SourceStatus(name="logs", state=state, detail="It is refused.")  # type: ignore[arg-type]  # a table's text
    with pytest.raises(CommandError, match=r"It is refused\.") as ended:
        run(ScriptedFollower([], status), is_following=is_following)
    assert ended.value.exit_code == exit_code


def test_a_reader_that_has_gone_stops_the_reading() -> None:
    def write(_: Sequence[TailedEvent]) -> None:
        raise output.ReaderGoneError

    script: list[Delivery] = [catalogue(a="/a"), delivered("/a", (1, "one"))]
    follower = ScriptedFollower(script)
    with pytest.raises(output.ReaderGoneError):
        TailRun(follower, ConnectionSettings(since_ms=0, until_ms=9), write, is_following=False, is_utc=True).run()
    assert follower.is_stopped
