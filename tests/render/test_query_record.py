from hypothesis import given, settings
from hypothesis import strategies as st

from lambdatop.model.query import QueryProblem, RecordFound
from lambdatop.render.query_record import found_lines, record_lines, record_text
from lambdatop.render.query_table import QueryTable
from lambdatop.render.span import line_text, line_width
from tests.render.query_material import UTC, events

FIELDS = {
    "@ptr": "CmEK",
    "order.id": "7",
    "@message": '{"level": "ERROR", "order": {"id": 7}}',
    "@memorySize": "1.28E8",
    "@timestamp": "1795229602007",
}


def test_a_record_has_the_fields_of_every_event_first_and_json_opened() -> None:
    assert [line_text(line) for line in found_lines(RecordFound(number=1, fields=FIELDS), 80, UTC)] == [
        "@timestamp: 2026-11-21 02:53:22.007Z  1795229602007 ms",
        "@message: JSON",
        "  level: ERROR",
        "  order:",
        "    id: 7",
        "@memorySize: 128000000",
        "order.id: 7",
        "@ptr: CmEK",
    ]


def test_a_record_that_was_not_found_says_why() -> None:
    found = RecordFound(number=1, problem=QueryProblem(sentence="logs:GetLogRecord is denied"))
    assert [line_text(line) for line in found_lines(found, 80, UTC)] == ["logs:GetLogRecord is denied"]


def test_a_rows_fields_are_shown_in_their_order_with_those_it_has_not() -> None:
    assert [line_text(line) for line in record_lines(QueryTable.of(events()).fields(0), 60, UTC)] == [
        "@timestamp: 2026-11-21 02:53:22.007Z",
        "@message:",
        "  ERROR no stock",
        "  for order 7",
        "@duration: 12.5",
        "detail: –",  # noqa: RUF001
    ]


def test_what_is_copied_is_safe_and_redacted() -> None:
    fields = {"@message": "pay \x1b[31m4242\nnow", "a": None}
    assert record_text(fields, lambda text: text.replace("4242", "⟨card⟩")) == "@message: pay ␛[31m⟨card⟩\nnow\na: –"  # noqa: RUF001


@settings(max_examples=60)
@given(st.dictionaries(st.text(max_size=10), st.none() | st.text(max_size=80), max_size=4), st.integers(8, 60))
def test_no_line_of_a_record_is_too_wide_or_holds_a_control(fields: dict[str, str | None], width: int) -> None:
    for line in record_lines(fields, width, UTC):
        assert line_width(line) <= width
        assert line_text(line).isprintable()
    assert record_text(fields, str).replace("\n", "").isprintable()
