"""Takes secrets out of log text before it is saved, copied or sent on, and leaves it as readable as it was."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from lambdatop.render.card_number import CardPattern
from lambdatop.render.secret_patterns import PATTERNS
from lambdatop.render.secret_place import LiteralPattern, Secret, SecretPattern, lower, worded

NAMES: tuple[str, ...] = tuple(dict.fromkeys(pattern.name for pattern in PATTERNS))
"""The kinds of secrets that are known, in the order in which they are looked for."""
OWN = "own-pattern"
"""The name of what the user's patterns match."""


class OwnPattern:
    """What a regular expression of the user's matches."""

    name = OWN

    def __init__(self, regex: re.Pattern[str]) -> None:
        self._regex = regex

    def secrets(self, text: str) -> Iterator[Secret]:
        """Yield each match that is not empty."""
        for match in self._regex.finditer(text):
            if match.end() > match.start():
                yield Secret(match.start(), match.end(), worded("redacted"))


class Redaction:
    """Patterns that are looked for one after the other; a line without a trace of one costs next to nothing.

    A text takes time in proportion to its length, whatever it holds, but for what the user's own patterns take.
    """

    def __init__(self, patterns: Sequence[SecretPattern]) -> None:
        self._patterns = tuple(patterns)
        self._literals: list[tuple[str, int]] = []
        self._lower_literals: list[tuple[str, int]] = []
        self._always: list[int] = []
        self._cards: CardPattern | None = None
        self._card_place = -1
        for place, pattern in enumerate(self._patterns):
            if isinstance(pattern, LiteralPattern):
                literals = self._lower_literals if pattern.any_case else self._literals
                literals += [(literal, place) for literal in pattern.literals]
            elif isinstance(pattern, CardPattern):
                self._cards, self._card_place = pattern, place
            else:
                self._always.append(place)

    @classmethod
    def of(cls, names: Iterable[str] | None = None, extra_patterns: Iterable[re.Pattern[str]] = ()) -> "Redaction":
        """Return a redaction of these kinds of `NAMES` (None: of all), and first of what other patterns match.

        >>> Redaction.of(["card"], [re.compile("tenant-[0-9]+")]).redacted("tenant-7 paid by 4242 4242 4242 4242")
        '⟨redacted⟩ paid by ⟨card …4242⟩'
        """
        wanted = NAMES if names is None else frozenset(names)
        return cls([*map(OwnPattern, extra_patterns), *(pattern for pattern in PATTERNS if pattern.name in wanted)])

    def redacted(self, text: str) -> str:
        """Return the text with words such as ⟨card …4242⟩ in the places of secrets.

        JSON stays JSON, unless an own pattern cuts it.
        """
        suspects = self._suspects(text)
        return self._without(text, suspects)[0] if suspects else text

    def found(self, text: str) -> tuple[str, ...]:
        """Return the names of the kinds that `redacted` takes out, each once."""
        suspects = self._suspects(text)
        return tuple(dict.fromkeys(self._without(text, suspects)[1])) if suspects else ()

    def _suspects(self, text: str) -> list[int]:
        """Return the patterns that may match, in their order: those of which a literal is there."""
        lowered = lower(text)
        places = {place for literal, place in self._literals if literal in text}
        places.update([place for literal, place in self._lower_literals if literal in lowered])
        if self._cards is not None and self._cards.may_hold(text):
            places.add(self._card_place)
        return sorted([*places, *self._always])

    def _without(self, text: str, suspects: Sequence[int]) -> tuple[str, list[str]]:
        """Return the text without what the suspects find, and their names; own patterns may cut JSON anywhere."""
        text, names = self._passed(text, [place for place in suspects if place in self._always])
        changed, more = self._passed(text, [place for place in suspects if place not in self._always])
        if more and text[:1] in ("{", "[") and _is_json(text) and not _is_json(changed):
            changed = msgspec.json.encode(self._clean(msgspec.json.decode(text))).decode()
        return changed, names + more

    def _passed(self, text: str, suspects: Sequence[int]) -> tuple[str, list[str]]:
        names: list[str] = []
        for place in suspects:
            pattern = self._patterns[place]
            secrets = sorted(pattern.secrets(text))
            if secrets:
                text = _replaced(text, secrets)
                names.append(pattern.name)
        return text, names

    def _clean(self, value: Any, name: str = "") -> Any:  # noqa: ANN401  any JSON value
        """Return a JSON value without secrets, looked at beside its name: what is left where text alone breaks JSON."""
        if isinstance(value, dict):
            return {self._passed(key, self._suspects(key))[0]: self._clean(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return [self._clean(one, name) for one in value]
        if value is None or isinstance(value, bool):
            return value
        written = msgspec.json.encode({name: value}).decode()
        changed = self._passed(written, self._suspects(written))[0]
        if _is_json(changed):
            return next(iter(msgspec.json.decode(changed).values()))
        alone = str(value)
        return self._passed(alone, self._suspects(alone))[0]


_EVERY = Redaction.of()


def redacted(text: str) -> str:
    """Return the text without secrets of all kinds that are known.

    >>> redacted('{"user":"ann@example.com","password":"hunter2"}')
    '{"user":"⟨e-mail …@example.com⟩","password":"⟨password⟩"}'
    """
    return _EVERY.redacted(text)


def _replaced(text: str, secrets: Iterable[Secret]) -> str:
    """Return the text with the words in place; of secrets that overlap, the first one's."""
    pieces: list[str] = []
    done = 0
    for start, end, words in secrets:
        if start >= done:
            pieces += (text[done:start], words)
            done = end
    return "".join((*pieces, text[done:]))


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return True
