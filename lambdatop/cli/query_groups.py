"""Which log groups a query is run over."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import click

from lambdatop.cli.collect import check_patterns
from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.insights.query_facts import has_source
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.query import MAX_QUERY_GROUPS
from lambdatop.ui.query_groups import PREFIXES_MAX, ChosenGroups, is_quotable


@dataclass(frozen=True, slots=True)
class GroupWish:
    """What the command line says of log groups."""

    functions: tuple[str, ...] = ()
    log_groups: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    @property
    def is_any(self) -> bool:
        """Whether it says anything."""
        return bool(self.functions or self.log_groups or self.prefixes)


_LOG_GROUP = re.compile(r"(?:/|arn:[\w-]+:logs:)[^*?\[]*(?::\*)?")
"""A FUNCTION that can be none, but a log group; globs are of functions alone."""
_PREFIX = "prefix:"


def wish_of(functions: Sequence[str], log_groups: Sequence[str], prefixes: Sequence[str]) -> GroupWish:
    """Return what the command line says; a FUNCTION that is written as a log group is one.

    Raises UsageError for a name that is empty, such as a shell's variable that is not set: it would mean all functions.

    >>> wish_of(["api-*", "/aws/lambda/pay"], [], [])
    GroupWish(functions=('api-*',), log_groups=('/aws/lambda/pay',), prefixes=())
    """
    given = (("FUNCTION", functions), ("--log-group", log_groups), ("--log-group-prefix", prefixes))
    for what, names in given:
        if not all(name.strip() for name in names):
            raise click.UsageError(f"{what} is empty.")
    groups = [name for name in functions if _LOG_GROUP.fullmatch(name)]
    names = tuple(name for name in functions if name not in groups)
    return GroupWish(names, (*log_groups, *groups), tuple(prefixes))


def wish_of_words(words: Sequence[str]) -> GroupWish:
    """Return what a saved query says of log groups, as it is typed on the screen or kept in the account.

    >>> wish_of_words(["prefix:/aws/lambda/"]), wish_of_words(["orders,", "/app"]).functions
    (GroupWish(functions=(), log_groups=(), prefixes=('/aws/lambda/',)), ('orders',))
    """
    names = [name for word in words for name in word.split(",") if name]
    prefixes = [name.removeprefix(_PREFIX) for name in names if name.startswith(_PREFIX)]
    return wish_of([name for name in names if not name.startswith(_PREFIX)], (), prefixes)


def check_wish(wish: GroupWish, text: str) -> None:
    """Raise UsageError where log groups are given in two ways that do not go together."""
    ways = [name for name, given in (("--log-group-prefix", wish.prefixes), ("--log-group", wish.log_groups)) if given]
    ways += ["FUNCTION"] if wish.functions else []
    if has_source(text) and ways:
        raise click.UsageError(f"The query's SOURCE says which log groups it reads, so {ways[0]} does not go with it.")
    if wish.prefixes and len(ways) > 1:
        raise click.UsageError(f"--log-group-prefix does not go with {ways[1]}: a query is told prefixes or names.")
    if len(wish.prefixes) > PREFIXES_MAX:
        raise click.UsageError(f"A query takes {PREFIXES_MAX} prefixes at most.")
    for prefix in wish.prefixes:
        if not is_quotable(prefix):
            raise click.UsageError(f"--log-group-prefix {prefix}: names have letters, digits and _ - / . # alone.")


def needs_functions(wish: GroupWish, text: str) -> bool:
    """Return whether the functions must be known to tell the log groups."""
    return not (has_source(text) or wish.prefixes or (wish.log_groups and not wish.functions))


def groups_of(wish: GroupWish, functions: Sequence[LambdaFunction]) -> ChosenGroups:
    """Return what is named, and the functions' log groups; raises CommandError where one query cannot read them.

    Functions are those that the names and globs of the wish let through already.
    """
    if wish.prefixes:
        return ChosenGroups(prefixes=wish.prefixes)
    if wish.functions:
        check_patterns(wish.functions, functions)
    names = dict.fromkeys((*wish.log_groups, *(function.log_group for function in functions)))
    if not names:
        raise CommandError(ExitCode.AWS, "there are no functions here, so there is no log group to query")
    if len(names) > MAX_QUERY_GROUPS:
        raise CommandError(
            ExitCode.USAGE,
            f"one query reads {MAX_QUERY_GROUPS} log groups by name at most, and these are {len(names)}",
            "a narrower FUNCTION, or --log-group-prefix /aws/lambda/",
        )
    return ChosenGroups(tuple(names))
