"""The pages: a function, the sources, a pane, help."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.render.drawing import drawing_of
from lambdatop.render.function_page import function_page
from lambdatop.render.function_words import reasons
from lambdatop.render.help_page import help_page
from lambdatop.render.pane_page import pane_page
from lambdatop.render.panes import PANES, PANES_BY_KIND
from lambdatop.render.source_page import source_page
from lambdatop.render.span import Line, line_text, line_width
from tests.ui import pictures

SNAPSHOT = pictures.incident()
DRAWING = drawing_of(SNAPSHOT, pictures.NOW_MS, is_utc=True)
CHECKOUT = next(one for one in SNAPSHOT.functions if one.key.name == "checkout-api")


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line_text(line).rstrip() for line in lines]


def page(width: int = 160) -> list[str]:
    return texts(function_page(CHECKOUT, pictures.detail(SNAPSHOT, CHECKOUT.key), SNAPSHOT, DRAWING, width))


def test_a_function_page_has_windows_versions_settings_invocations_and_errors() -> None:
    lines = page()
    assert lines[:3] == [
        "■ checkout-api",
        "  failing since 02:50:12  ██▇▇▇▇█▇▇██▇▇██ invocations",
        "  7.6% errors since version 42 (41: 0.1%)",
    ]
    for window in ("1 min", "5 min", "15 min", "1 h", "since start"):
        assert any(line.startswith(f"  {window} ") for line in lines)
    assert any(line.startswith("  42 ") and "22%" in line for line in lines)
    assert "  runtime           python3.13, x86_64" in lines
    assert "  checkout-dlq  512 waiting, 0 in flight, oldest 3 min  source redrive via checkout-queue" in lines
    assert any("◌ running" in line for line in lines)
    assert any("exception KeyError 'payment_method' in cart 8812␛]52;c;cm0gLXJmCg==␇" in line for line in lines)


def test_what_hides_reports_is_said_beside_the_log_format() -> None:
    one = next(one for one in SNAPSHOT.functions if one.key.name == "legacy-web-function")
    lines = texts(function_page(one, None, SNAPSHOT, DRAWING, 120))
    assert "  log format        JSON (system WARN, application DEBUG)" in lines
    assert sum("hides successful reports" in line for line in lines) >= 2


def test_reasons_name_the_numbers_they_are_about() -> None:
    one = next(one for one in SNAPSHOT.functions if one.key.name == "thumbnail-maker")
    assert reasons(one) == (
        "degraded: p95 is 3.1 s, near the timeout of 3 s",
        "cold starts: 38 invocations were counted late",
    )
    login = next(one for one in SNAPSHOT.functions if one.key.name == "report-mailer")
    assert reasons(login) == ("idle", "nothing is missing or late")


def test_sources_with_problems_come_first_with_what_helps() -> None:
    lines = texts(source_page(SNAPSHOT, DRAWING, 120))
    assert lines[2].startswith("▼ metrics  throttled  complete to 4 min ago · last answer 02:50:21")
    assert any("58k delivered + 2211 repeated" in line for line in lines)
    assert any(line.startswith("  logs:FilterLogEvents") and line.endswith("812") for line in lines)


def test_the_page_of_errors_lists_failures_that_look_the_same() -> None:
    lines = texts(pane_page(PANES_BY_KIND["errors"], SNAPSHOT, DRAWING, 120))
    assert "    702  02:53:21   exception  checkout-api     KeyError 'payment_method' in cart 8812" in lines
    assert "     41  02:53:13   timeout    checkout-api +1  Task timed out after 3.00 seconds" in lines


def test_help_names_every_pane() -> None:
    lines = texts(help_page([("q", "leave")], [("tab", "to the panes")], 80))
    assert "  q               leave" in lines
    for digit, pane in enumerate(PANES, 1):
        assert any(line.startswith(f"  {digit} {pane.title}") for line in lines)


@given(width=st.integers(58, 220))
def test_pages_fit_their_width(width: int) -> None:
    hostile = msgspec.structs.replace(
        CHECKOUT, function=msgspec.structs.replace(CHECKOUT.function, arn="arn:" + "x" * 400, runtime="界" * 90)
    )
    detail = pictures.detail(SNAPSHOT, CHECKOUT.key)
    for lines in (
        function_page(hostile, detail, SNAPSHOT, DRAWING, width),
        source_page(pictures.failing(), DRAWING, width),
        source_page(SNAPSHOT, DRAWING, width),
        help_page([("q", "leave")], [], width),
        *(pane_page(pane, SNAPSHOT, DRAWING, width) for pane in PANES),
    ):
        for line in lines:
            assert line_width(line) <= width, line_text(line)
