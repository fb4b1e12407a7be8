"""Where a page is scrolled to, and which of its targets is selected."""

from hypothesis import given
from hypothesis import strategies as st

from lambdatop.render.page import Page, stacked, with_targets
from lambdatop.ui.page_cursor import PageCursor

LINE = ()


def page(*targets: str | None) -> Page:
    """A page with a line for each target; None leads nowhere."""
    return with_targets([LINE] * len(targets), targets)


def shown(one: Page, height: int) -> PageCursor:
    cursor = PageCursor()
    cursor.show(one, height)
    return cursor


def targets_after(cursor: PageCursor, *moves: int) -> list[object]:
    """What is selected after each move; after none, as it is."""
    found = []
    for lines in moves:
        if lines:
            cursor.move(lines)
        found.append(cursor.target)
    return found


def test_nothing_is_selected_where_no_line_leads_anywhere() -> None:
    cursor = shown(page(None, None), 5)
    cursor.move(1)
    assert (cursor.selected, cursor.target, cursor.top) == (None, None, 0)


def test_the_first_target_on_screen_is_selected_at_first_and_arrows_go_from_one_to_the_next() -> None:
    cursor = shown(page(None, "a", None, "b", "c"), 5)
    assert targets_after(cursor, 0, 1, -1) == ["a", "b", "a"]


def test_an_arrow_scrolls_where_no_target_is_on_screen_in_its_direction() -> None:
    cursor = shown(page("a", *[None] * 8, "b"), 4)
    cursor.move(1)
    assert (cursor.top, cursor.target) == (1, None)
    for _ in range(5):
        cursor.move(1)
    assert (cursor.top, cursor.target) == (6, "b")
    for _ in range(6):
        cursor.move(-1)
    assert (cursor.top, cursor.target) == (0, "a")


def test_the_line_that_counts_those_below_is_never_selected() -> None:
    cursor = shown(page(None, None, "a", "b"), 3)
    assert cursor.target is None
    cursor.move(1)
    assert cursor.target == "a"


def test_a_target_that_was_gone_to_stays_selected_while_lines_come_above_it() -> None:
    cursor = shown(page("a", "b", "c", "d", "e", "f"), 4)
    cursor.move(1)
    cursor.show(page("new", "newer", "newest", "a", "b", "c", "d", "e", "f"), 4)
    assert cursor.target == "b"
    assert cursor.top <= (cursor.selected or 0) < cursor.end


def test_the_page_stands_still_until_a_target_was_gone_to() -> None:
    cursor = shown(page("a", "b", "c", "d", "e", "f"), 4)
    cursor.show(page("new", "newer", "newest", "newer still", "a", "b", "c"), 4)
    assert (cursor.top, cursor.target) == (0, "new")


def test_a_target_that_is_gone_gives_way_to_the_first_on_screen() -> None:
    cursor = shown(page("a", "b", "c"), 4)
    cursor.move(1)
    cursor.show(page("a", "c"), 4)
    assert cursor.target == "a"


def test_of_equal_targets_the_nearest_stays_selected() -> None:
    cursor = shown(page("a", "twice", None, None, "twice"), 6)
    cursor.choose(4)
    cursor.show(page("new", "a", "twice", None, None, "twice"), 7)
    assert cursor.selected == 5


def test_nothing_is_selected_where_the_count_of_lines_below_takes_the_whole_screen() -> None:
    cursor = shown(page("a"), 1)
    cursor.page(1)
    cursor.show(page("a", None), 1)
    assert (cursor.selected, cursor.target) == (None, None)


def test_pages_and_edges_select_what_they_come_to() -> None:
    cursor = shown(page(*"abcdefghij"), 5)
    cursor.page(1)
    assert (cursor.top, cursor.target) == (3, "d")
    cursor.edge(1)
    assert (cursor.top, cursor.target) == (5, "j")
    cursor.page(-1)
    assert (cursor.top, cursor.target) == (2, "f")  # the last that is above the count of lines below
    cursor.edge(-1)
    assert (cursor.top, cursor.target) == (0, "a")


def test_a_page_at_its_end_goes_to_its_last_target() -> None:
    cursor = shown(page(*"abc"), 5)
    cursor.page(1)
    assert cursor.target == "c"


def test_choosing_says_whether_the_line_was_chosen_before() -> None:
    cursor = shown(page(None, "a", "b"), 5)
    assert [cursor.choose(row) for row in (1, 1, 2, 0, 2)] == [False, True, False, False, True]
    assert cursor.target == "b"


def test_pages_below_each_other_keep_what_their_lines_lead_to() -> None:
    both = stacked([page("a", None), (LINE,), page(None, "b")])
    assert (len(both.lines), both.targets) == (5, {0: "a", 4: "b"})


STEPS = st.one_of(
    st.tuples(st.just("move"), st.sampled_from([-3, -1, 1, 3])),
    st.tuples(st.just("page"), st.sampled_from([-1, 1])),
    st.tuples(st.just("edge"), st.sampled_from([-1, 1])),
)
PAGES = st.lists(st.one_of(st.none(), st.sampled_from("abcdef")), max_size=30)


@given(first=PAGES, then=PAGES, height=st.integers(0, 12), steps=st.lists(STEPS, max_size=20))
def test_whatever_is_pressed_what_is_selected_is_on_screen_and_one_is_where_any_is(
    first: list[str | None], then: list[str | None], height: int, steps: list[tuple[str, int]]
) -> None:
    cursor = shown(page(*first), height)
    current = page(*first)
    for index, (name, argument) in enumerate(steps):
        getattr(cursor, name)(argument)
        if index == len(steps) // 2:
            current = page(*then)
            cursor.show(current, height)
        on_screen = [row for row in current.targets if cursor.top <= row < cursor.end]
        assert 0 <= cursor.top <= max(0, len(current.lines) - height)
        assert (cursor.selected in on_screen) if on_screen else cursor.selected is None
