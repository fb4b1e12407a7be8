"""Words in what was sent to a terminal that nobody can see, as their colour is that of what they stand on."""

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tests.terminal_bytes import Token

LEAST_CONTRAST = 1.2
_SIXTEEN = (
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
)  # fmt: skip
"""xterm's."""
_CUBE = (0, 95, 135, 175, 215, 255)


class _Pen(NamedTuple):
    """How text is written that is sent now; a colour is None where it is the terminal's own."""

    foreground: int | None = None
    background: int | None = None
    is_concealed: bool = False


def hidden(sent: Sequence[Token]) -> Iterator[str]:
    """Yield words that are concealed or like what they stand on."""
    pen = _Pen()
    for token in sent:
        if token.kind == "text":
            if _hides(pen) and any(map(str.isalnum, token.text)):
                yield token.text
        elif token.text.endswith("m") and token.shape == "csi m":
            pen = _after(pen, token.text)


@lru_cache(maxsize=10_000)
def _hides(pen: _Pen) -> bool:
    """Return whether what is written so cannot be seen."""
    if pen.foreground is None or pen.background is None:
        return pen.is_concealed
    return pen.is_concealed or _contrast(pen.foreground, pen.background) < LEAST_CONTRAST


@lru_cache(maxsize=10_000)
def _after(pen: _Pen, sequence: str) -> _Pen:
    """Return how text is written after a sequence."""
    codes = [int(code or 0) for code in re.split("[;:]", sequence[2:-1])]
    while codes:
        code = codes.pop(0)
        if code == 0:
            pen = _Pen()
        elif code in (8, 28):
            pen = pen._replace(is_concealed=code == 8)
        elif code in (38, 39) or code // 10 in (3, 9):
            pen = pen._replace(foreground=_color(code, codes))
        elif code in (48, 49) or code // 10 in (4, 10):
            pen = pen._replace(background=_color(code - 10, codes))
    return pen


def _color(code: int, codes: list[int]) -> int | None:
    """Return the foreground that a code chooses; what belongs to it is taken off those that follow."""
    if code == 39:
        return None
    if code != 38:
        return _SIXTEEN[code % 10 + (8 if code >= 90 else 0)]
    if codes.pop(0) == 2:
        red, green, blue, *codes[:] = codes
        return red << 16 | green << 8 | blue
    number = codes.pop(0)
    if number < 16:
        return _SIXTEEN[number]
    if number >= 232:
        return 0x010101 * (8 + 10 * (number - 232))
    red, green, blue = (_CUBE[(number - 16) // step % 6] for step in (36, 6, 1))
    return red << 16 | green << 8 | blue


def _contrast(one: int, other: int) -> float:
    """Return the contrast ratio of two colours (WCAG 2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: int) -> float:
    shares = ((0.2126, 16), (0.7152, 8), (0.0722, 0))
    return sum(share * math.pow((color >> shift & 255) / 255, 2.2) for share, shift in shares)
