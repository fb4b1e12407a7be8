"""The list of error groups: what a line says, in which order, which a filter lets through, and where they lead."""

import pytest
from msgspec.structs import replace

from lambdatop.model.identity import FunctionKey
from lambdatop.model.snapshot import ErrorGroup, Snapshot
from lambdatop.render.drawing import drawing_of
from lambdatop.render.error_list import ErrorList, ErrorOrder, error_list, ordered, selected, speed
from lambdatop.render.span import line_text, line_width
from tests.ui import pictures

SNAPSHOT = pictures.incident()
DRAWING = drawing_of(SNAPSHOT, pictures.NOW_MS, is_utc=True)
RAISED, TIMED_OUT = SNAPSHOT.error_groups
LOGGED = replace(
    TIMED_OUT,
    signature="application||no stock of <value>|stock.py",
    kind="application",
    message="no stock of 3\nwhatever stands below",
    count=900,
    frame="stock.py",
    functions=(RAISED.functions[0],),
    function_count=1,
    rate_per_minute=None,
    last_seen_ms=pictures.NOW_MS,
)
ALL = replace(SNAPSHOT, error_groups=(LOGGED, RAISED, TIMED_OUT))


def listed(snapshot: Snapshot = ALL, width: int = 140, order: ErrorOrder = "count", filter_text: str = "") -> ErrorList:
    return error_list(snapshot, DRAWING, width, order, filter_text)


def texts(found: ErrorList) -> list[str]:
    return [line_text(row).rstrip() for row in (*found.head, *found.page.lines)]


def test_a_wide_list_has_trends_rates_kinds_functions_types_and_frames() -> None:
    head, failures, logged = texts(listed())[:3], texts(listed())[3:5], texts(listed())[7]

    assert head[0].startswith("errors  logs <5 s  sorted most first  failures that look the same")
    assert head[2].split() == ["count", "last", "15m", "/min", "last", "seen", "kind", "functions", "error"]
    said = "new KeyError 'payment_method' in cart 8812  orders/price.py:total"
    assert failures == [
        f"  702  ▁▁▁▁▁▁▁▂▃▆▇▇██▅    92  02:53:21   exception  checkout-api     {said}",
        "   41  ▆▄▄▆▇▃▄▄▆▇█▇▆█▃     4  02:53:13   timeout    checkout-api +1  Task timed out after 3.00 seconds",
    ]
    assert logged.startswith("  900")
    assert logged.endswith("ERROR      checkout-api     no stock of 3  stock.py")


def test_a_narrow_list_leaves_trend_and_rate_out_and_shortens_kinds() -> None:
    crowded = replace(ALL, error_groups=(replace(TIMED_OUT, kind="out_of_memory"),))

    assert texts(listed(crowded, 80))[2:4] == [
        "count  last seen  kind    functions        error",
        "   41  02:53:13   memory  checkout-api +1  Task timed out after 3.00 seconds",
    ]


def test_lines_at_error_and_functions_stand_apart_from_failures() -> None:
    lines = texts(listed())[3:]

    assert lines[2:4] == ["", "Application lines at ERROR"]
    assert lines[5:7] == ["", "Functions that fail most, in the window"]
    assert lines[7].split()[2:] == ["checkout-api", "mostly", "exception"]


def test_rows_lead_to_groups_and_functions() -> None:
    targets = listed().page.targets

    assert [targets[row] for row in sorted(targets)][:4] == [
        RAISED.signature,
        TIMED_OUT.signature,
        LOGGED.signature,
        RAISED.functions[0],
    ]
    assert sorted(targets)[:4] == [0, 1, 4, 7]


@pytest.mark.parametrize(
    ("order", "names"),
    [("count", "lrt"), ("last_seen", "lrt"), ("new", "rlt"), ("rate", "rtl")],
)
def test_groups_are_sorted(order: ErrorOrder, names: str) -> None:
    letters = {LOGGED.signature: "l", RAISED.signature: "r", TIMED_OUT.signature: "t"}

    for given in (ALL.error_groups, ALL.error_groups[::-1]):
        assert "".join(letters[group.signature] for group in ordered(given, order)) == names


@pytest.mark.parametrize(
    ("filter_text", "found"),
    [
        ("", [LOGGED, RAISED, TIMED_OUT]),
        ("keyerror", [RAISED]),
        ("TIMEOUT", [TIMED_OUT]),
        ("exception", [RAISED]),
        ("price.py", [RAISED]),
        ("stock checkout", [LOGGED]),
        ("42", [RAISED]),
        ("stock keyerror", []),
    ],
)
def test_a_filter_lets_groups_through_that_have_all_its_words(filter_text: str, found: list[ErrorGroup]) -> None:
    assert list(selected(ALL.error_groups, filter_text)) == found


def test_a_filter_is_said_and_what_passes_none_too() -> None:
    assert "filter keyerror 1 of 3" in texts(listed(filter_text="keyerror"))[0]
    nothing = texts(listed(filter_text="zzz"))
    assert nothing[3:] == ["No error matches zzz; press esc to show all 3."]


def test_without_errors_the_list_says_so_or_why_it_cannot_tell() -> None:
    assert texts(listed(pictures.quiet()))[3] == "No failure has been seen yet, nor a line at ERROR."
    assert "denies" in texts(listed(pictures.failing()))[3]


def test_a_storm_of_the_running_minute_counts_before_the_minute_is_over() -> None:
    storm = replace(RAISED, rate_per_minute=0.0, trend=(0,) * 14 + (43,))

    assert speed(storm) == 43
    assert speed(RAISED) == 92.4
    assert speed(replace(RAISED, rate_per_minute=None, trend=())) is None
    assert texts(listed(replace(ALL, error_groups=(storm,))))[3].split()[2] == "43"


def test_a_failure_that_says_nothing_is_said_to() -> None:
    silent = replace(ALL, error_groups=(replace(TIMED_OUT, message=""),))

    assert texts(listed(silent))[3].endswith("no message; its REPORT alone tells")


@pytest.mark.parametrize("width", [60, 80, 99, 100, 160, 240])
def test_every_line_fits(width: int) -> None:
    wide = replace(RAISED, message="x" * 5_000, functions=(FunctionKey(*pictures.SCOPE, "界" * 64),))
    found = listed(replace(ALL, error_groups=(wide, LOGGED)), width)

    assert max(line_width(row) for row in (*found.head, *found.page.lines)) <= width
