"""The command palette: every key's action, every pane, every column to sort by and every theme, by name."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from textual.app import App
from textual.command import DiscoveryHit, Hit, Hits, Provider

from lambdatop.render.columns import COLUMNS
from lambdatop.ui.keys import KEYS
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
        for command in commands(self.app):
            yield DiscoveryHit(command.name, command.run, help=command.help)

    async def search(self, query: str) -> Hits:
        """Offer what matches."""
        matcher = self.matcher(query)
        for command in commands(self.app):
            score = matcher.match(f"{command.name} {command.help}")
            if score > 0:
                yield Hit(score, matcher.highlight(command.name), command.run, help=command.help)


def commands(app: App[Any]) -> Iterator[Command]:
    """Return what can be done on the screen that is open."""
    screen = app.screen
    place = getattr(screen, "KEYS", "page")
    for key in KEYS:
        if place in key.places and "command_palette" not in key.action:
            yield Command(f"{key.word} ({key.shown})", key.help, partial(screen.run_action, key.action))
    if isinstance(screen, OverviewScreen):
        for column in COLUMNS:
            yield Command(f"sort by {column.title}", column.help, partial(screen.sort_by, column))
    for theme in sorted(app.available_themes):
        yield Command(f"theme {theme}", "use these colours", partial(setattr, app, "theme", theme))
