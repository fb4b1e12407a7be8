"""What the screen says of Live Tail: the mark in the header, the question before it costs, the choice in force."""

from collections.abc import Sequence

from lambdatop.model.source_status import SourceStatus
from lambdatop.model.view import LiveTailChoice
from lambdatop.render.freshness import kind_of
from lambdatop.render.span import Line
from lambdatop.render.words import line, said, wrapped

SOURCE = "live tail"
CHOICES: dict[LiveTailChoice, str] = {
    "off": "Live Tail is off.",
    "focused": "Live Tail listens to the opened function.",
    "all": "Live Tail listens to the opened function and to others that matter.",
}
PRICE = "Live Tail costs $0.01 a minute a session beyond 1,800 free minutes a month."


def live_mark(sources: Sequence[SourceStatus]) -> Line:
    """Return `LIVE` while anything is heard live, `LIVE sampled` where it is a sample, else nothing."""
    samples = [source.is_sampled for source in sources if kind_of(source) == SOURCE and source.is_sampled is not None]
    if not samples:
        return ()
    return line(said("LIVE sampled", "warning")) if any(samples) else line(said("LIVE", "good"))


def question_lines(choice: LiveTailChoice, width: int) -> tuple[Line, ...]:
    """Return the question whether to start."""
    answers = line(said("y", "key"), said(" start", "dim"), said("   any other key leaves", "dim"))
    return (*wrapped(CHOICES[choice], width, "heading"), (), *wrapped(PRICE, width), (), answers)
