"""What the screen needs of an engine; whoever made the engine ends it, once the terminal is given back."""

from collections.abc import Callable
from typing import Protocol

from lambdatop.model.question import Answer, Question
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.view import View


class EnginePort(Protocol):
    """Something that publishes snapshots; the same object means that nothing has changed."""

    latest: Snapshot

    def start(self) -> None:
        """Begin to collect; returns at once."""

    def set_view(self, view: View) -> None:
        """Say what the user looks at."""

    def listen(self, hear: Callable[[Answer], None]) -> None:
        """Have `hear` called with every answer, in a thread of the engine's."""

    def ask(self, question: Question) -> None:
        """Ask, in place of what was asked before of the same topic."""

    def withdraw(self, topic: str) -> None:
        """Ask nothing more of a topic."""
