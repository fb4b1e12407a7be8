"""What could be written next at a place in a query."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from lambdatop.insights.completion_place import MadeNames, Place, names_made_before, place_at
from lambdatop.insights.literals import written_name
from lambdatop.insights.vocabulary import AUTOMATIC_FIELDS, COMMANDS, FUNCTIONS, Function

CompletionKind = Literal["command", "keyword", "function", "aggregate", "alias", "field", "automatic", "period"]

_PERIODS = ("1m", "5m", "10m", "15m", "30m", "1h", "3h", "6h", "12h", "1d", "10s", "30s", "1w")
_AFTER_OPERAND = {
    "fields": ("as",),
    "display": ("as",),
    "filter": ("and", "or", "like", "not like", "in", "not in"),
    "where": ("and", "or", "like", "not like", "in", "not in"),
    "stats": ("as", "by"),
    "sort": ("desc", "asc"),
    "parse": ("as",),
    "unnest": ("into",),
}


class Completion(NamedTuple):
    """A text to be written, with what it is and one sentence on it."""

    text: str
    kind: CompletionKind
    summary: str


class Completions(NamedTuple):
    """What could stand in the text from `start` to before `end`, the likeliest first."""

    start: int
    end: int
    items: tuple[Completion, ...]


def completions(text: str, offset: int, fields: Sequence[str]) -> Completions:
    """What could be written where the caret stands; `fields` are those that the logs are known to have."""
    place = place_at(text, offset)
    made = names_made_before(text, place.start)
    candidates = dict.fromkeys(_candidates(place, made, fields))
    if text[place.end : place.end + 1] == "(":
        candidates = dict.fromkeys(_without_bracket(item) for item in candidates)
    if place.is_ticked:
        candidates = dict.fromkeys(item for item in candidates if item.kind in ("alias", "field", "automatic"))
    return Completions(place.start, place.end, tuple(_matching(candidates, place.prefix)))


def _without_bracket(item: Completion) -> Completion:
    """A call without its bracket, for a place that has one already."""
    is_call = item.kind in ("function", "aggregate")
    return item._replace(text=item.text.partition("(")[0]) if is_call else item


def _matching(candidates: Iterable[Completion], prefix: str) -> list[Completion]:
    """Those that go on from the prefix, then those that have it inside; if it is whole, only what is longer."""
    wanted = prefix.lower()
    ranked = [(rank, item) for item in candidates if (rank := _rank(item.text.lower(), wanted)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    is_whole = any(item.text == prefix for _, item in ranked)
    return [item for rank, item in ranked if item.text != prefix and not (is_whole and rank > 0)]


def _rank(candidate: str, wanted: str) -> int | None:
    """0 where the candidate begins with what is wanted, 1 where it does after an `@`, 2 where it has it inside."""
    if candidate.startswith(wanted):
        return 0
    if candidate.replace("`", "").startswith((wanted, f"@{wanted}")):
        return 1
    return 2 if wanted in candidate else None


def _candidates(place: Place, made: MadeNames, fields: Sequence[str]) -> Iterator[Completion]:
    match place.expected:
        case "first command" | "command":
            yield from _commands(is_first=place.expected == "first command")
        case "period":
            yield from (Completion(period, "period", f"Bins of {period}.") for period in _PERIODS)
        case "after operand":
            words = _AFTER_OPERAND.get(place.command, ())
            yield from (Completion(word, "keyword", "") for word in words if not (place.is_grouping and word == "by"))
        case "aggregate":
            yield Completion("count(*)", "aggregate", "How many rows there are.")
            yield from _functions("aggregate")
            yield from _aliases(made)
        case "group":
            yield _call(FUNCTIONS["bin"])
            yield from _names(made, fields)
            yield from _functions("scalar")
        case "expression":
            yield from _names(made, fields)
            yield from _functions("scalar")
        case "nothing":
            pass


def _commands(*, is_first: bool) -> Iterator[Completion]:
    """The commands that run everywhere come first."""
    for word in sorted(COMMANDS.values(), key=lambda word: not word.is_run_here):
        if is_first or word.name != "SOURCE":
            yield Completion(word.name, "command", word.summary)


def _functions(kind: Literal["scalar", "aggregate"]) -> Iterator[Completion]:
    functions = dict.fromkeys(function for function in FUNCTIONS.values() if function.kind == kind)
    for function in sorted(functions, key=lambda function: not function.is_run_here):
        yield _call(function)


def _call(function: Function) -> Completion:
    text = f"{function.name}()" if function.most == 0 else f"{function.name}("
    kind: CompletionKind = "aggregate" if function.kind == "aggregate" else "function"
    return Completion(text, kind, f"{function.signature}: {function.summary}")


def _aliases(made: MadeNames) -> Iterator[Completion]:
    for name in made.names:
        yield Completion(name if "(" in name else written_name(name), "alias", "Made by this query.")


def _names(made: MadeNames, fields: Sequence[str]) -> Iterator[Completion]:
    """The names that the query made and, unless a `stats` hides them, the fields of the logs."""
    yield from _aliases(made)
    if made.is_all:
        return
    for name in fields:
        if name not in AUTOMATIC_FIELDS and "`" not in name and "\n" not in name:
            yield Completion(written_name(name), "field", "Found in the logs.")
    for field in AUTOMATIC_FIELDS.values():
        yield Completion(field.name, "automatic", f"{field.summary} In {field.unit}." if field.unit else field.summary)
