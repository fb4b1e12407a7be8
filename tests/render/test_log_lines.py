"""The rows of the log view."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from lambdatop.model.identity import FunctionKey
from lambdatop.model.log_line import LogLine, TextCondition
from lambdatop.render.log_lines import MESSAGE_WIDTH_MIN, UNFOLDED_LINES_MAX, LogDrawing, columns_of, log_rows
from lambdatop.render.log_message import JSON_LIMIT, LINE_LIMIT, TEXT_LIMIT
from lambdatop.render.span import Line, line_text
from tests.hostile_text import HOSTILE
from tests.render.log_line_samples import TEXTS, log_line

EXPECTED: dict[str, str] = tomllib.loads((Path(__file__).parent / "golden" / "log_rows.toml").read_text())
WIDE = LogDrawing(width=160, is_utc=True)
TRACEBACK = (
    "[ERROR]\t2025-08-31T22:12:58.534Z\tc3252230-c73d-49f6-8844-968c01d1e2e1\tno stock\nTraceback:\r\n  File a\r  b()\n"
)
ORDER = '{"level":"INFO","message":"paid","order":{"id":42,"lines":[{"sku":"a"}]},"customer":"Jo Doe","ok":true}'


def texts(rows: tuple[Line, ...]) -> list[str]:
    return [line_text(row) for row in rows]


def shown(message: str, drawing: LogDrawing = WIDE, *, is_unfolded: bool = False) -> list[str]:
    return texts(log_rows(log_line(message), drawing, is_unfolded=is_unfolded, is_marked=False))


def style_of(rows: tuple[Line, ...], text: str) -> str:
    return next(span.style for row in rows for span in row if text in span.text)


@pytest.mark.parametrize("name", TEXTS)
def test_a_line_reads_as_agreed(name: str) -> None:
    (row,) = shown(TEXTS[name])
    assert row == f"  03:00:00.123 {EXPECTED[name]}"


def test_columns_stand_still_from_line_to_line() -> None:
    drawing = LogDrawing(width=120, is_utc=True, shows_function=True, name_width=15)
    start = columns_of(120, 15, shows_function=True).message_start
    assert start == 42
    for message in ("plain", TEXTS["report: cold"], TEXTS["python: logger"], TEXTS["powertools: Python"]):
        assert shown(message, drawing)[0][start - 1] == " "
        assert shown(message, drawing)[0][start] != " "


@pytest.mark.parametrize(
    ("width", "name_width", "head"),
    [
        (160, 15, "  03:00:00.123 · checkout-worker c3252230 msg"),
        (120, 15, "  03:00:00.123 · checkout-worker c3252230 msg"),
        (80, 15, "  03:00:00.123 · checkout-worker msg"),
        (80, 0, "  03:00:00.123 · c3252230 msg"),
        (80, 40, "  03:00:00 · checkout-worker       msg"),
        (60, 15, "  03:00:00 · msg"),
        (66, 15, "  03:00:00.123 · msg"),
        (68, 15, "  03:00:00 · checkout… msg"),
    ],
)
def test_a_narrow_screen_leaves_out_columns_and_not_the_message(width: int, name_width: int, head: str) -> None:
    drawing = LogDrawing(width=width, is_utc=True, shows_function=name_width > 0, name_width=name_width)
    assert shown(TEXTS["python: logger"], drawing) == [head]


@given(st.integers(58, 300), st.integers(0, 140), st.booleans())
def test_the_message_keeps_its_cells(width: int, name_width: int, shows_function: bool) -> None:
    columns = columns_of(width, name_width, shows_function=shows_function)
    assert width - columns.message_start >= MESSAGE_WIDTH_MIN


def test_the_gutter_tells_marked_and_late_lines() -> None:
    line = log_line("hello", lag_ms=10_000)
    (row,) = log_rows(line, WIDE, is_unfolded=False, is_marked=True)
    assert line_text(row).startswith("◆~03:00:00.123")
    assert [span.style for span in row[:2]] == ["mark", "late"]
    assert texts(log_rows(line, WIDE._replace(is_ascii=True), is_marked=True))[0].startswith("*~03:00")


@pytest.mark.parametrize(
    ("name", "shape", "letter", "style"),
    [
        ("python: critical", "✖", "F", "bad"),
        ("python: unhandled without a message", "✖", "E", "bad"),
        ("dotnet: an exception that the handler logged with words of its own", "✖", "E", "bad"),
        ("node_loggers: winston", "▲", "W", "warning"),
        ("python: logger", "·", "I", ""),
        ("dotnet: trace", "∙", "T", "dim"),
        ("report: warm", "◁", "<", "dim"),
        ("start_end: start", "▷", ">", "dim"),
        ("go: standard log", " ", " ", ""),
    ],
)
def test_level_is_a_shape_and_a_colour(name: str, shape: str, letter: str, style: str) -> None:
    rows = [log_rows(log_line(TEXTS[name]), WIDE._replace(is_ascii=is_ascii)) for is_ascii in (False, True)]
    assert [row[0][3].text for row in rows] == [shape, letter]
    assert rows[0][0][3].style == style


def test_an_event_of_several_lines_folds_and_unfolds() -> None:
    assert shown(TRACEBACK) == ["  03:00:00.123 ✖ c3252230 no stock ▸ +3 lines"]
    blank = " " * 28
    assert shown(TRACEBACK, is_unfolded=True) == [
        "  03:00:00.123 ✖ c3252230 no stock",
        *(blank[:26] + "  " + text for text in ("Traceback:", "  File a", "  b()")),
    ]


def test_the_fold_of_a_long_line_stands_at_its_end() -> None:
    (row,) = shown("x" * 300 + "\nmore", LogDrawing(width=80, is_utc=True))
    assert len(row) == 80
    assert row.endswith("xx… ▸ +1 line")
    assert shown("one\ntwo", WIDE._replace(is_ascii=True))[0].endswith("one > +1 line")


def test_the_stack_trace_of_a_structured_line_is_folded_away_from_it() -> None:
    unfolded = shown(TEXTS["node_loggers: bunyan, an error"], is_unfolded=True)
    assert [row[24:].strip() for row in unfolded][-2:] == ["TypeError: boom", "at x"]
    assert len(unfolded) == 3


def test_frames_that_are_objects_are_lines_as_well() -> None:
    text = (
        '{"errorMessage":"cannot decode","errorType":"errorString","stackTrace":['
        '{"path":"main.go","line":74,"label":"main.apply"},{"function":"main.main"},{"x":1}]}'
    )
    unfolded = [row.strip() for row in shown(text, is_unfolded=True)]
    assert unfolded[1:] == ["at main.apply (main.go:74)", "at main.main", "{'x': 1}"]


def test_a_long_line_wraps_under_its_message_or_is_cropped() -> None:
    message = "word " * 40
    wrapped = shown(message, LogDrawing(width=80, is_utc=True, wraps=True))
    assert [len(row) for row in wrapped] == [80, 80, 80, 60]
    assert all(row.startswith(" " * 26 + "word") for row in wrapped[1:])
    assert sum(row.count("word") for row in wrapped) == 40
    (cropped,) = shown(message, LogDrawing(width=80, is_utc=True))
    assert len(cropped) == 80
    assert cropped.endswith("…")


def test_a_long_line_that_wraps_ends_somewhere_until_it_is_unfolded() -> None:
    drawing = LogDrawing(width=80, is_utc=True, wraps=True)
    rows = shown("x" * 5_000, drawing)
    assert len(rows) == 8
    assert rows[-1].endswith("…")
    assert sum(row.count("x") for row in shown("x" * 5_000, drawing, is_unfolded=True)) == 5_000


def test_messages_scroll_sideways_and_the_columns_stay() -> None:
    message = "abcdefghij" * 20
    for left, start in ((0, "abcd"), (3, "defg"), (25, "fghi")):
        (row,) = shown(message, LogDrawing(width=80, is_utc=True, left=left))
        assert row.startswith("  03:00:00.123")
        assert row[26:30] == start
    (wide,) = shown("数据库" * 40, LogDrawing(width=80, is_utc=True, left=1))
    assert wide[26:29] == " 据库"
    assert cell_len(wide) <= 80


def test_fields_follow_the_message_without_braces() -> None:
    assert shown(ORDER)[0].endswith("· " + " " * 9 + 'paid order.id=42 order.lines=[1 item] customer="Jo Doe" ok=true')
    rows = log_rows(log_line(ORDER), WIDE)
    assert style_of(rows, "order.id=") == "dim"
    assert style_of(rows, "42") == ""


def test_the_text_as_it_came_is_one_key_away() -> None:
    assert shown(ORDER, WIDE._replace(is_raw=True))[0].endswith(ORDER)
    report = TEXTS["report: warm"]
    assert "Billed Duration: 3 ms" in shown(report, WIDE._replace(is_raw=True))[0]


def test_platform_lines_can_stand_back_but_not_failures() -> None:
    drawing = WIDE._replace(dims_platform=True)
    for name, styles in (("report: warm", {"dim"}), ("init_restore: restore report of an error", {"bad"})):
        row = log_rows(log_line(TEXTS[name]), drawing)[0]
        assert {span.style for span in row[5:] if span.text.strip()} & {"bad", "dim"} >= styles
    assert style_of(log_rows(log_line(TEXTS["report: warm"]), WIDE), "2.9 ms") == ""
    assert style_of(log_rows(log_line(TEXTS["report: warm"]), drawing), "2.9 ms") == "dim"


def test_colours_of_a_logger_are_kept_and_other_text_has_that_of_its_level() -> None:
    rows = log_rows(log_line("\x1b[32mfine\x1b[0m and plain"), WIDE)
    assert style_of(rows, "fine") == "sgr:green"
    assert style_of(rows, "plain") == ""
    assert style_of(log_rows(log_line("[ERROR]\t2025-08-31T22:12:58.534Z\tr\tno stock"), WIDE), "no stock") == "bad"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (TextCondition("stock"), ["Stock", "stock"]),
        (TextCondition("Stock"), ["Stock"]),
        (TextCondition("s.o", is_regex=True), ["Sto", "sto"]),
        (TextCondition(r"\Btock|\Soc", is_regex=True), ["tock", "tock"]),
        (TextCondition("stock", is_excluded=True), []),
        (TextCondition("(", is_regex=True), []),
        (TextCondition("", is_regex=True), []),
        (TextCondition("x*", is_regex=True), []),
    ],
)
def test_what_is_searched_for_stands_out(condition: TextCondition, found: list[str]) -> None:
    (row,) = log_rows(log_line("Stock of \x1b[31msto\x1b[0mck"), WIDE._replace(highlights=(condition,)))
    spans = [span.text for span in row if span.style == "match"]
    assert "".join(spans) == "".join(found)
    assert line_text(row).endswith("Stock of stock")


def test_a_match_in_lines_folded_away_shows_at_the_fold() -> None:
    drawing = WIDE._replace(highlights=(TextCondition("file"),))
    assert style_of(log_rows(log_line(TRACEBACK), drawing), "▸ +3") == "match"
    unfolded = log_rows(log_line(TRACEBACK), drawing, is_unfolded=True)
    assert style_of(unfolded, "File") == "match"


def test_secrets_are_gone_before_anything_is_drawn() -> None:
    def redacts(text: str) -> str:
        return text.replace("hunter2", "<gone>")

    drawing = WIDE._replace(redacts=redacts, is_raw=False)
    for message in ("key hunter2\nhunter2", '{"message":"m","key":"hunter2"}', "x" * (TEXT_LIMIT - 4) + "hunter2"):
        for is_raw in (False, True):
            rows = shown(message, drawing._replace(is_raw=is_raw, wraps=True), is_unfolded=True)
            assert "hunter" not in "".join(row[26:] for row in rows)
    assert "key=<gone>" in shown('{"message":"m","key":"hunter2"}', drawing)[0]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("width", [80, 120, 160])
def test_hostile_text_fits_and_obeys(name: str, width: int) -> None:
    for around in ("{}", '{{"message":"m","a":"{}"}}'):
        line = log_line(around.format(HOSTILE[name]))
        for wraps, is_unfolded, is_raw in ((False, False, False), (True, True, False), (False, True, True)):
            drawing = LogDrawing(width=width, is_utc=True, wraps=wraps, is_raw=is_raw, left=0)
            for row in texts(log_rows(line, drawing, is_unfolded=is_unfolded)):
                assert cell_len(row) <= width
                assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in row)


MESSAGES = st.one_of(
    st.text(max_size=400),
    st.text(st.sampled_from('ab \n\r\t数e\u0301{}":,\x1b[31m\u202e'), max_size=400),
    st.sampled_from(list(TEXTS.values())),
    st.dictionaries(
        st.text(max_size=8), st.text(max_size=30) | st.integers() | st.lists(st.integers(), max_size=3)
    ).map(json.dumps),
)
DRAWINGS = st.builds(
    LogDrawing,
    width=st.integers(1, 170),
    is_utc=st.just(True),
    is_raw=st.booleans(),
    wraps=st.booleans(),
    dims_platform=st.booleans(),
    shows_function=st.booleans(),
    name_width=st.integers(0, 50),
    highlights=st.sampled_from([(), (TextCondition("a"), TextCondition("e.", is_regex=True))]),
    left=st.integers(0, 60),
)


@settings(deadline=None, max_examples=400)
@given(MESSAGES, DRAWINGS, st.booleans())
def test_every_row_fits(message: str, drawing: LogDrawing, is_unfolded: bool) -> None:
    line = log_line(message, function=FunctionKey("1", "r", "数据-service"))
    rows = log_rows(line, drawing, is_unfolded=is_unfolded)
    assert rows
    assert all(cell_len(row) <= drawing.width for row in texts(rows))


def visible(text: str) -> list[str]:
    return [letter for letter in text if letter.isascii() and letter.isprintable() and letter != " "]


def unfolded_message(line: LogLine, drawing: LogDrawing) -> str:
    start = columns_of(drawing.width, drawing.name_width, shows_function=drawing.shows_function).message_start
    return "".join(row[start:] for row in texts(log_rows(line, drawing, is_unfolded=True)))


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["C"]) | st.sampled_from("\n\r数"), max_size=900))
def test_an_unfolded_event_shows_every_character(message: str) -> None:
    drawing = LogDrawing(width=80, is_utc=True, wraps=True)
    assert visible(unfolded_message(log_line(message), drawing._replace(is_raw=True))) == visible(message)
    inside = {"level": "INFO", "message": f"x{message}x"}
    structured = log_line(json.dumps(inside))
    assert visible(unfolded_message(structured, drawing)) == visible(inside["message"])


def test_a_megabyte_is_read_up_to_a_limit() -> None:
    drawing = LogDrawing(width=80, is_utc=True, wraps=True)
    assert sum(row.count("x") for row in shown("x" * 1_000_000, drawing, is_unfolded=True)) == LINE_LIMIT
    assert shown("line\n" * 200_000)[0].endswith("line ▸ +199999 lines")
    unfolded = shown("line\n" * 200_000, is_unfolded=True)
    assert len(unfolded) == 1 + UNFOLDED_LINES_MAX + 1
    assert unfolded[-1].strip() == f"… (+{200_000 - 1 - UNFOLDED_LINES_MAX} lines)"


def test_a_json_line_beyond_the_limit_is_shown_as_its_text() -> None:
    big = '{"level":"INFO","message":"m","list":[' + "1," * JSON_LIMIT + "1]}"
    assert '{"level":"INFO"' in shown(big)[0]
    assert "m list=[1,1" in shown(big[:1000].rstrip(",") + "]}")[0]
