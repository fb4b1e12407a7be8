"""Regular expressions made up at random, each with a text that it probably matches, to compare ways of reading them."""

from random import Random
from typing import NamedTuple

import regex

CHARACTERS = "abikosBIKOS12 -_\n.\u017f\u212aİ\u0131ßéÉ\t:{\"'\u2028\x1c"
WORDS = ("order ", "sik", "Time", "out", "ms", "ERROR: ", "kiosk", "é17", '{"id"', "a.b")
CLASSES = (
    (r"\d", "7"), (r"\w", "k"), (r"\s", " "), (r"\D", "x"), (r"\W", "-"), (r"\S", "é"), (".", "z"), ("[^a]", "\n"),
    ("[Kk]", "k"), ("[^ks]", "o"), ("[a-k]", "i"), ("[S-k]", "Z"), (r"[\x00-b]", "B"), (r"[\W\d]", "1"),
    (r"[^\x00-9]", "a"), (r"[^\s0-9]", "s"), (r"[\Sé]", "é"), ("[0-2]", "1"), (r"[\n]", "\n"),
)  # fmt: skip
PLACES = ("^", "$", r"\A", r"\Z", r"\b", r"\B", "(?=)", "(?!zz)", "(?<=k)", "(?<! )")
GROUPS = ("(", "(?:", "(?:", "(?P<n>", "(?i:", "(?-i:", "(?s:", "(?m:", "(?>", "(?=")
COUNTS = ("?", "*", "+", "{2}", "{1,2}", "{0,1}", "{2,}", "??", "*?", "+?", "?+", "*+", "++", "{e<=1}", "{,2}", "{x}")
OTHER_CASES = {"k": "\u212a", "s": "\u017f", "i": "İ", "K": "k", "I": "\u0131", "é": "É"}


class Made(NamedTuple):
    """A pattern, or a part of one, and what it may match."""

    pattern: str
    text: str


def made_pattern(random_: Random) -> Made:
    """Return a pattern with a text; some of them are none, which whoever compiles them says."""
    made = _either(random_, 2)
    flags = random_.choice(("", "", "", "", "(?i)", "(?s)", "(?m)", "(?x)"))
    pattern = made.pattern.lower() if random_.random() < 0.5 and "\\" not in made.pattern else made.pattern
    return Made(flags + pattern, made.text)


def made_lines(random_: Random, text: str) -> list[str]:
    """Return lines like the text: it alone, between others, in other cases, and with a character changed."""
    lines = [text, _noise(random_) + text + _noise(random_), _noise(random_), ""]
    lines.append("".join([_other_case(random_, character) for character in text]))
    place = random_.randint(0, len(text))
    lines.append(text[:place] + random_.choice(CHARACTERS) + text[place + 1 :])
    random_.shuffle(lines)
    return lines


def _either(random_: Random, depth: int) -> Made:
    parts = [_row(random_, depth) for _ in range(random_.choice((1, 1, 1, 2, 3)))]
    return Made("|".join([part.pattern for part in parts]), random_.choice(parts).text)


def _row(random_: Random, depth: int) -> Made:
    parts = [_counted(random_, _part(random_, depth)) for _ in range(random_.randint(0, 5))]
    return Made("".join([part.pattern for part in parts]), "".join([part.text for part in parts]))


def _counted(random_: Random, part: Made) -> Made:
    if random_.random() < 0.75 or not part.pattern:
        return part
    count = random_.choice(COUNTS)
    return Made(part.pattern + count, part.text * (2 if count[1:2] == "2" else random_.choice((1, 1, 2))))


def _part(random_: Random, depth: int) -> Made:
    kind = random_.random()
    if kind < 0.3:
        word = random_.choice(WORDS)
        return Made(regex.escape(word) if random_.random() < 0.7 else word, word)
    if kind < 0.5:
        character = random_.choice(CHARACTERS)
        return Made(regex.escape(character), character)
    if kind < 0.7:
        return Made(*random_.choice(CLASSES))
    if kind < 0.78 or depth == 0:
        return Made(random_.choice(PLACES), "")
    opening, inner = random_.choice(GROUPS), _either(random_, depth - 1)
    return Made(f"{opening}{inner.pattern})", inner.text)


def _noise(random_: Random) -> str:
    return "".join(random_.choices(CHARACTERS, k=random_.randint(0, 4)))


def _other_case(random_: Random, character: str) -> str:
    swapped = OTHER_CASES.get(character, character) if random_.random() < 0.5 else character.swapcase()
    return swapped if random_.random() < 0.5 and len(swapped) == 1 else character
