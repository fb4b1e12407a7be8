"""The page of a log event."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from lambdatop.render.event_page import LINES_MAX, event_page
from lambdatop.render.json_lines import json_lines
from lambdatop.render.log_lines import LogDrawing
from lambdatop.render.log_message import TEXT_LIMIT
from lambdatop.render.page import Page
from lambdatop.render.span import Line, line_text
from tests.hostile_text import HOSTILE
from tests.render.log_line_samples import FUNCTION, STREAM, TEXTS, log_line

DRAWING = LogDrawing(width=80, is_utc=True)
ORDER = (
    '{"level":"WARN","message":"paid late","order":{"id":42,"lines":[{"sku":"a-1","count":2},{"sku":"b"}]},'
    '"ok":true,"note":null,"zip":"08150","tags":["eu","vip"],"body":"{\\"cart\\":{\\"id\\":7}}",'
    '"error":{"name":"TypeError","stack":"TypeError: x\\n    at y"},"empty":{}}'
)


def page_of(message: str, drawing: LogDrawing = DRAWING) -> Page:
    return event_page(log_line(message), (), drawing)


def texts(page: Page) -> list[str]:
    return [line_text(row) for row in page.lines]


def section(page: Page, heading: str) -> list[str]:
    rows = texts(page)
    start = next(index for index, row in enumerate(rows) if row.startswith(heading))
    return rows[start + 1 : rows.index("", start)]


def styles(lines: tuple[Line, ...], text: str) -> set[str]:
    return {span.style for row in lines for span in row if span.text == text}


def test_the_head_says_where_and_when() -> None:
    line = log_line(ORDER, lag_ms=14_500)
    assert texts(event_page(line, (), DRAWING))[:7] == [
        "▲ WARN log event",
        "time        2026-11-21 03:00:00.123Z",
        "ingested    03:00:14.623, 14.5 s later  late",
        f"function    {FUNCTION.name}  version 42",
        f"log stream  {STREAM}",
        "request ID  –",  # noqa: RUF001  no number
        "",
    ]


def test_every_field_is_shown_and_what_lies_within_texts_is_opened() -> None:
    page = page_of(ORDER)
    assert section(page, "Message") == ["  paid late"]
    assert section(page, "Fields") == [
        "  level: WARN",
        "  message: paid late",
        "  order:",
        "    id: 42",
        "    lines:",
        "      - sku: a-1",
        "        count: 2",
        "      - sku: b",
        "  ok: true",
        "  note: null",
        '  zip: "08150"',
        "  tags: [eu, vip]",
        "  body: JSON text",
        "    cart:",
        "      id: 7",
        "  error:",
        "    name: TypeError",
        "    stack:",
        "      TypeError: x",
        "          at y",
        "  empty: {}",
    ]
    assert styles(page.lines, "order") == {"accent"}
    assert styles(page.lines, "42") == {"good"}
    assert styles(page.lines, "a-1") == {""}


@pytest.mark.parametrize(
    ("name", "heading", "shown"),
    [
        ("report: cold", "Message", ["Duration: 3.01 ms", "Billed Duration: 4 ms", "Init Duration: 110.10 ms"]),
        ("python: unhandled, joined with carriage returns", "Message", ["[ERROR] KeyError: 'id'"]),
        ("node_loggers: pino-lambda, text and JSON on one line", "Fields", ["x-correlation-id: c", "level: 30"]),
        ("python: JSON mode, unhandled after the runtime's advice in one event", "Fields", ["errorMessage: bad"]),
        ("platform_json: init start", "Fields", ["type: platform.initStart", "  phase: init"]),
        ("python: logger", "Message", ["msg"]),
    ],
)
def test_an_event_is_read_as_what_it_is(name: str, heading: str, shown: list[str]) -> None:
    rows = section(page_of(TEXTS[name]), heading)
    assert [row for row in shown if f"  {row}" in rows] == shown


def test_the_text_as_it_came_is_shown_on_demand() -> None:
    rows = section(page_of(ORDER, DRAWING._replace(is_raw=True)), "Text")
    assert "".join(row.strip() for row in rows).replace(" ", "") == ORDER.replace(" ", "")


def test_the_context_is_the_invocation_with_this_line_marked() -> None:
    context = [
        log_line(TEXTS[name], at) for at, name in enumerate(("start_end: start", "python: logger", "report: warm"))
    ]
    page = event_page(context[1], context, DRAWING)
    assert texts(page)[-4:] == [
        "Invocation  3 lines",
        "    03:00:00.123 ▷ c3252230 START version $LATEST",
        "▸   03:00:00.123 · c3252230 msg",
        "    03:00:00.123 ◁ c3252230 REPORT 2.9 ms, billed 3 ms, 36 of 128 MB",
    ]
    first = len(page.lines) - 3
    assert page.targets == {first + at: line.key for at, line in enumerate(context)}
    assert texts(page_of("alone"))[-2:] == ["Invocation", "  looking for its lines"]


def test_secrets_are_gone_from_every_part() -> None:
    drawing = DRAWING._replace(redacts=lambda text: text.replace("hunter2", "<gone>"))
    line = log_line('{"message":"m hunter2","inner":"{\\"key\\":\\"hunter2\\"}"}')
    for is_raw in (False, True):
        shown = "\n".join(texts(event_page(line, [line], drawing._replace(is_raw=is_raw))))
        assert "hunter2" not in shown
        assert shown.count("<gone>") >= 2


def test_an_event_without_end_is_cut_and_says_so() -> None:
    rows = texts(page_of("word " * 200_000))
    assert f"  … of 1,000,000 characters the first {TEXT_LIMIT:,} were read" in rows
    many = texts(page_of('{"message":"m","list":[' + '{"a":1},' * 5_000 + "{}]}"))
    assert len(many) < LINES_MAX + 20
    assert any(row.startswith("  … (+300") for row in many)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("width", [60, 160])
def test_hostile_text_fits_and_obeys(name: str, width: int) -> None:
    for around in ("{}", '{{"message":"m","a":"{}","{}":1}}'):
        line = log_line(around.format(HOSTILE[name], name), function=FUNCTION._replace(name=HOSTILE[name][:200]))
        for is_raw in (False, True):
            for row in texts(event_page(line, [line], LogDrawing(width=width, is_utc=True, is_raw=is_raw))):
                assert cell_len(row) <= width
                assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in row)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(JSON)
def test_any_json_has_lines(value: object) -> None:
    lines = list(json_lines(value))
    assert lines
    assert all("\n" not in line_text(one) for one in lines)


def test_json_of_any_depth_ends() -> None:
    deep: object = "end"
    for _ in range(300):
        deep = {"a": deep}
    assert len(list(json_lines(deep))) < 60


@settings(deadline=None)
@given(st.sampled_from(list(TEXTS.values())) | st.text(max_size=300), st.integers(24, 160), st.booleans())
def test_every_row_fits(message: str, width: int, is_raw: bool) -> None:
    line = log_line(message)
    page = event_page(line, [line], LogDrawing(width=width, is_utc=True, is_raw=is_raw))
    assert all(cell_len(row) <= width for row in texts(page))
