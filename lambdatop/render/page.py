"""A page of lines, some of which lead somewhere."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from lambdatop.model.identity import FunctionKey
from lambdatop.model.question import LogMoment
from lambdatop.render.span import Line


class RequestTarget(NamedTuple):
    """A line that leads to a request."""

    function: FunctionKey
    request_id: str | None
    moment: LogMoment | None = None
    """Where the line names no request."""


class Page(Struct, frozen=True):
    """Lines, and by a line's index what it leads to: any value that the place which shows the page can open.

    Equal targets are the same thing, so that the cursor stays on it while lines come and go around it.
    """

    lines: tuple[Line, ...] = ()
    targets: Mapping[int, object] = {}


def with_targets(lines: Sequence[Line], targets: Iterable[object], first: int = 0) -> Page:
    """Return lines as a page whose line `first` leads to the first target, the next to the next; None leads nowhere.

    >>> with_targets([(), ()], ["a"], first=1).targets
    {1: 'a'}
    """
    numbered = enumerate(targets, start=first)
    return Page(tuple(lines), {row: target for row, target in numbered if target is not None and row < len(lines)})


def stacked(parts: Iterable[Page | Sequence[Line]]) -> Page:
    """Return pages and plain lines below each other as one page.

    >>> stacked([[(), ()], Page(((),), {0: "a"})]).targets
    {2: 'a'}
    """
    lines: list[Line] = []
    targets: dict[int, object] = {}
    for part in parts:
        page = part if isinstance(part, Page) else Page(tuple(part))
        targets.update({len(lines) + row: target for row, target in page.targets.items()})
        lines.extend(page.lines)
    return Page(tuple(lines), targets)
