"""Which query is meant."""

import io
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from lambdatop.cli.failure import CommandError
from lambdatop.cli.query_text import (
    QueryWords,
    named_query,
    own_queries,
    parameter_values,
    query_words,
    with_parameters,
)
from lambdatop.model.query import QueryDefinition, QueryParameter
from lambdatop.render.query_library import LIBRARY


def test_the_first_word_is_the_query_and_the_others_are_functions() -> None:
    assert query_words(["limit 1", "api-*", "orders"], None, None) == QueryWords("limit 1", None, ("api-*", "orders"))


def test_with_a_file_or_a_name_all_words_are_functions(tmp_path: Path) -> None:
    file = tmp_path / "q.txt"
    file.write_text("# slow\nlimit 2\n")
    assert query_words(["api"], str(file), None) == QueryWords("# slow\nlimit 2\n", None, ("api",))
    assert query_words(["api"], None, "slow") == QueryWords(None, "slow", ("api",))


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("limit 3"))
    assert query_words(["-", "api"], None, None) == QueryWords("limit 3", None, ("api",))
    monkeypatch.setattr("sys.stdin", io.StringIO("limit 4"))
    assert query_words(["api"], "-", None) == QueryWords("limit 4", None, ("api",))


def test_a_byte_order_mark_is_no_part_of_the_query(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "q.txt").write_bytes(b"\xef\xbb\xbflimit 1\r\n| limit 2")
    assert query_words([], str(tmp_path / "q.txt"), None).text == "limit 1\n| limit 2"
    monkeypatch.setattr("sys.stdin", io.StringIO("\ufefflimit 3"))
    assert query_words(["-"], None, None).text == "limit 3"


def test_standard_input_that_cannot_be_read_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(CommandError, match="standard input is closed"):
        query_words(["-"], None, None)
    for errors in ("surrogateescape", "strict"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"limit \xff"), "utf-8", errors))
        with pytest.raises(CommandError, match="standard input cannot be read: it is not UTF-8"):
            query_words(["-"], None, None)
    with pytest.raises(CommandError, match="the query cannot be read: it is not UTF-8"):
        query_words(["limit \udcff"], None, None)


def test_a_file_of_own_queries_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "lambdatop" / "queries.toml"
    file.parent.mkdir()
    file.write_text('[[query]]\nname = "a"\ntext = "limit 1"\nlog_groups = "a* /b"\n')
    assert own_queries() == [QueryDefinition(name="a", text="limit 1", log_groups=("a*", "/b"))]
    file.write_text("nonsense = [")
    with pytest.raises(CommandError, match="not TOML") as told:
        own_queries()
    assert str(file) in (told.value.remedy or "")


def test_an_empty_name_or_file_is_a_usage_error() -> None:
    for file, name in (("", None), (None, "")):
        with pytest.raises(click.UsageError, match="is empty"):
            query_words(["limit 1"], file, name)


def test_no_query_and_two_queries_are_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="Which query"):
        query_words([], None, None)
    with pytest.raises(click.UsageError, match="--file and --name"):
        query_words([], "q.txt", "slow")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        query_words([], str(tmp_path / "none"), None)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="not UTF-8"):
        query_words([], str(tmp_path / "bytes"), None)


def nothing() -> Sequence[QueryDefinition]:
    return ()


def never() -> Sequence[QueryDefinition]:
    raise AssertionError("the account must not be asked")


def test_a_users_own_query_comes_before_a_ready_one_and_that_before_a_saved_one() -> None:
    ready = LIBRARY[0]
    mine = QueryDefinition(name=ready.name.upper(), text="limit 1")
    assert named_query(ready.name, lambda: [mine], never) == mine
    assert named_query(ready.name.title(), nothing, never).text == ready.text
    theirs = QueryDefinition(name="team/slow", text="limit 2")
    assert named_query("Team/Slow", nothing, lambda: [theirs]) == theirs


def test_a_name_that_is_none_is_answered_with_those_that_are_near() -> None:
    with pytest.raises(CommandError, match="no query is named team/slwo; there is team/slow"):
        named_query("team/slwo", nothing, lambda: [QueryDefinition(name="team/slow", text="limit 2")])


SLOW = QueryDefinition(
    name="slow",
    text="filter @duration > {{ms}} and @log like '{{ log }}'",
    parameters=(QueryParameter(name="ms", default="1000"), QueryParameter(name="log")),
)


def test_parameters_are_filled_in_with_what_is_given_or_their_defaults() -> None:
    assert with_parameters(SLOW, {"log": r"a\1{{ms}}"}) == r"filter @duration > 1000 and @log like 'a\1{{ms}}'"
    assert with_parameters(SLOW, {"log": "", "ms": "5"}) == "filter @duration > 5 and @log like ''"


def test_a_parameter_without_a_value_and_a_value_without_a_parameter_are_said() -> None:
    with pytest.raises(CommandError, match="leaves log open") as missing:
        with_parameters(SLOW, {})
    assert missing.value.remedy == "--parameter log=…"
    with pytest.raises(CommandError, match="no parameter lgo"):
        with_parameters(SLOW, {"log": "x", "lgo": "y"})


def test_values_may_hold_equals_signs() -> None:
    assert parameter_values(["a=b=c", " d = "]) == {"a": "b=c", "d": " "}
    with pytest.raises(click.UsageError, match="say name=value"):
        parameter_values(["a"])
