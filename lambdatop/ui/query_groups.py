"""Which log groups a query reads: chosen by names, globs of functions, or prefixes."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from lambdatop.insights.query_facts import has_source
from lambdatop.model.identity import Scope
from lambdatop.model.query import MAX_QUERY_GROUPS
from lambdatop.model.snapshot import Snapshot
from lambdatop.render.row_order import matches

PREFIXES_MAX = 5
"""Of `SOURCE logGroups(namePrefix: […])` (AWS-FACTS 5.1)."""
_PREFIX = "prefix:"
_GLOB = re.compile(r"[*?\[]")


class GroupChoice(NamedTuple):
    """What was typed: names of functions or log groups, globs such as `check*`, `prefix:/aws/lambda/check`."""

    text: str = ""


class ChosenGroups(NamedTuple):
    """What a choice means now."""

    log_groups: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    problem: str | None = None
    """Why no query can run over them."""

    @property
    def words(self) -> str:
        """How many there are, or which one."""
        if self.prefixes:
            return "all that begin with " + " or ".join(self.prefixes)
        if len(self.log_groups) == 1:
            return self.log_groups[0]
        return f"{len(self.log_groups)} log groups"


def chosen_groups(choice: GroupChoice, snapshot: Snapshot, scope: Scope) -> ChosenGroups:
    """Return the log groups of a scope that a choice means; an empty one means those of all functions.

    Where those are more than a query takes, it means all that begin as they do.
    """
    words = choice.text.replace(",", " ").split()
    prefixes = tuple(dict.fromkeys(word.removeprefix(_PREFIX) for word in words if word.startswith(_PREFIX)))
    others = [word for word in words if not word.startswith(_PREFIX)]
    if prefixes:
        if others:
            return ChosenGroups(problem="Names and prefixes cannot be mixed in one query.")
        if len(prefixes) > PREFIXES_MAX or not all(map(is_quotable, prefixes)):
            return ChosenGroups(
                problem=f"A query takes up to {PREFIXES_MAX} prefixes, of letters, digits and _ - / . #"
            )
        return ChosenGroups(prefixes=prefixes)
    return _by_name(others, snapshot, scope)


def _by_name(words: Sequence[str], snapshot: Snapshot, scope: Scope) -> ChosenGroups:
    by_function = _by_function(snapshot, scope)
    if not words:
        groups = list(by_function.values())
    else:
        groups = []
        for word in words:
            found = _meant(word, by_function)
            if not found:
                return ChosenGroups(problem=f"No function or log group matches {word}.")
            groups += found
    groups = sorted(set(groups))
    if len(groups) > MAX_QUERY_GROUPS:
        covering = common_prefixes(groups)
        if not words and all(map(is_quotable, covering)):
            return ChosenGroups(prefixes=covering)
        offered = " ".join(_PREFIX + prefix for prefix in covering)
        return ChosenGroups(
            tuple(groups),
            problem=f"{len(groups)} log groups, and a query takes {MAX_QUERY_GROUPS}; by prefix: {offered}",
        )
    if not groups:
        return ChosenGroups(problem="No function is known here yet; name a log group, or a prefix.")
    return ChosenGroups(tuple(groups))


def _by_function(snapshot: Snapshot, scope: Scope) -> dict[str, str]:
    """Return each function's log group, by the function's name."""
    return {
        row.key.name: row.function.log_group or f"/aws/lambda/{row.key.name}"
        for row in snapshot.functions
        if row.key.scope == scope
    }


def _meant(word: str, by_function: dict[str, str]) -> list[str]:
    """Return the log groups that one word means; a whole name of a log group need not be known."""
    if word in by_function:
        return [by_function[word]]
    found = [group for name, group in by_function.items() if _fits(word, name, group)]
    return found or ([word] if word.startswith("/") and not _GLOB.search(word) else [])


def _fits(word: str, name: str, group: str) -> bool:
    if word.startswith("/"):
        return word == group or bool(_GLOB.search(word) and matches(group, word))
    return matches(name, word)


def common_prefixes(groups: Sequence[str]) -> tuple[str, ...]:
    """Return at most five prefixes that cover the log groups: of each folder, what its groups begin with.

    >>> common_prefixes(["/aws/lambda/check-a", "/aws/lambda/check-b", "/app/x"])
    ('/app/x', '/aws/lambda/check-')
    """
    folders: dict[str, list[str]] = {}
    for group in groups:
        folders.setdefault(group.rpartition("/")[0], []).append(group)
    shared = sorted(_shared(members) for members in folders.values())
    return tuple(shared) if len(shared) <= PREFIXES_MAX else (_shared(groups) or "/",)


def _shared(groups: Sequence[str]) -> str:
    least, most = min(groups), max(groups)
    return next((least[:at] for at, letter in enumerate(least) if most[at : at + 1] != letter), least)


def known_groups(chosen: ChosenGroups, snapshot: Snapshot, scope: Scope) -> tuple[str, ...]:
    """Return the log groups that a choice names, or of those that functions log to, those with its prefixes."""
    if not chosen.prefixes:
        return chosen.log_groups
    known = set(_by_function(snapshot, scope).values())
    return tuple(sorted(group for group in known if group.startswith(chosen.prefixes)))


def log_formats(chosen: ChosenGroups, snapshot: Snapshot, scope: Scope) -> frozenset[str]:
    """Return the log formats of the functions that log to what is chosen, in Lambda's words."""
    groups = set(known_groups(chosen, snapshot, scope))
    by_function = _by_function(snapshot, scope)
    return frozenset(
        row.function.log_format
        for row in snapshot.functions
        if row.key.scope == scope and by_function[row.key.name] in groups
    )


def query_over(text: str, chosen: ChosenGroups) -> tuple[str, tuple[str, ...], int]:
    """Return the text to run, the log groups to name beside it, and how many characters were put before the text."""
    if has_source(text):
        return text, (), 0
    if chosen.prefixes:
        quoted = ", ".join(f'"{prefix}"' for prefix in chosen.prefixes)
        source = f"SOURCE logGroups(namePrefix: [{quoted}])\n| "
        return source + text, (), len(source)
    return text, chosen.log_groups, 0


def infrequent_groups(snapshot: Snapshot) -> frozenset[str]:
    """Return the log groups of the Infrequent Access class that reading has met."""
    return frozenset(
        group.log_group
        for status in snapshot.sources
        for group in status.log_groups
        if group.trouble is not None and "(Infrequent Access)" in group.trouble
    )


def is_quotable(prefix: str) -> bool:
    """Return whether a prefix is made of what names of log groups are (CreateLogGroup's `logGroupName`)."""
    return re.fullmatch(r"[.\-_/#A-Za-z0-9]{1,512}", prefix) is not None
