"""Where a secret stands in a text, what is written in its place, and what looks for it."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

OPEN, CLOSE = "⟨", "⟩"
"""Around what stands in a secret's place: neither means anything to JSON, a shell or a terminal."""
TELLING_LENGTH = 24
"""A token at least so long keeps its last four characters, so that two of them can be told apart."""


class Secret(NamedTuple):
    """A secret from `start` to `end`, and the words for its place."""

    start: int
    end: int
    words: str


Find = Callable[[str, int], Secret | None]
"""What looks at a text where a literal was found, and returns the secret there, if it is one."""


class SecretPattern(Protocol):
    """One kind of secret."""

    name: str

    def secrets(self, text: str) -> Iterator[Secret]:
        """Yield the secrets of this kind, which may overlap."""
        ...


class LiteralPattern:
    """Secrets that stand at a literal: the text is searched for that, and looked at only there.

    What any letter case may have is searched for by its lower case.
    """

    def __init__(self, name: str, literals: Sequence[str], find: Find, *, any_case: bool = False) -> None:
        self.name = name
        self.literals = tuple(literals)
        self.any_case = any_case
        self._find = find

    def secrets(self, text: str) -> Iterator[Secret]:
        """Yield what stands at each of the literals."""
        searched = lower(text) if self.any_case else text
        for literal in self.literals:
            place = searched.find(literal)
            while place >= 0:
                secret = self._find(text, place)
                after = place + len(literal)
                if secret is not None:
                    yield secret
                    after = max(after, secret.end)
                place = searched.find(literal, after)


def lower(text: str) -> str:
    """Return the text in lower case, each character in its own place.

    >>> lower("PASSWORD=İ")
    'password=İ'
    """
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(one.lower() if one.isascii() else one for one in text)


def worded(kind: str, told: str = "") -> str:
    """Return what is written in a secret's place.

    >>> worded("card", "4242"), worded("JWT")
    ('⟨card …4242⟩', '⟨JWT⟩')
    """
    return f"{OPEN}{kind} …{told}{CLOSE}" if told else f"{OPEN}{kind}{CLOSE}"


def ending(kind: str, secret: str) -> str:
    """Return the words for a token, with its end where it is long enough to stay one."""
    told = secret.rstrip("=")[-4:]
    return worded(kind, told if len(secret) >= TELLING_LENGTH and told.isascii() and told.isalnum() else "")


def is_replaced(text: str, place: int) -> bool:
    """Return whether the words for another secret begin here."""
    return text.startswith(OPEN, place) and text.find(CLOSE, place, place + 80) > 0
