"""The one gate for foreign text: nothing that came from AWS reaches a terminal except through here.

What a terminal would obey, hide or reorder becomes a visible picture, so that log text can neither drive the
terminal nor deceive its reader: C0, C1 and DEL, bidirectional controls, zero-width and tag characters, line and
paragraph separators, lone surrogates, private-use and unassigned code points. Text is bounded in length.
"""

import re
import unicodedata

from lambdatop.render.sgr import Rendition
from lambdatop.render.span import Line, Printable, Span

__all__ = ["COMBINING_LIMIT", "Printable", "is_mark", "printable", "printable_lines", "printable_spans"]

TAB_WIDTH = 4
LINE_BREAK = "⏎"
COMBINING_LIMIT = 3
"""Marks kept over one letter; the longest real stacks (Vietnamese, Hebrew, Thai) need no more."""
_LEFT_OFF_MIN_LIMIT = 40
"""Below this limit an ellipsis says it; above, the number of characters left off is said too."""

_SGR = re.compile("\x1b\\[([0-9;]{0,64})m")
_LINE_BREAKS = re.compile(r"\r\n|[\n\r]")
_LONE_JOINER = re.compile("(?<![\u200c\u200d])[\u200c\u200d](?![\u200c\u200d])")
_BEYOND_LATIN = re.compile("[\u0300-\U0010ffff]")
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters and marks that leave no trace (Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties)."""
_VARIATION_SELECTORS = frozenset("\u180b\u180c\u180d\u180f") | frozenset(map(chr, range(0xFE00, 0xFE10)))
_SGR_TEXT_MIN = 3_000
"""So much text is looked at for colours at least: a gradient has twenty characters of them for each letter."""


class _Pictures(dict[int, str]):
    """What `str.translate` puts in a code point's place, worked out when it is first met."""

    _LIMIT = 4096

    def __missing__(self, code_point: int) -> str:
        picture = _picture(chr(code_point))
        if len(self) < self._LIMIT:
            self[code_point] = picture
        return picture


def printable(text: str, limit: int = 1000) -> Printable:
    r"""Return text that is safe to write, at most `limit` characters long, in one line.

    >>> printable("ok\x1b]52;c;cm0=\x07\n  at main\u202e")
    'ok␛]52;c;cm0=␇⏎  at main⟨U+202E⟩'
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return Printable(text)
    text = text.rstrip("\r\n")
    return _bounded(_pictured(text[:limit]), len(text), limit)


def printable_lines(text: str, limit_lines: int, limit: int = 1000) -> tuple[Printable, ...]:
    r"""Return the text's lines, each safe and at most `limit` characters; the last says how many are left off.

    A lone carriage return breaks a line too, as Lambda's runtimes use it inside an event.

    >>> printable_lines("Traceback:\r  File a\r  File b\n", 2)
    ('Traceback:', '… (+2 lines)')
    """
    lines = _LINE_BREAKS.split(text.rstrip("\r\n"), maxsplit=max(0, limit_lines))
    if len(lines) <= limit_lines:
        return tuple(printable(line, limit) for line in lines)
    if limit_lines <= 0:
        return ()
    left_off = 2 + len(_LINE_BREAKS.findall(lines[-1]))
    return (*(printable(line, limit) for line in lines[: limit_lines - 1]), Printable(f"… (+{left_off} lines)"))


def printable_spans(text: str, limit: int = 1000) -> Line:
    r"""Return the text as safe spans, its SGR colours as "sgr:…" styles; any other escape becomes visible.

    >>> printable_spans("\x1b[1;31mERROR\x1b[0m no stock\x1b[2J")
    (Span(text='ERROR', style='sgr:bold red'), Span(text=' no stock␛[2J', style=''))
    """
    if "\x1b" not in text:
        safe = printable(text, limit)
        return (Span(safe),) if safe else ()
    text = text.rstrip("\r\n")
    rendition = Rendition()
    spans: list[Span] = []
    room, marks = limit, 0
    looked_at = max(limit * 8, _SGR_TEXT_MIN)
    for index, piece in enumerate(_SGR.split(text[:looked_at])):
        if index % 2:
            rendition.apply(piece)
            continue
        shown = _pictured(piece[: room + 1], (limit - room) % TAB_WIDTH, marks)
        if len(shown) > room or (not shown and room <= 0):
            spans.append(Span(Printable((shown[: max(0, room - 1)] + "…")[:room]), rendition.style))
            break
        spans.append(Span(Printable(shown), rendition.style))
        room -= len(shown)
        marks = _marks_at_end(shown, marks)
    else:
        if len(text) > looked_at:
            spans.append(Span(Printable("…"[:room]), rendition.style))
    return _joined(spans)


def _pictured(text: str, shift: int = 0, marks: int = 0) -> str:
    """Return pictures for text that stands `shift` cells after a tab stop and after so many marks."""
    if "\t" in text:
        text = (" " * shift + text).expandtabs(TAB_WIDTH)[shift:]
    if text.isascii():
        return text if text.isprintable() else text.replace("\r\n", "\n").translate(_PICTURES)
    text = _LONE_JOINER.sub("", text).replace("\r\n", "\n").translate(_PICTURES)
    return _thinned(text, marks) if _BEYOND_LATIN.search(text) else text


def _joined(spans: list[Span]) -> Line:
    """Return the spans with neighbours of one style made one, so a flood of sequences costs little to draw."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].style == span.style:
            joined[-1] = Span(Printable(joined[-1].text + span.text), span.style)
        elif span.text:
            joined.append(span)
    return tuple(joined)


def _picture(character: str) -> str:
    code_point = ord(character)
    if character in "\n\r":
        return LINE_BREAK
    if code_point < 0x20:
        return chr(0x2400 + code_point)
    if code_point == 0x7F:
        return "␡"
    if character in _VARIATION_SELECTORS:
        return ""  # variation selectors choose a glyph, and terminals disagree about the width it then has
    if character.isprintable() and character not in _UNSEEN and not 0xE0100 <= code_point <= 0xE01EF:
        return character
    return " " if unicodedata.category(character) == "Zs" else f"⟨U+{code_point:04X}⟩"


def _thinned(text: str, marks: int) -> str:
    """Return text, which stands after so many marks, with at most COMBINING_LIMIT in a row."""
    kept: list[str] = []
    for character in text:
        marks = marks + 1 if is_mark(character) else 0
        if marks <= COMBINING_LIMIT:
            kept.append(character)
    return "".join(kept)


def _marks_at_end(text: str, marks: int) -> int:
    """Return how many marks end a text that stands after so many; above COMBINING_LIMIT they need not be counted."""
    for count, character in enumerate(reversed(text[-COMBINING_LIMIT:])):
        if not is_mark(character):
            return count
    return marks + len(text)


def is_mark(character: str) -> bool:
    """Return whether a terminal writes a character over the one before it, as it does Hangul's vowels and finals."""
    return unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff"


def _bounded(shown: str, length: int, limit: int) -> Printable:
    """Return `shown`, the picture of `limit` of `length` characters, within `limit`, saying what is left off."""
    left_off = max(0, length - limit)
    if len(shown) <= limit and not left_off:
        return Printable(shown)
    if limit < _LEFT_OFF_MIN_LIMIT:
        return Printable((shown[: limit - 1] + "…")[: max(0, limit)])
    room = limit - len(f"… (+{left_off + len(shown)} characters)")
    kept = shown[:room]
    return Printable(f"{kept}… (+{left_off + len(shown) - len(kept)} characters)")


_PICTURES = _Pictures()
