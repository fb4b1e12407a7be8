"""Takes what was sent to a terminal apart, as a terminal would (ECMA-48): text, controls and sequences."""

import re
import unicodedata
from typing import Literal, NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<csi>    (?:\x1b\[|\x9b) [0-?]* [\ -/]* [@-~])
    | (?P<osc>    (?:\x1b\]|\x9d) .*? (?:\x07|\x1b\\|\x9c))
    | (?P<string> (?:\x1b[PX^_]|[\x90\x98\x9e\x9f]) .*? (?:\x1b\\|\x9c))
    | (?P<escape> \x1b [\ -/]* [0-~])
    | (?P<control> [\x00-\x1f\x7f-\x9f])
    | (?P<text>   [^\x00-\x1f\x7f-\x9f]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_MOST_MARKS = 3

Kind = Literal["csi", "osc", "string", "escape", "control", "text"]


class Token(NamedTuple):
    """One thing that a terminal acts on."""

    kind: Kind
    text: str

    @property
    def shape(self) -> str:
        """What it does, without where or how much: parameters are left out except those of modes."""
        if self.kind == "csi":
            body = self.text.removeprefix("\x1b[")
            if body[-1] in "hlpq":
                return f"csi {body}"
            return "csi " + re.sub(r"[0-9;:]+", "", body)
        if self.kind == "osc":
            return "osc " + self.text[2:].split(";")[0].rstrip("\x07\x1b\\")
        return f"{self.kind} {self.text!r}"


def tokens(sent: bytes) -> list[Token]:
    """Return everything in the order it was sent; bytes that are not UTF-8 are an error."""
    found: list[Token] = []
    for match in _TOKEN.finditer(sent.decode("utf-8")):
        assert match.lastgroup is not None
        found.append(Token(match.lastgroup, match.group()))  # type: ignore[arg-type]  # the groups are the kinds
    return found


def deceits(text: str) -> list[str]:
    """Return the characters in printed text that a terminal hides, reorders or piles up."""
    found = {
        f"U+{ord(character):04X}"
        for character in set(text)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        or character in "\u115f\u1160\u3164\uffa0"
    }
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks > _MOST_MARKS:
            found.add("a pile of combining marks")
            break
    return sorted(found)
