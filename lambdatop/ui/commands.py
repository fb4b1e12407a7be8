"""The command palette: every key's action, every pane, every column to sort by and every theme, by name."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from lambdatop.model.reading import READING_WISHES
from lambdatop.parsers.correlation import xray_trace_id
from lambdatop.parsers.goto_time import parse_goto
from lambdatop.render import units
from lambdatop.render.columns import COLUMNS
from lambdatop.render.wide_logs_words import readings, wish_words
from lambdatop.ui.keys import Place, help_order
from lambdatop.ui.screens.logs import LogsScreen
from lambdatop.ui.screens.overview import OverviewScreen
from lambdatop.ui.screens.place import PlaceScreen
from lambdatop.ui.wanted import RequestWanted

_TYPED_SCORE = 1e6
"""Above all that match by name alone."""
_REQUEST_ID = re.compile(r"[0-9A-Fa-f-]{1,36}")
_WHOLE_REQUEST_ID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")


class Command(NamedTuple):
    """Something that can be done from here."""

    name: str
    help: str
    run: Callable[[], object]


class LambdatopCommands(Provider):
    """Finds commands by name."""

    async def discover(self) -> Hits:
        """Offer everything."""
        for command in commands(self.screen):
            yield DiscoveryHit(command.name, command.run, help=command.help)

    async def search(self, query: str) -> Hits:
        """Offer what is typed with its object, such as a time to go to, and what matches."""
        for command in typed_commands(self.screen, query):
            yield Hit(_TYPED_SCORE, command.name, command.run, help=command.help)
        matcher = self.matcher(query)
        for command in commands(self.screen):
            score = matcher.match(f"{command.name} {command.help}")
            if score > 0:
                yield Hit(score, matcher.highlight(command.name), command.run, help=command.help)


def typed_commands(screen: Screen[Any], query: str) -> Iterator[Command]:
    """Return what can be done with what was typed: a word that says what to do, and its object."""
    word, _, rest = query.strip().partition(" ")
    yield from _request_commands(screen, word, rest.strip())
    if isinstance(screen, LogsScreen):
        settings = screen.session.settings
        is_named = word in ("goto", "go", "at")
        at_ms = parse_goto(rest.removeprefix("to ") if is_named else query, settings.now_ms(), settings.is_utc)
        if at_ms is not None:
            moment = units.timestamp(at_ms, settings.is_utc)
            yield Command(f"go to {moment}", "the first line at that time or after it", partial(screen.goto, at_ms))


def _request_commands(screen: Screen[Any], word: str, rest: str) -> Iterator[Command]:
    """Return what opens the request whose ID, or trace's ID, was typed after `request` or `trace`, or alone."""
    typed = rest if word in {"request", "trace"} else word
    trace_id = xray_trace_id(typed)
    if trace_id is not None and not (word == "request" or (word != "trace" and rest)):
        open_it = partial(screen.app.post_message, RequestWanted(trace_id=trace_id))
        yield Command(f"open trace {trace_id}", "the request that began this trace, from end to end", open_it)
    elif (_REQUEST_ID if word == "request" else _WHOLE_REQUEST_ID).fullmatch(typed) and word != "trace":
        open_it = partial(screen.app.post_message, RequestWanted(typed.lower()))
        yield Command(f"open request {typed.lower()}", "the request with this ID, from end to end", open_it)


def commands(screen: Screen[Any]) -> Iterator[Command]:
    """Return what can be done in a place."""
    app = screen.app
    place: Place = getattr(screen, "place", None) or "page"
    for key in help_order(place):
        if "command_palette" not in key.action:
            yield Command(f"{key.word} ({key.shown})", key.help, partial(screen.run_action, key.action))
    for word, what in (("request", "a request ID or its beginning"), ("trace", "an X-Ray trace ID")):
        say = partial(screen.notify, f"Type {word} and {what} after the colon.", timeout=6, markup=False)
        yield Command(f"{word} ID", f"typed here, {word} and {what} open that request from end to end", say)
    told = readings(screen.session.snapshot.sources) if isinstance(screen, PlaceScreen) else ()
    for wish in READING_WISHES:
        yield Command(f"wide logs: {wish}", wish_words(wish, told), partial(app.run_action, f"app.wide_logs('{wish}')"))
    if isinstance(screen, OverviewScreen):
        for column in COLUMNS:
            yield Command(f"sort by {column.title}", column.help, partial(screen.sort_by, column))
    for theme in sorted(app.available_themes):
        yield Command(f"theme {theme}", "use these colours", partial(setattr, app, "theme", theme))
