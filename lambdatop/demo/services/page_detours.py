"""Detours on the way through the pages of FilterLogEvents: empty pages, and tokens that lead back."""

import base64
import binascii

import msgspec

from lambdatop.demo.log_store import EventKey, StoredEvent, event_key
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.weather import Weather

MAX_DETOURS = 3
"""In a row, after which a page goes on, so that paging ends."""
UNCHANGED_SHARE = 0.2
"""Of the tokens that lead back: the one that was sent, once."""
MAX_UNCHANGED = 10_000


class PageToken(msgspec.Struct, array_like=True, frozen=True):
    """Where a page begins, and how many detours led there."""

    is_forward: bool
    position: EventKey
    detours: int = 0

    def text(self) -> str:
        """What the client is given."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode()


def read_token(text: str) -> PageToken:
    """The token that a client sends back. Raises InvalidParameterException."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text), type=PageToken)
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise ServiceError("InvalidParameterException", "The specified nextToken is invalid.") from error


class PageDetours:
    """What the weather makes of one account's pages."""

    def __init__(self, weather: Weather) -> None:
        self._weather = weather
        self._returned_unchanged: set[str] = set()

    def is_empty(self, here: PageToken) -> bool:
        """Whether the page that begins here comes empty, with a token."""
        return here.detours < MAX_DETOURS and self._weather.strike("empty-pages") is not None

    def onward(
        self, here: PageToken, sent: str | None, events: list[StoredEvent], following: EventKey | None
    ) -> str | None:
        """The token after a page; `sent` is the one that led to it, `following` what it ends before, if anything."""
        back = self._weather.strike("repeat-tokens") if events and here.detours < MAX_DETOURS else None
        if back is None:
            return None if following is None else PageToken(here.is_forward, following).text()
        if sent is not None and sent not in self._returned_unchanged and back.random.random() < UNCHANGED_SHARE:
            if len(self._returned_unchanged) >= MAX_UNCHANGED:
                self._returned_unchanged.clear()
            self._returned_unchanged.add(sent)
            return sent
        again = events[back.random.choice((0, len(events) // 2))]
        return PageToken(here.is_forward, event_key(again), here.detours + 1).text()
