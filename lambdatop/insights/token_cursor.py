"""The parser's place among the tokens, and the sentences in which it says what it expected there."""

from collections.abc import Iterable
from difflib import get_close_matches

from lambdatop.insights.syntax import QuerySyntaxError, Span
from lambdatop.insights.tokens import Token, tokens_of

_LONGEST_QUOTE = 30
_SHORTEST_GUESS = 3


class TokenCursor:
    """The tokens of a query without space and comments, and which of them is next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tuple(token for token in tokens_of(text) if token.kind not in ("space", "comment"))
        self._index = 0
        self.stats_columns: dict[str, str] = {}
        """The columns of the last `stats` that have no alias, by their text without white space."""

    @property
    def token(self) -> Token | None:
        """The next token; None at the end of the query."""
        return self._tokens[self._index] if self._index < len(self._tokens) else None

    @property
    def following(self) -> Token | None:
        """The token after the next one."""
        return self._tokens[self._index + 1] if self._index + 1 < len(self._tokens) else None

    @property
    def previous(self) -> Token | None:
        """The token that was taken last."""
        return self._tokens[self._index - 1] if self._index else None

    @property
    def start(self) -> int:
        """Where the next token begins."""
        token = self.token
        return len(self.text) if token is None else token.start

    @property
    def end(self) -> int:
        """Where the token that was taken last ends."""
        previous = self.previous
        return 0 if previous is None else previous.end

    def take(self) -> Token:
        """The next token, which becomes the previous one."""
        token = self.token
        if token is None:
            raise self.expected("more")
        self._index += 1
        return token

    def is_word(self, *words: str) -> bool:
        """Whether the next token is one of these words, in whatever case and not between back-ticks."""
        token = self.token
        return token is not None and token.kind != "text" and token.text.lower() in words

    def is_sign(self, *signs: str) -> bool:
        """Whether the next token is one of these operators or brackets."""
        token = self.token
        return token is not None and token.text in signs and token.kind in ("operator", "bracket", "comma", "pipe")

    def took_word(self, *words: str) -> bool:
        """Take the next token if it is one of these words."""
        if self.is_word(*words):
            self._index += 1
            return True
        return False

    def took_sign(self, *signs: str) -> bool:
        """Take the next token if it is one of these operators or brackets."""
        if self.is_sign(*signs):
            self._index += 1
            return True
        return False

    def take_sign(self, sign: str) -> Token:
        """Take this operator or bracket, which must be next."""
        if not self.is_sign(sign):
            raise self.expected(f"'{sign}'")
        return self.take()

    def span_from(self, start: int) -> Span:
        """From there to the end of what was taken last."""
        return Span(start, max(start, self.end))

    def here(self) -> Span:
        """The next token's place; at the end of the query an empty one."""
        token = self.token
        return Span(self.start, self.start) if token is None else Span(token.start, token.end)

    def expected(self, what: str, candidates: Iterable[str] = ()) -> QuerySyntaxError:
        """The error that something else stands where `what` should."""
        previous, token = self.previous, self.token
        place = "" if previous is None else f" after {quoted(previous.text)}"
        if token is None:
            found = "the end of the query"
        elif token.kind == "error" and token.text[0] in "'\"`/":
            found = f"{quoted(token.text)}, which has no closing {_CLOSING[token.text[0]]}"
        else:
            found = quoted(token.text)
        hint = "" if token is None else did_you_mean(token.text, candidates)
        return QuerySyntaxError(f"Expected {what}{place}, found {found}.{hint}", self.here())


_CLOSING = {"'": "quote", '"': "quote", "`": "back-tick", "/": "slash"}


def compact(text: str) -> str:
    """A piece of the query without white space, to compare it with another."""
    return "".join(text.split())


def quoted(text: str) -> str:
    """A piece of the query as a message shows it, cut where it is long."""
    line = " ".join(text.split())
    shown = line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 1]}…"
    return f'"{shown}"' if "'" in shown else f"'{shown}'"


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """A question that names the candidate that looks most like the word; empty where none does."""
    if len(word) < _SHORTEST_GUESS:
        return ""
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.65)
    return f" Did you mean {by_lower[close[0]]}?" if close else ""


def unsupported(what: str, span: Span) -> QuerySyntaxError:
    """The error for what Logs Insights knows and this machine does not run."""
    message = f"Logs Insights knows {what}, but it is not run on this machine."
    return QuerySyntaxError(message, span, is_unsupported=True)
