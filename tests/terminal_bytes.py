"""Takes what was sent to a terminal apart, as a terminal would (ECMA-48): text, controls and sequences."""

import base64
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
_TMUX = "\x1bPtmux;"
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
        if self.kind == "string" and self.text.startswith(_TMUX):
            return f"tmux {self.passed_on.shape}"
        if self.kind == "osc":
            return "osc " + self.text[2:].split(";")[0].rstrip("\x07\x1b\\")
        return f"{self.kind} {self.text!r}"

    @property
    def passed_on(self) -> "Token":
        """What tmux passes on to the terminal that it runs in."""
        (inner,) = tokens(self.text.removeprefix(_TMUX).removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b").encode())
        return inner

    @property
    def copied(self) -> str | None:
        """What is put on the clipboard, None where nothing is."""
        if self.kind == "string" and self.text.startswith(_TMUX):
            return self.passed_on.copied
        match = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)", self.text)
        return None if match is None else base64.b64decode(match.group(1)).decode()


def tokens(sent: bytes) -> list[Token]:
    """Return everything in the order it was sent; bytes that are not UTF-8 are an error."""
    known: dict[str, Token] = {}
    found: list[Token] = []
    for match in _TOKEN.finditer(sent.decode("utf-8")):
        text = match.group()
        token = known.get(text)
        if token is None:
            assert match.lastgroup is not None
            token = known[text] = Token(match.lastgroup, text)  # type: ignore[arg-type]  # the groups are the kinds
        found.append(token)
    return found


def deceits(text: str) -> list[str]:
    """Return the characters in printed text that a terminal hides, reorders or piles up."""
    found = {
        f"U+{ord(character):04X}"
        for character in set(text)
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        or character in "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
        or 0xFE00 <= ord(character) <= 0xFE0F
        or 0xE0100 <= ord(character) <= 0xE01EF
    }
    marks = 0
    for character in text:
        is_mark = unicodedata.category(character) in ("Mn", "Me") or "\u1160" <= character <= "\u11ff"
        marks = marks + 1 if is_mark else 0
        if marks > _MOST_MARKS:
            found.add("a pile of combining marks")
            break
    return sorted(found)
