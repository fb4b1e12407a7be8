"""What is kept of queries in files: the history, and one's own."""

import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdatop.ui.query_history import KEPT_MAX, PastQuery, QueryHistory
from lambdatop.ui.query_saved import SavedQueries, SavedQuery, SavedQueryError, queries_in, toml_of


def texts(history: QueryHistory) -> list[str]:
    return [query.text for query in history.queries]


def test_the_history_is_there_in_the_next_run_newest_first_each_text_once(tmp_path: Path) -> None:
    path = tmp_path / "state" / "history.jsonl"
    first = QueryHistory(path)
    for text in ("a", "b\nc", "a"):
        first.add(PastQuery(text=text, groups="check*", ran_ms=1))
    again = QueryHistory(path)
    assert texts(again) == ["a", "b\nc"]
    assert again.queries[0].groups == "check*"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_history_keeps_so_many_and_its_file_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    history = QueryHistory(path)
    for number in range(3 * KEPT_MAX):
        history.add(PastQuery(text=f"limit {number}"))
    assert len(history.queries) == KEPT_MAX
    assert len(path.read_bytes().splitlines()) <= 2 * KEPT_MAX
    assert texts(QueryHistory(path)) == texts(history)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["history.jsonl"]


def test_half_a_line_and_another_programs_lines_cost_no_more_than_themselves(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    QueryHistory(path).add(PastQuery(text="a"))
    with path.open("ab") as file:
        file.write(b'\xff\xfe\n{"text": 3}\n[]\n{"text": "b"}\n{"text": "half')
    assert texts(QueryHistory(path)) == ["b", "a"]


def test_a_history_that_cannot_be_written_says_so_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "file" / "history.jsonl"
    path.parent.write_text("")
    history = QueryHistory(path)
    history.add(PastQuery(text="a"))
    assert texts(history) == ["a"]
    assert history.problem is not None


def test_a_query_is_saved_below_what_a_hand_has_written_and_later_ones_count(tmp_path: Path) -> None:
    path = tmp_path / "config" / "queries.toml"
    path.parent.mkdir()
    path.write_text("# mine\n[[query]]\nname = 'slow'\ntext = 'limit 1'\n# end, without a line break")
    saved = SavedQueries(path)
    saved.save(SavedQuery(name="slow", text="filter @duration > 1000\n| limit 20", groups="check*", time_range="2h"))
    saved.save(SavedQuery(name="a/b", text="limit 3"))
    content = path.read_text()
    assert content.startswith("# mine\n")
    assert "# end, without a line break\n\n[[query]]" in content
    assert [(query.name, query.text) for query in saved.read()] == [
        ("a/b", "limit 3"),
        ("slow", "filter @duration > 1000\n| limit 20"),
    ]
    assert len(tomllib.loads(content)["query"]) == 3


def test_the_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "lambdatop" / "queries.toml"
    SavedQueries(path).save(SavedQuery(name="n", text="limit 1"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        "query = 1",
        "[query]\nname = 'a'\ntext = 'b'",
        "[[query]]\nname = 'a'",
        "[[query]]\nname = 3\ntext = 'x'",
        "a = ",
    ],
)
def test_a_file_that_cannot_be_used_is_said_to_be_so_and_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "queries.toml"
    path.write_text(content)
    with pytest.raises(SavedQueryError):
        SavedQueries(path).read()
    with pytest.raises(SavedQueryError):
        SavedQueries(path).save(SavedQuery(name="n", text="limit 1"))
    assert path.read_text() == content


_TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=80)


@given(name=_TEXT.filter(str.strip), text=_TEXT, groups=_TEXT, time_range=_TEXT)
def test_whatever_is_saved_is_read_back_the_same(name: str, text: str, groups: str, time_range: str) -> None:
    query = SavedQuery(name=name, text=text, groups=groups, time_range=time_range)
    (found,) = queries_in(toml_of(query))
    assert found == query
