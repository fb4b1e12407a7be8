"""Pages of a list, with a token that is the position of the next one."""

from collections.abc import Sequence
from typing import TypeVar

from lambdatop.demo.service_error import ServiceError

Item = TypeVar("Item")


def page(items: Sequence[Item], token: str | None, size: int, code: str) -> tuple[list[Item], str | None]:
    """One page and the next page's token, None after the last. Raises `code` for a token that is not a position."""
    if token is not None and not token.isdecimal():
        raise ServiceError(code, "The specified nextToken is invalid.")
    start = int(token or 0)
    end = start + size
    return list(items[start:end]), str(end) if end < len(items) else None


def without_none(**members: object) -> dict[str, object]:
    """A document without the members that are None, which AWS leaves out."""
    return {name: value for name, value in members.items() if value is not None}
