"""The application: one tick that takes the latest snapshot to the open screen."""

import asyncio
import contextlib
import contextvars
import gc
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.command import Provider
from textual.css.query import NoMatches
from textual.screen import Screen

from lambdatop.model.question import Answer
from lambdatop.model.reading import ReadingWish
from lambdatop.model.view import LiveTailChoice
from lambdatop.render.printable import printable
from lambdatop.ui.cropped_update import cropped
from lambdatop.ui.engine_port import EnginePort
from lambdatop.ui.screens.overview import OverviewScreen
from lambdatop.ui.screens.place import PlaceScreen
from lambdatop.ui.session import Session
from lambdatop.ui.settings import ScreenSettings
from lambdatop.ui.themes import THEMES
from lambdatop.ui.wanted import RequestWanted

if TYPE_CHECKING:
    from lambdatop.ui.query_desk import QueryDesk

_SWITCH_S = 0.0005
"""How long a busy reader may hold the interpreter while a key waits; Python's own five milliseconds add up."""

PASTED_LENGTH_MAX = 1_000


def _palette() -> type[Provider]:
    from lambdatop.ui.commands import LambdatopCommands

    return LambdatopCommands


class LambdatopApp(App[None]):
    """lambdatop's screen over an engine."""

    TITLE = "lambdatop"
    CSS_PATH = "lambdatop.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, engine: EnginePort, settings: ScreenSettings) -> None:
        super().__init__()
        self.session = Session(engine, settings)
        self._desk: QueryDesk | None = None
        """The queries, once their place was opened."""
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = settings.theme if settings.theme in self.available_themes else "lambdatop"

    def get_default_screen(self) -> OverviewScreen:
        """Open with the overview."""
        return OverviewScreen(self.session)

    async def on_event(self, event: events.Event) -> None:
        """Let what is pasted, foreign text, through the gate that Textual's inputs do not have; most take one line."""
        if isinstance(event, events.Paste):
            lines = event.text.splitlines()
            kept = lines if getattr(self.focused, "takes_lines", False) else lines[:1]
            event.text = "\n".join(printable(line, PASTED_LENGTH_MAX) for line in kept[:PASTED_LENGTH_MAX])
        await super().on_event(event)

    def on_mount(self) -> None:
        """Leave in order when asked to by a signal; start the engine once the first picture is out."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self.exit)
        self.call_after_refresh(self._start)

    @property
    def draws_ascii(self) -> bool:
        """Whether every line is drawn in ASCII."""
        return self.session.settings.is_ascii

    @property
    def failure(self) -> Exception | None:
        """The defect that ended the program, None after an ordinary end."""
        return self._exception

    def _fatal_error(self) -> None:
        """Leave without Textual's traceback, whose local variables hold log text; the caller says what happened."""
        self._close_messages_no_wait()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Textual's own way to the terminal, with less sent."""
        super()._display(screen, cropped(renderable))

    def _start(self) -> None:
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()  # that of the engine's thread lacks the app, which timers need

        def hear(answer: Answer) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._show_answer, answer, context=context)

        self.session.start(hear)
        if self.session.settings.banner:
            self.notify(self.session.settings.banner, timeout=10, markup=False)
        self.set_interval(max(0.25, self.session.settings.refresh_interval_s), self._tick)
        gc.freeze()
        sys.setswitchinterval(_SWITCH_S)

    def _tick(self) -> None:
        """Draw what is new; the clock always goes on, and a defect in drawing is shown rather than fatal."""
        screen = self._place()
        if screen is None:
            return
        try:
            screen.show_time(self.session.settings.now_ms())
            if self.session.has_news():
                self.session.internal_error = None
                screen.redraw()
                self._tell_of_backfill()
        except NoMatches:
            return  # the screen is being taken down and has lost its parts
        except Exception as error:  # noqa: BLE001  one bad picture must not end the program
            self.session.record_defect(error)
            screen.show_header(self.session.picture())

    def _tell_of_backfill(self) -> None:
        """Say once what reading the past costs."""
        news = self.session.news_of_backfill()
        if news is not None:
            self.notify(printable(news, 600), timeout=15, markup=False)

    def _show_answer(self, answer: Answer) -> None:
        """Take an answer to the place that asked, if it is still there; what a place shows waits for no one else."""
        screen = self._place()
        if screen is None or not self.session.accepts(answer):
            return
        places = [place for place in self.screen_stack if isinstance(place, PlaceScreen)]
        try:
            if not any(place.take_beside(answer) for place in places) and answer.topic == screen.TOPIC:
                screen.show_answer(answer)
        except NoMatches:
            return
        except Exception as error:  # noqa: BLE001  one bad answer must not end the program
            self.session.record_defect(error)

    def _place(self) -> PlaceScreen | None:
        """Return the place that is on screen, below a menu if one is open."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, PlaceScreen)), None)

    def action_help(self) -> None:
        """Open the help page, or leave it."""
        from lambdatop.ui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        else:
            self.push_screen(HelpScreen(self.session, getattr(self.screen, "place", "page")))

    def on_request_wanted(self, message: RequestWanted) -> None:
        """Open a request, unless it is open."""
        from lambdatop.ui.screens.request import RequestScreen

        here = self.screen
        if isinstance(here, RequestScreen) and message.request_id is not None and here.shows(message.request_id):
            return
        self.push_screen(
            RequestScreen(
                self.session,
                request_id=message.request_id,
                trace_id=message.trace_id,
                function=message.function,
                moment=message.moment,
            )
        )

    def action_problems(self) -> None:
        """Open the page of sources, or leave it."""
        from lambdatop.ui.screens.problems import ProblemsScreen

        self._toggle(ProblemsScreen)

    def action_pane(self, kind: str) -> None:
        """Open a pane's page in place of another pane's; the same one again goes back."""
        from lambdatop.render.panes import PANES
        from lambdatop.ui.screens.errors import ErrorsScreen
        from lambdatop.ui.screens.pane import PaneScreen

        pane = next(pane for pane in PANES if pane.kind == kind)
        here = self.screen
        if isinstance(here, PaneScreen):
            self.pop_screen()
            if here.pane == pane:
                return
        self.push_screen(ErrorsScreen(self.session) if kind == "errors" else PaneScreen(self.session, pane))

    def action_logs(self) -> None:
        """Open the log of the functions that the table shows, from one function's that of all, or leave it."""
        from lambdatop.ui.screens.logs import LogsScreen

        here = self.screen
        if isinstance(here, LogsScreen) and len(here.functions) != 1:
            self.pop_screen()
        else:
            self.push_screen(LogsScreen(self.session, here.chosen if isinstance(here, OverviewScreen) else ()))

    def action_insights(self) -> None:
        """Open the queries, over the functions that the place is about, or leave them."""
        from lambdatop.ui.query_desk import QueryDesk
        from lambdatop.ui.screens.insights import InsightsScreen

        here = self.screen
        if isinstance(here, InsightsScreen):
            self.pop_screen()
            return
        settings = self.session.settings
        if self._desk is None:
            self._desk = QueryDesk(self.session, settings.state_folder, settings.config_folder)
        self._desk.open_for(here.functions_meant if isinstance(here, PlaceScreen) else ())
        if any(isinstance(screen, InsightsScreen) for screen in self.screen_stack):
            while not isinstance(self.screen, InsightsScreen):
                self.pop_screen()
        else:
            self.push_screen(InsightsScreen(self.session, self._desk))

    def action_window(self) -> None:
        """Look at the next window."""
        if self.session.is_frozen:
            self.notify("The picture is frozen; press space to let it go on.", timeout=4, markup=False)
            return
        self.session.next_window()
        self._redraw()

    def action_live_tail(self) -> None:
        """Listen to the next choice of log groups; what costs is asked first."""
        choice = self.session.next_live_tail
        if choice == "off":
            self._listen_to(choice)
            return
        from lambdatop.ui.screens.live_tail_question import LiveTailQuestion

        def answered(is_wanted: bool | None) -> None:
            if is_wanted:
                self._listen_to(choice)

        self.push_screen(LiveTailQuestion(choice), answered)

    def _listen_to(self, choice: LiveTailChoice) -> None:
        from lambdatop.render.live_tail_words import CHOICES

        self.session.listen_to(choice)
        self.notify(CHOICES[choice], timeout=4, markup=False)

    def action_backfill(self) -> None:
        """Ask whether Insights is to read the past, which costs."""
        asked = self.session.waiting_offers
        if not asked:
            self.notify("There is no past that waits to be read by Insights.", timeout=4, markup=False)
            return
        from lambdatop.ui.screens.backfill_question import BackfillAnswer, BackfillQuestion

        def answered(answer: BackfillAnswer | None) -> None:
            if answer == "read":
                self.session.read_past(asked)
            elif answer == "never":
                self.session.leave_past()

        self.push_screen(BackfillQuestion(asked), answered)

    def action_wide_logs(self, wish: ReadingWish) -> None:
        """Read the logs of all functions in this way, or as the rule says."""
        from lambdatop.render.wide_logs_words import readings, wish_words

        self.session.read_wide_logs(wish)
        self.notify(wish_words(wish, readings(self.session.snapshot.sources)), timeout=6, markup=False)

    def action_freeze(self) -> None:
        """Freeze the picture, or let it go on."""
        self.session.toggle_freeze()
        self._redraw()

    def _redraw(self) -> None:
        screen = self._place()
        if screen is not None:
            screen.redraw()

    def _toggle(self, kind: type[PlaceScreen]) -> None:
        if isinstance(self.screen, kind):
            self.pop_screen()
        else:
            self.push_screen(kind(self.session))
