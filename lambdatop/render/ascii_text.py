"""Printable text in ASCII alone, cell for cell, for terminals that have no other characters."""

import unicodedata

from lambdatop.render.span import Line, Printable, Span, text_width

_GLYPHS: dict[str, str] = {
    "■▮█▉▊▋▌": "#",
    "▍▎▏░▒▓▯▫─━–—―‐‑‒−": "-",  # noqa: RUF001  every dash
    "●•": "*",
    "○◇": "o",
    "◐◌▚": "%",
    "▲▴↑△": "^",
    "▼▾↓▽": "v",
    "▸▷▶→≥⟩»›": ">",  # noqa: RUF001  quotation marks, which are no signs here
    "◂◁◀←≤⟨«‹⌫": "<",  # noqa: RUF001
    "⊗": "X",
    "✖✗✘×": "x",  # noqa: RUF001  a sign of multiplication
    "│┃": "|",
    "┆": ":",
    "‖": "=",
    "◆┌┐└┘├┤┬┴┼╭╮╰╯✔✓": "+",
    "·∙": ".",
    "…": "~",
    "‘’‚": "'",  # noqa: RUF001
    "“”„": '"',
    "µ": "u",
    "\u00a0": " ",
}
_LEVELS = ("▁▂▃▄▅▆▇", "_.:-=+*")
"""Columns of a trend, as `block_chart` draws them in ASCII."""


class _Asciis(dict[int, str]):
    """What `str.translate` puts in a character's place, worked out when it is first met."""

    _LIMIT = 4096

    def __missing__(self, code_point: int) -> str:
        replacement = _replacement(chr(code_point))
        if len(self) < self._LIMIT:
            self[code_point] = replacement
        return replacement


def ascii_text(text: str) -> Printable:
    """Return printable text in ASCII, as wide as before: signs like ours, letters without accents, else `?`.

    >>> ascii_text("■ naïve 数 … ▁█")
    '# naive ?? ~ _#'
    """
    return Printable(text if text.isascii() else text.translate(_ASCIIS))


def ascii_line(line: Line) -> Line:
    """Return the line in ASCII, as wide as before; one that is in ASCII is returned itself."""
    if all(span.text.isascii() for span in line):
        return line
    return tuple(Span(ascii_text(span.text), span.style) for span in line)


def _replacement(character: str) -> str:
    """Return what stands for one character in as many cells: none for a mark over the letter before it."""
    width = text_width(character)
    if width == 1 and unicodedata.category(character).startswith("L"):
        letter = unicodedata.normalize("NFD", character)[0]
        if letter.isascii():
            return letter
    return character if character.isascii() else "?" * width


_ASCIIS = _Asciis({ord(sign): plain for signs, plain in _GLYPHS.items() for sign in signs})
_ASCIIS.update((ord(block), plain) for block, plain in zip(*_LEVELS, strict=True))
