"""Which log groups a query is run over."""

import click
import pytest

from lambdatop.cli.failure import CommandError
from lambdatop.cli.query_groups import GroupWish, check_wish, groups_of, needs_functions, wish_of, wish_of_words
from lambdatop.model.identity import FunctionKey
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.ui.query_groups import ChosenGroups

SOURCE = 'SOURCE logGroups(namePrefix: ["/a"]) | limit 1'


def functions(*names: str) -> list[LambdaFunction]:
    return [LambdaFunction(key=FunctionKey("1", "eu-west-1", name), log_group=f"/aws/lambda/{name}") for name in names]


@pytest.mark.parametrize(
    ("wish", "text", "sentence"),
    [
        (GroupWish(functions=("a",)), SOURCE, "SOURCE .* so FUNCTION does not go"),
        (GroupWish(log_groups=("/a",)), SOURCE, "SOURCE .* so --log-group does not go"),
        (GroupWish(prefixes=("/a",), functions=("a",)), "limit 1", "does not go with FUNCTION"),
        (GroupWish(prefixes=("/a",), log_groups=("/a",)), "limit 1", "does not go with --log-group"),
        (GroupWish(prefixes=tuple("/abcde")), "limit 1", "5 prefixes at most"),
        (GroupWish(prefixes=('/a"] | ',)), "limit 1", "letters, digits"),
    ],
)
def test_what_does_not_go_together_is_a_usage_error(wish: GroupWish, text: str, sentence: str) -> None:
    with pytest.raises(click.UsageError, match=sentence):
        check_wish(wish, text)


def test_a_function_that_is_written_as_a_log_group_is_one() -> None:
    arn = "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/b:*"
    assert wish_of(["a", "/app/x", arn, "/app/*"], ["/c"], []) == GroupWish(("a", "/app/*"), ("/c", "/app/x", arn), ())


@pytest.mark.parametrize("empty", [([""], [], []), ([], ["/a", " "], []), ([], [], [""])])
def test_an_empty_name_does_not_mean_all(empty: tuple[list[str], list[str], list[str]]) -> None:
    with pytest.raises(click.UsageError, match="is empty"):
        wish_of(*empty)


def test_a_saved_query_says_its_log_groups_in_the_screens_words() -> None:
    assert wish_of_words(["orders-*,", "/app/x"]) == GroupWish(("orders-*",), ("/app/x",), ())
    assert wish_of_words(["prefix:/aws/"]) == GroupWish(prefixes=("/aws/",))
    assert not wish_of_words([]).is_any


def test_functions_are_asked_for_only_where_they_tell_the_log_groups() -> None:
    assert needs_functions(GroupWish(), "limit 1")
    assert needs_functions(GroupWish(functions=("a",), log_groups=("/b",)), "limit 1")
    assert not needs_functions(GroupWish(log_groups=("/b",)), "limit 1")
    assert not needs_functions(GroupWish(prefixes=("/b",)), "limit 1")
    assert not needs_functions(GroupWish(), SOURCE)


def test_groups_are_those_named_and_those_of_functions_each_once() -> None:
    wish = GroupWish(functions=("a*",), log_groups=("/b", "/aws/lambda/a1"))
    assert groups_of(wish, functions("a1", "a2")).log_groups == ("/b", "/aws/lambda/a1", "/aws/lambda/a2")
    assert groups_of(GroupWish(prefixes=("/x",)), ()) == ChosenGroups(prefixes=("/x",))


def test_what_one_query_cannot_read_is_said_before_it_is_asked() -> None:
    with pytest.raises(CommandError, match="50 log groups by name at most, and these are 51") as many:
        groups_of(GroupWish(), functions(*(f"f{number}" for number in range(51))))
    assert "--log-group-prefix" in (many.value.remedy or "")
    with pytest.raises(CommandError, match="no function matches zzz"):
        groups_of(GroupWish(functions=("zzz",)), ())
    with pytest.raises(CommandError, match="no functions here"):
        groups_of(GroupWish(), ())
