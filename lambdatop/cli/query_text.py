"""Which query is meant: a text, a file, standard input, or the name of a ready or saved one."""

import difflib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from lambdatop.cli.failure import CommandError, ExitCode
from lambdatop.model.query import QueryDefinition
from lambdatop.render.query_library import LIBRARY
from lambdatop.ui.query_parameters import filled, parameters_of


@dataclass(frozen=True, slots=True)
class QueryWords:
    """What the command line says of the query, and the functions that it is to be run over."""

    text: str | None
    name: str | None
    functions: tuple[str, ...]


def query_words(words: Sequence[str], file: str | None, name: str | None) -> QueryWords:
    """Return what is meant: the first word is the query, `-` standing for stdin, unless a file or a name is given."""
    if file == "" or name == "":
        raise click.UsageError(f"{'--name' if name == '' else '--file'} is empty.")
    if file is not None and name is not None:
        raise click.UsageError("--file and --name both say which query is meant; give one of them.")
    if name is not None:
        return QueryWords(None, name, tuple(words))
    if file is not None:
        return QueryWords(_read(file), None, tuple(words))
    if not words:
        raise click.UsageError(
            "Which query? Give its text, - for standard input, --file, or --name; --list shows names."
        )
    text = _standard_input() if words[0] == "-" else _encodable(words[0], "the query")
    return QueryWords(text, None, tuple(words[1:]))


def named_query(
    name: str,
    own: Callable[[], Sequence[QueryDefinition]],
    saved: Callable[[], Sequence[QueryDefinition]],
) -> QueryDefinition:
    """Return the user's own query of that name, else the ready one, else the one that is saved in the account.

    The account is asked only where no other has the name. Raises CommandError with names that are near.
    """
    mine = own()
    ready = [QueryDefinition(name=one.name, text=one.text) for one in LIBRARY]
    for definitions in (mine, ready):
        for definition in definitions:
            if definition.name.casefold() == name.casefold():
                return definition
    theirs = saved()
    for definition in theirs:
        if definition.name.casefold() == name.casefold():
            return definition
    names = [one.name for one in (*mine, *ready, *theirs)]
    near = difflib.get_close_matches(name, names, 3)
    there_is = f"; there is {', '.join(near)}" if near else ""
    raise CommandError(ExitCode.USAGE, f"no query is named {name}{there_is}", "lambdatop query --list")


def own_queries() -> Sequence[QueryDefinition]:
    """Return the queries that the user has saved; raises CommandError where their file cannot be used.

    Their log groups are the words that were typed on the screen.
    """
    from lambdatop.cli.folders import config_folder
    from lambdatop.ui.query_saved import SavedQueries, SavedQueryError

    file = config_folder() / "queries.toml"
    try:
        saved = SavedQueries(file).read()
    except SavedQueryError as error:
        raise CommandError(ExitCode.USAGE, str(error), f"an editor on {file}") from error
    return [QueryDefinition(name=one.name, text=one.text, log_groups=tuple(one.groups.split())) for one in saved]


def with_parameters(definition: QueryDefinition, values: Mapping[str, str]) -> str:
    """Return the text with its parameters filled in; raises CommandError for one without a value.

    >>> with_parameters(QueryDefinition(name="q", text="filter @duration > {{ms}}"), {"ms": "1000"})
    'filter @duration > 1000'
    """
    defaults = {one.name: one.default for one in definition.parameters if one.default is not None}
    known = {**defaults, **values}
    needed = parameters_of(definition.text)
    missing = [name for name in needed if name not in known]
    if missing:
        words = " ".join(f"--parameter {name}=…" for name in missing)
        raise CommandError(ExitCode.USAGE, f"the query leaves {', '.join(missing)} open", words)
    unknown = [name for name in values if name not in needed]
    if unknown:
        raise CommandError(ExitCode.USAGE, f"the query has no parameter {', '.join(unknown)}")
    return filled(definition.text, known)


def parameter_values(options: Sequence[str]) -> dict[str, str]:
    """Return the values of `--parameter name=value`."""
    values = {}
    for one in options:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"--parameter {one}: say name=value.")
        values[name.strip()] = value
    return values


def _read(file: str) -> str:
    if file == "-":
        return _standard_input()
    try:
        return Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file, error) from error


def _standard_input() -> str:
    if sys.stdin is None:
        raise CommandError(ExitCode.USAGE, "standard input is closed, so there is no query to read")
    try:
        text = sys.stdin.read()
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable("standard input", error) from error
    return _encodable(text.removeprefix("\ufeff"), "standard input")


def _encodable(text: str, what: str) -> str:
    """Return a text; raises CommandError where it came in bytes that are no UTF-8, which Python lets through."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _unreadable(what, error) from error
    return text


def _unreadable(what: str, error: OSError | UnicodeError) -> CommandError:
    reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
    return CommandError(ExitCode.USAGE, f"{what} cannot be read: {reason}")
