"""What the screen needs of an engine; whoever made the engine ends it, once the terminal is given back."""

from typing import Protocol

from lambdatop.model.snapshot import Snapshot
from lambdatop.model.view import View


class EnginePort(Protocol):
    """Something that publishes snapshots; the same object means that nothing has changed."""

    latest: Snapshot

    def start(self) -> None:
        """Begin to collect; returns at once."""

    def set_view(self, view: View) -> None:
        """Say what the user looks at."""
