"""What stands above the log's lines."""

import msgspec

from lambdatop.model.log_line import LogFilter, TextCondition
from lambdatop.model.question import LogAnswer, PushedPattern
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.source_status import SourceStatus
from lambdatop.render.log_view_words import LogStatus, condition_line, empty_lines, title_line
from lambdatop.render.span import line_text
from tests.ui import pictures
from tests.ui.log_material import API, log_answer, log_line

SNAPSHOT = Snapshot(taken_at_ms=pictures.NOW_MS, started_at_ms=0)
ANSWER = msgspec.structs.replace(log_answer([log_line(number) for number in range(20)]), lines_held=1_234)


def title(status: LogStatus, width: int = 80, snapshot: Snapshot = SNAPSHOT) -> str:
    return " ".join(line_text(title_line(status, snapshot, width)).split())


def second(status: LogStatus, width: int = 120) -> str:
    return line_text(condition_line(status, SNAPSHOT, width))


def of(answer: LogAnswer, **changes: object) -> LogStatus:
    return LogStatus(answer=answer, is_utc=True)._replace(**changes)  # type: ignore[arg-type]


def test_the_title_names_the_functions_and_says_that_it_follows() -> None:
    assert title(of(ANSWER)) == "Logs all functions ● follows"
    assert title(of(ANSWER, names=("a", "b", "c", "d"))) == "Logs a b c +1 ● follows"


def test_the_title_does_not_claim_to_follow_what_cannot_be_read() -> None:
    failed = SourceStatus(name="logs · a", state="failed")
    working = SourceStatus(name="logs · b", state="working")
    stopped = msgspec.structs.replace(SNAPSHOT, sources=(failed,))
    assert title(of(ANSWER), snapshot=stopped) == "Logs all functions follows once logs can be read"
    assert "● follows" in title(of(ANSWER), snapshot=msgspec.structs.replace(SNAPSHOT, sources=(failed, working)))


def test_the_title_says_what_waits_below_once_it_has_let_go() -> None:
    held = of(ANSWER, is_following=False)
    assert title(held._replace(waiting_below=1_500)) == "Logs all functions ‖ 1,500 below G follows"
    assert title(held._replace(waiting_below=0)) == "Logs all functions ‖ at the end G follows"
    assert title(held._replace(waiting_below=None)) == "Logs all functions ‖ more below G follows"


def test_the_title_says_which_match_of_how_many() -> None:
    search = TextCondition("declined")
    found = msgspec.structs.replace(ANSWER, matches=120, matches_before=2)
    assert "/declined 3 of 120" in title(of(found, search=search, is_following=False))
    assert "/declined 120 matches" in title(of(found, search=search))
    assert "/declined …" in title(of(ANSWER, search=search))
    assert "/declined no match" in title(of(msgspec.structs.replace(ANSWER, matches=0), search=search))


def test_the_second_line_counts_what_is_held_and_what_fell_off() -> None:
    assert second(of(ANSWER)) == "20 of 1,234 lines held since 02:36:42"
    fallen = msgspec.structs.replace(ANSWER, lines_fallen_off=77)
    assert second(of(fallen)) == "20 of 1,234 lines held since 02:36:42, 77 older fell off"


def test_the_second_line_says_of_what_not_all_lines_are_read() -> None:
    one = msgspec.structs.replace(ANSWER, functions_read=5, in_part_count=1, functions_in_part=(API,))
    assert second(of(one)).startswith("checkout-api: platform lines and failures only")
    two = msgspec.structs.replace(one, in_part_count=2)
    assert second(of(two)).startswith("2 of 5 functions: platform lines and failures only")
    assert ANSWER.oldest_ms is not None
    since = msgspec.structs.replace(ANSWER, full_from_ms=ANSWER.oldest_ms + 600_000)
    assert second(of(since)).startswith("all lines from 02:46:42 on")


def test_the_second_line_tells_filters_but_not_the_functions_that_the_place_is_about() -> None:
    given = LogFilter(functions=(API,))
    chosen = msgspec.structs.replace(given, texts=(TextCondition("stock", is_excluded=True),))
    assert second(of(ANSWER, log_filter=chosen, given=given)).startswith("filter  !stock  20 of")
    assert not second(of(ANSWER, log_filter=given, given=given)).startswith("filter")


def test_the_second_line_says_how_many_lines_aws_let_through_and_that_others_are_not_read() -> None:
    assert ANSWER.oldest_ms is not None
    pushed = PushedPattern(
        pattern="ERROR", functions=(API,), function_count=1, lines=1_312, from_ms=ANSWER.oldest_ms + 60_000
    )
    answer = msgspec.structs.replace(ANSWER, functions_read=1, pattern=pushed)
    status = of(answer, pattern="ERROR")
    words = "at AWS: ERROR  1,312 lines of it read since 02:37:42, others are not"
    assert second(status, 80) == words
    assert {span.style for span in condition_line(status, SNAPSHOT, 80)} == {"warning"}
    of_many = msgspec.structs.replace(answer, functions_read=30)
    assert "1,312 lines of it read of 1 of 30 functions since" in second(of(of_many, pattern="ERROR"))


def test_the_second_line_says_that_a_pattern_is_not_in_force_yet_or_why_it_will_not_be() -> None:
    waiting = "at AWS: WARN  not yet, all lines are read"
    assert second(of(ANSWER, pattern="WARN")).startswith(waiting)
    another = msgspec.structs.replace(ANSWER, pattern=PushedPattern(pattern="ERROR", function_count=1, lines=3))
    assert second(of(another, pattern="WARN")).startswith(waiting)
    assert second(of(another)).startswith("20 of"), "it has been taken away"
    refused = PushedPattern(pattern="@x", problem="AWS refuses this pattern: Invalid \x1b[2J; all lines are read")
    status = of(msgspec.structs.replace(ANSWER, pattern=refused), pattern="@x")
    assert second(status).startswith("at AWS: @x  AWS refuses this pattern: Invalid ␛[2J; all lines are read")
    assert second(status, 30) == "at AWS: @x  AWS refuses this …"


def test_a_problem_takes_the_second_lines_place() -> None:
    assert second(of(msgspec.structs.replace(ANSWER, problem="no \x1b[2J"))) == "no ␛[2J"


def test_an_empty_view_says_why_it_is_empty() -> None:
    nothing = log_answer([])
    assert "no log line has been read yet" in line_text(empty_lines(of(nothing), SNAPSHOT)[0])
    hidden = msgspec.structs.replace(nothing, lines_held=9)
    filtered = of(hidden, log_filter=LogFilter(least_level="ERROR"))
    assert "none of 9 lines held passes the filter" in line_text(empty_lines(filtered, SNAPSHOT)[0])
    assert "looking for lines" in line_text(empty_lines(LogStatus(), SNAPSHOT)[0])
