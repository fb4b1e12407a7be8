"""What this machine's reading of a query says while it is written; AWS decides in the end."""

from functools import lru_cache
from typing import NamedTuple

from lambdatop.insights.parser import parse_query
from lambdatop.insights.syntax import QuerySyntaxError
from lambdatop.ui.query_parameters import closed


class Hint(NamedTuple):
    """A sentence about a stretch of the text."""

    sentence: str
    span: tuple[int, int]
    is_unsupported: bool
    """Whether AWS knows what is not read here."""


@lru_cache(maxsize=16)
def hint_of(text: str) -> Hint | None:
    """Return what is wrong with a query as it is read here, None where nothing is."""
    if not text.strip():
        return None
    try:
        parse_query(closed(text))
    except QuerySyntaxError as error:
        return Hint(error.message, (error.span.start, error.span.end), error.is_unsupported)
    except RecursionError:
        return Hint("It is nested too deeply to be read here.", (0, 0), is_unsupported=True)
    return None
