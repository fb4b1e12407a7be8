"""The cursor of the log view stays where the reader is, whatever comes and goes around it."""

from collections.abc import Sequence

from lambdatop.model.log_line import LogLine
from lambdatop.render.span import Line
from lambdatop.render.words import line, said
from lambdatop.ui.log_window import HELD_LINES, LogWindow
from tests.ui.log_material import log_answer, log_line, numbers

HEIGHT = 10


def one_row(one: LogLine) -> Sequence[Line]:
    return (line(said(one.message)),)


def three_rows_for_tens(one: LogLine) -> Sequence[Line]:
    return [*one_row(one)] * (3 if one.key.sequence % 10 == 0 else 1)


def shown(window: LogWindow, rows_of: object = one_row) -> list[int]:
    rows = window.layout(HEIGHT, rows_of)  # type: ignore[arg-type]
    return [window.lines[row.line_index].key.sequence for row in rows]


def window_of(first: int, last: int, at: int | None = None) -> LogWindow:
    """Return a window with lines, its cursor at one of them; it follows where none is named."""
    window = LogWindow()
    lines = [log_line(number) for number in range(first, last)]
    if at is not None:
        window.let_go()
    window.take(log_answer(lines, 0 if at is None else at - first), HEIGHT, is_jump=at is not None)
    window.layout(HEIGHT, one_row)
    return window


def test_following_shows_the_newest_lines_and_goes_on_with_what_comes() -> None:
    window = window_of(0, 50)
    assert shown(window) == list(range(40, 50))
    window.take(log_answer([log_line(number) for number in range(60)]), HEIGHT, is_jump=False)
    assert shown(window) == list(range(50, 60))


def test_moving_up_lets_go_and_new_lines_then_wait_below() -> None:
    window = window_of(0, 50)
    shown(window)
    window.move(-1, HEIGHT, one_row)
    assert not window.is_following
    assert numbers([window.lines[window.index]]) == [48]
    window.take(log_answer([log_line(number) for number in range(60)], below=7), HEIGHT, is_jump=False)
    rows = window.layout(HEIGHT, one_row)
    assert shown(window) == list(range(40, 50))
    assert window.waiting_below(rows) == 10 + 7


def test_a_late_line_above_moves_nothing_on_screen_below_it() -> None:
    window = window_of(0, 50, at=25)
    before = shown(window)
    late = log_line(5, "came late")
    lines = sorted([*window.lines, late], key=lambda one: one.key)
    window.take(log_answer(lines), HEIGHT, is_jump=False)
    assert shown(window) == before


def test_filtering_the_line_under_the_cursor_out_keeps_the_next_one_on_its_row() -> None:
    window = window_of(0, 50, at=25)
    row = window.row
    window.take(log_answer([log_line(number) for number in range(0, 50, 2)]), HEIGHT, is_jump=False)
    assert numbers([window.lines[window.index]]) == [26]
    assert shown(window)[row] == 26


def test_a_jump_goes_to_the_line_at_the_place() -> None:
    window = window_of(0, 50)
    window.let_go()
    window.take(log_answer([log_line(number) for number in range(100, 150)], 20), HEIGHT, is_jump=True)
    assert numbers([window.lines[window.index]]) == [120]
    assert 120 in shown(window)


def test_paging_down_goes_through_every_line_and_back_up() -> None:
    window = window_of(0, 100, at=0)
    seen = set(shown(window, three_rows_for_tens))
    for _ in range(30):
        window.page(1, HEIGHT, three_rows_for_tens)
        seen |= set(shown(window, three_rows_for_tens))
    assert seen == set(range(100))
    for _ in range(30):
        window.page(-1, HEIGHT, three_rows_for_tens)
        shown(window, three_rows_for_tens)
    assert window.index == 0


def test_a_line_taller_than_the_screen_is_scrolled_through_row_by_row() -> None:
    window = LogWindow()
    window.let_go()
    window.take(log_answer([log_line(number) for number in range(3)]), HEIGHT, is_jump=True)
    tall = {1: 25}

    def rows_of(one: LogLine) -> Sequence[Line]:
        return [line(said(f"{one.message}.{row}")) for row in range(tall.get(one.key.sequence, 1))]

    texts: set[str] = set()
    for _ in range(40):
        texts |= {row.row[0].text for row in window.layout(HEIGHT, rows_of) if row.row}
        window.move(1, HEIGHT, rows_of)
    assert texts == {"line 0", "line 2", *(f"line 1.{row}" for row in range(25)), "line 0.0", "line 2.0"} - {
        "line 0", "line 2",
    }  # fmt: skip
    assert window.index == 2


def test_more_is_asked_for_near_an_end_beyond_which_there_is_more() -> None:
    lines = [log_line(number) for number in range(2 * HELD_LINES)]
    window = LogWindow()
    window.let_go()
    window.take(log_answer(lines, HELD_LINES), HEIGHT, is_jump=True)
    assert not window.needs_lines
    window.move(-250, HEIGHT, one_row)
    assert window.needs_lines
    window.take(log_answer(lines[:400], 50), HEIGHT, is_jump=False)
    assert not window.needs_lines


def test_nothing_held_is_nothing_shown() -> None:
    window = LogWindow()
    window.take(log_answer([]), HEIGHT, is_jump=False)
    window.move(1, HEIGHT, one_row)
    window.page(-1, HEIGHT, one_row)
    assert window.layout(HEIGHT, one_row) == []
    assert window.key is None


def test_the_cursor_goes_back_to_its_line_once_that_is_shown_again() -> None:
    window = window_of(0, 50, at=25)
    window.move(-2, HEIGHT, one_row)
    even = [log_line(number) for number in range(0, 50, 2)]
    window.take(log_answer(even, 12), HEIGHT, is_jump=False)
    assert numbers([window.lines[window.index]]) == [24]
    window.take(log_answer([]), HEIGHT, is_jump=False)
    assert window.place == log_line(23).key
    window.take(log_answer([log_line(number) for number in range(50)], 30), HEIGHT, is_jump=False)
    assert numbers([window.lines[window.index]]) == [23]
    window.follow()
    window.take(log_answer(even), HEIGHT, is_jump=False)
    assert window.place == even[-1].key


def test_a_page_that_goes_on_before_it_reaches_the_reader_is_known() -> None:
    window = window_of(0, 2 * HELD_LINES, at=HELD_LINES)
    near = log_answer([log_line(number) for number in range(2 * HELD_LINES)], HELD_LINES).page
    above = log_answer([log_line(number) for number in range(400, 400 + 2 * HELD_LINES)], HELD_LINES).page
    below = log_answer([log_line(number) for number in range(-2 * HELD_LINES, 0)], HELD_LINES).page
    fallen_off = log_answer([log_line(number) for number in range(400, 500)], 5).page
    assert [window.is_beyond(page) for page in (near, above, below, fallen_off)] == [False, True, True, False]
    window.follow()
    assert not window.is_beyond(above)
