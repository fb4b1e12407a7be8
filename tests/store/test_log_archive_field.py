"""Values with `*` in them, and what they match."""

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.log_line import FieldCondition
from lambdatop.store.log_archive_text import FieldTest


@given(st.text(alphabet="ab*", max_size=8), st.text(alphabet="abB", max_size=12))
def test_a_star_is_anything_and_the_rest_is_itself(value: str, text: str) -> None:
    pattern = ".*".join(re.escape(part) for part in value.split("*"))

    assert FieldTest(FieldCondition("name", value))._is_value(text) is bool(re.fullmatch(pattern, text, re.IGNORECASE))


def test_a_capital_letter_makes_case_matter() -> None:
    assert not FieldTest(FieldCondition("name", "B*"))._is_value("bb")
    assert FieldTest(FieldCondition("name", "B*"))._is_value("Bb")


def test_many_stars_take_no_longer_than_the_text_is_long() -> None:
    before = time.process_time()

    assert not FieldTest(FieldCondition("name", "*a" * 40 + "*b"))._is_value("a" * 200_000)
    assert time.process_time() - before < 1
