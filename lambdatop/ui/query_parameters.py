"""What a query leaves open: `{{name}}` in its text, as the account's saved queries have it."""

import re
from collections.abc import Mapping

_OPEN = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


def parameters_of(text: str) -> tuple[str, ...]:
    """Return the names of what is open, each once, in order.

    >>> parameters_of("filter @duration > {{ms}} and x = {{ms}} | limit {{ rows }}")
    ('ms', 'rows')
    """
    return tuple(dict.fromkeys(_OPEN.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with values put in; what has none stays open.

    >>> filled("limit {{rows}}", {"rows": "20"})
    'limit 20'
    """
    return _OPEN.sub(lambda match: values.get(match[1], match[0]), text)


def closed(text: str) -> str:
    """Return the text with a number of the same length wherever something is open, so that it can be read."""
    return _OPEN.sub(lambda match: "1".zfill(len(match[0])), text)
