"""Every line of the corpus gives exactly the object beside it, and counting agrees with parsing."""

import random
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.model.record import Application, End
from lambdatop.parsers.log_line import parse_for_counting, parse_log_line

_LINES: list[tuple[str, dict[str, Any]]] = [
    (f"{path.stem}: {line['name']}", line)
    for path in sorted((Path(__file__).parents[1] / "lines").glob("*.toml"))
    for line in tomllib.loads(path.read_text())["line"]
]


def _assert_counting_agrees(text: str) -> None:
    record = parse_log_line(text)
    is_quiet = isinstance(record, Application) and record.level not in ("ERROR", "FATAL")
    is_quiet = is_quiet or (isinstance(record, End) and record.type is None and len(text) <= 52)
    assert parse_for_counting(text) == (None if is_quiet else record)


@pytest.mark.parametrize(("name", "line"), _LINES, ids=[name for name, _ in _LINES])
def test_line(name: str, line: dict[str, Any]) -> None:
    found = msgspec.json.decode(msgspec.json.encode(parse_log_line(line["text"])))
    assert found.pop("text") == line["text"]
    expected = dict(line["expected"])
    if "timestamp" in expected:
        expected["timestamp"] = round(expected["timestamp"].timestamp() * 1000)
    assert found == expected, name
    _assert_counting_agrees(line["text"])


@pytest.mark.parametrize(("name", "line"), _LINES, ids=[name for name, _ in _LINES])
def test_mutations_of_a_line_never_raise(name: str, line: dict[str, Any]) -> None:
    chance = random.Random(name)
    for _ in range(60):
        text = line["text"]
        here, there = sorted(chance.choices(range(len(text) + 1), k=2))
        for mutant in (text[:here], text[:here] + text[there:], text[:there] + text[here:], text[there:] + text[:here]):
            _assert_counting_agrees(mutant)


@given(st.text() | st.from_regex(r"\A(START|END|REPORT|INIT_START|\[ERROR\]|\{\"level\":|panic: ).*"))
def test_any_text_is_a_record(text: str) -> None:
    _assert_counting_agrees(text)
