"""What every place has: the header, the clock, the keys at the foot, and a sentence where there is no room."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widget import Widget

from lambdatop.model.identity import FunctionKey
from lambdatop.model.question import Answer, Question
from lambdatop.render.span import Line
from lambdatop.render.words import wrapped
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.line_widget import LINE_CLASSES, LineWidget
from lambdatop.ui.picture import Picture
from lambdatop.ui.session import Session
from lambdatop.ui.widgets.clock import Clock
from lambdatop.ui.widgets.header_bar import HeaderBar
from lambdatop.ui.widgets.key_bar import KeyBar

WIDTH_MIN, HEIGHT_MIN = 60, 14


class PlaceScreen(Screen[None]):
    """A place one can be in; subclasses say what stands between header and keys, and how a picture is shown there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LINE_CLASSES
    KEYS: ClassVar[KeyPlace] = "page"
    TOPIC: ClassVar[str] = ""
    """Of what this place asks the engine; empty where snapshots say all that it shows."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.picture: Picture | None = None
        self._asked = 0
        """Number of the question that this place asked last."""

    @property
    def place(self) -> KeyPlace:
        """Whose keys work now."""
        return self.KEYS

    @property
    def functions_meant(self) -> tuple[FunctionKey, ...]:
        """The functions that this place is about; none where it is about all."""
        return ()

    def body(self) -> Iterable[Widget]:
        """Return the widgets between header and keys."""
        raise NotImplementedError

    def draw(self, picture: Picture) -> None:
        """Show a picture in the body."""
        raise NotImplementedError

    def question(self) -> Question | None:
        """Return what to ask while this place is on screen."""
        return None

    def show_answer(self, answer: Answer) -> None:
        """Show an answer to the question."""

    def take_beside(self, answer: Answer) -> bool:  # noqa: ARG002  for places that ask more
        """Take the answer to what was asked beside the question, on screen or not; returns whether it was one."""
        return False

    def ask(self) -> None:
        """Ask what this place asks now."""
        question = self.question()
        if question is not None:
            self._asked = self.session.ask(question)

    def compose(self) -> ComposeResult:
        """Header and clock above, body, keys below."""
        with Horizontal(id="top"):
            yield HeaderBar()
            yield Clock(id="clock")
        yield from self.body()
        yield KeyBar(self.KEYS)
        yield LineWidget(id="too-small")

    def show(self, picture: Picture) -> None:
        """Show a picture; the one way by which numbers reach this screen."""
        self.picture = picture
        self.show_header(picture)
        self.draw(picture)

    def show_header(self, picture: Picture) -> None:
        """Show the header alone, as where the body cannot be drawn."""
        self.query_one(HeaderBar).show_picture(picture)

    def show_time(self, now_ms: int) -> None:
        """Let the clock go on."""
        self.query_one(Clock).show_time(now_ms, is_utc=self.session.settings.is_utc)

    def redraw(self) -> None:
        """Draw again, after something other than the numbers has changed."""
        self.show(self.session.picture())

    def on_resize(self, event: events.Resize) -> None:
        """Say so where there is too little room, else fill the new size."""
        width, height = event.size
        is_too_small = width < WIDTH_MIN or height < HEIGHT_MIN
        self.set_class(is_too_small, "-too-small")
        if is_too_small:
            self.query_one("#too-small", LineWidget).show(_too_small(width, height))

    def on_mount(self) -> None:
        """Say what there is to say in the first picture already."""
        self._draw_now()

    def on_screen_resume(self) -> None:
        """Ask, and show what has happened meanwhile."""
        self.ask()
        if self.is_mounted:
            self._draw_now()

    def on_screen_suspend(self) -> None:
        """Ask no longer while something else is on screen."""
        self.session.withdraw(self.TOPIC, self._asked)

    def _draw_now(self) -> None:
        self.redraw()
        self.show_time(self.session.settings.now_ms())


def _too_small(width: int, height: int) -> tuple[Line, ...]:
    sentence = f"This terminal is {width} by {height}; lambdatop needs at least {WIDTH_MIN} by {HEIGHT_MIN}."
    return wrapped(sentence, width, "warning")
