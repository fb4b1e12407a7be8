"""The ready queries are queries."""

import pytest

from lambdatop.insights.parser import parse_query
from lambdatop.render.query_library import LIBRARY, LibraryQuery
from lambdatop.ui.query_parameters import closed


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_a_ready_query_can_be_read_and_says_what_it_answers(query: LibraryQuery) -> None:
    assert parse_query(closed(query.text)).commands
    assert query.question[0].isupper()
    assert len(query.text) < 10_000


def test_each_ready_query_has_a_name_of_its_own() -> None:
    assert len({query.name for query in LIBRARY}) == len(LIBRARY)


def test_a_question_that_is_asked_of_text_logs_can_be_asked_of_json_logs_too() -> None:
    by_format = {
        log_format: {query.question for query in LIBRARY if query.log_format == log_format}
        for log_format in ("text", "JSON")
    }
    only_text = {
        query.name for query in LIBRARY if query.log_format == "text" and query.question not in by_format["JSON"]
    }
    assert only_text == {"SnapStart restores", "p99 by function", "near the timeout"}
