"""What completes a query where one writes, and which of it is chosen; no widget in it."""

from collections.abc import Callable
from typing import NamedTuple

from lambdatop.ui.query_buffer import QueryBuffer


class Offer(NamedTuple):
    """Something that may stand there, with what it is."""

    text: str
    summary: str = ""
    goes_back: int = 0
    """How many of its last characters the cursor stands before, such as a closing bracket."""


class Offers(NamedTuple):
    """What may stand from `start` to `end` of the text, the likeliest first."""

    start: int
    end: int
    offers: tuple[Offer, ...]


def _nothing(_text: str, _offset: int) -> Offers | None:
    return None


class QueryOffers:
    """Opens by a key, follows what is typed, and closes where nothing fits any more."""

    def __init__(self) -> None:
        self.source: Callable[[str, int], Offers | None] = _nothing
        self.index = 0
        """The offer that is chosen."""
        self._shown: Offers | None = None
        self.is_awaited = False
        """Whether something was asked for where nothing is known yet; it may still come."""

    @property
    def is_open(self) -> bool:
        """Whether something is offered."""
        return self._shown is not None

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is offered."""
        return self._shown.offers if self._shown is not None else ()

    @property
    def start(self) -> int:
        """Where what would be replaced begins."""
        return self._shown.start if self._shown is not None else 0

    def open(self, buffer: QueryBuffer) -> bool:
        """Offer what fits at the cursor; where that is one thing, write it and return True."""
        self._show(buffer)
        self.is_awaited = not self.is_open
        if self._shown is not None and len(self._shown.offers) == 1:
            self.take(buffer)
            return True
        return False

    def learn(self, buffer: QueryBuffer) -> None:
        """Offer what more is known by now."""
        if self.is_open or self.is_awaited:
            self._show(buffer)

    def follow(self, buffer: QueryBuffer) -> None:
        """Offer what fits what is typed, if anything is offered."""
        if self.is_open:
            self._show(buffer)
        self.is_awaited = False

    def move(self, rows: int) -> None:
        """Choose another one, round and round."""
        if self._shown is not None:
            self.index = (self.index + rows) % len(self._shown.offers)

    def take(self, buffer: QueryBuffer) -> None:
        """Write the one that is chosen."""
        if self._shown is not None:
            offer = self._shown.offers[self.index]
            buffer.replace(self._shown.start, self._shown.end, offer.text)
            buffer.go(buffer.cursor - offer.goes_back)
        self.close()

    def close(self) -> None:
        """Offer nothing."""
        self._shown = None
        self.is_awaited = False
        self.index = 0

    def _show(self, buffer: QueryBuffer) -> None:
        found = self.source(buffer.text, buffer.cursor)
        self._shown = found if found is not None and found.offers else None
        self.index = 0
