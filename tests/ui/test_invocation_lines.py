"""Which lines are shown as those of one invocation."""

from collections.abc import Sequence

import pytest

from lambdatop.model.log_line import LineKind, LogLine
from lambdatop.ui.invocation_lines import invocation_lines
from tests.ui.log_material import log_line, numbers

_KINDS: dict[str, LineKind] = {"I": "init_start", "S": "start", "E": "end", "R": "report", "x": "extension"}


def stream(shape: str) -> list[LogLine]:
    """Return a stream: `I` init, `S1` START of request 1, `.` a line naming none, `R1` REPORT, `x` platform."""
    lines: list[LogLine] = []
    for place, letter in enumerate(shape):
        if letter.isdigit():
            continue
        digit = shape[place + 1 : place + 2]
        request = int(digit) if digit.isdigit() else None
        lines.append(log_line(len(lines), kind=_KINDS.get(letter, "application"), request=request))
    return lines


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("S1.E1R1", [[0, 1, 2, 3]] * 4),
        ("S1.R1S2.R2", [[0, 1, 2]] * 3 + [[3, 4, 5]] * 3),
        ("I..S1.R1S2R2", [[0, 1, 2, 3, 4, 5]] * 6 + [[6, 7]] * 2),
        ("S1R1xS2R2", [[0, 1, 2]] * 3 + [[3, 4]] * 2),
        ("S1.R1I.S2R2", [[0, 1, 2]] * 3 + [[3, 4, 5, 6]] * 4),
        (".E1R1S2.", [[0, 1, 2]] * 3 + [[3, 4]] * 2),
        ("S1..S2R2", [[0, 1, 2]] * 3 + [[3, 4]] * 2),
    ],
    ids=["one", "two", "a cold one", "a line after REPORT", "a crash and its init", "cut off", "never reported"],
)
def test_an_invocation_is_all_between_its_beginning_and_the_next_one(shape: str, expected: list[list[int]]) -> None:
    lines = stream(shape)
    assert [numbers(invocation_lines(lines, line)) for line in lines] == expected


def test_overlapping_invocations_are_told_apart_by_the_request_that_lines_name() -> None:
    lines = stream("S1S2.1.2.R1R2")
    assert invocation_numbers(lines, 2) == [0, 2, 5]
    assert invocation_numbers(lines, 3) == [1, 3, 6]
    assert invocation_numbers(lines, 4) == [4]


def test_lines_of_a_request_whose_start_is_yet_to_come_are_not_anothers() -> None:
    lines = stream("S1.E1R1.E2R2")
    assert invocation_numbers(lines, 0) == [0, 1, 2, 3]
    assert invocation_numbers(lines, 6) == [4, 5, 6]


def test_a_line_that_has_fallen_off_stands_alone() -> None:
    gone = log_line(9)
    assert invocation_lines(stream("S1R1"), gone) == (gone,)


def invocation_numbers(lines: Sequence[LogLine], index: int) -> list[int]:
    return numbers(invocation_lines(lines, lines[index]))
