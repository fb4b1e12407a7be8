"""The command palette: every key's action, every pane, every column to sort by and every theme, by name."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from lambdatop.parsers.goto_time import parse_goto
from lambdatop.render import units
from lambdatop.render.columns import COLUMNS
from lambdatop.ui.keys import KEYS
from lambdatop.ui.screens.logs import LogsScreen
from lambdatop.ui.screens.overview import OverviewScreen


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
            yield Hit(1.0, command.name, command.run, help=command.help)
        matcher = self.matcher(query)
        for command in commands(self.screen):
            score = matcher.match(f"{command.name} {command.help}")
            if score > 0:
                yield Hit(score, matcher.highlight(command.name), command.run, help=command.help)


def typed_commands(screen: Screen[Any], query: str) -> Iterator[Command]:
    """Return what can be done with what was typed: a word that says what to do, and its object."""
    word, _, rest = query.strip().partition(" ")
    if isinstance(screen, LogsScreen):
        settings = screen.session.settings
        is_named = word in ("goto", "go", "at")
        at_ms = parse_goto(rest.removeprefix("to ") if is_named else query, settings.now_ms(), settings.is_utc)
        if at_ms is not None:
            moment = units.timestamp(at_ms, settings.is_utc)
            yield Command(f"go to {moment}", "the first line at that time or after it", partial(screen.goto, at_ms))


def commands(screen: Screen[Any]) -> Iterator[Command]:
    """Return what can be done in a place."""
    app = screen.app
    place = getattr(screen, "KEYS", "page")
    for key in KEYS:
        if place in key.places and "command_palette" not in key.action:
            yield Command(f"{key.word} ({key.shown})", key.help, partial(screen.run_action, key.action))
    if isinstance(screen, OverviewScreen):
        for column in COLUMNS:
            yield Command(f"sort by {column.title}", column.help, partial(screen.sort_by, column))
    for theme in sorted(app.available_themes):
        yield Command(f"theme {theme}", "use these colours", partial(setattr, app, "theme", theme))
