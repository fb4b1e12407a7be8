"""What the user looks at and how: window, freeze, visible functions, focus; no widget in it."""

import math
import traceback
from collections.abc import Callable, Iterable

import msgspec

from lambdatop.model.identity import FunctionKey
from lambdatop.model.query import QueryTask
from lambdatop.model.question import Answer, Question, is_whole
from lambdatop.model.reading import BackfillOffer, ReadingWish
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.view import LIVE_TAIL_CHOICES, WINDOWS, LiveTailChoice, View, Window
from lambdatop.render.drawing import drawing_of
from lambdatop.render.header import HeaderContent
from lambdatop.render.redaction import redacted
from lambdatop.render.wide_logs_words import announcement, offers, waiting
from lambdatop.ui.engine_port import EnginePort
from lambdatop.ui.picture import Picture
from lambdatop.ui.settings import ScreenSettings


class Session:
    """The screen's state beside its widgets; the only part of the screen that talks to the engine."""

    def __init__(self, engine: EnginePort, settings: ScreenSettings) -> None:
        self._engine = engine
        self.settings = settings
        self._view = View(window=settings.window, live_tail=settings.live_tail, wide_logs=settings.wide_logs)
        self._frozen: Snapshot | None = None
        self._frozen_since_ms: int | None = None
        self._drawn: Snapshot | None = None
        self._questions: dict[str, Question] = {}
        """By topic, the one that stands."""
        self._last_number = 0
        self._last_task = 0
        self._answered: set[str] = set()
        """Topics whose question has had a whole answer."""
        self._read_for: dict[object, tuple[frozenset[FunctionKey], str | None]] = {}
        """By place, the functions whose log lines it wants all of, or those that a pattern lets through."""
        self._backfill_told: tuple[bool, ...] = ()
        """Of the offers to read the past that were told last, whether they wait for consent."""
        self.is_redacting = True
        """Whether secrets are taken out of what is copied or saved."""
        self.internal_error: str | None = None
        """The last defect met while drawing, in a sentence."""
        self.defects: list[str] = []
        """Tracebacks of the newest such defects, for `--debug`."""

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot to draw: the frozen one, else the newest."""
        return self._engine.latest if self._frozen is None else self._frozen

    @property
    def is_frozen(self) -> bool:
        """Whether the picture stands still."""
        return self._frozen is not None

    @property
    def view(self) -> View:
        """What the engine was told that is looked at."""
        return self._view

    def start(self, hear: Callable[[Answer], None]) -> None:
        """Begin to collect; `hear` is called with every answer, in a thread of the engine's."""
        self._engine.set_view(self._view)
        self._engine.listen(hear)
        self._engine.start()

    def has_news(self) -> bool:
        """Return whether the snapshot is another one than was drawn last."""
        return self.snapshot is not self._drawn

    def picture(self, filter_text: str = "", shown: int | None = None) -> Picture:
        """Return what to draw now."""
        snapshot = self.snapshot
        self._drawn = snapshot
        now_ms = snapshot.taken_at_ms
        header = HeaderContent(
            profile=self.settings.profile,
            regions=self.settings.regions,
            is_demo=self.settings.is_demo,
            window=snapshot.window,
            next_window=None if snapshot.window == self._view.window else self._view.window,
            frozen_since_ms=self._frozen_since_ms,
            filter_text=filter_text,
            shown=shown,
            internal_error=self.internal_error,
            is_utc=self.settings.is_utc,
            is_ascii=self.settings.is_ascii,
        )
        drawing = drawing_of(snapshot, now_ms, is_utc=self.settings.is_utc, is_ascii=self.settings.is_ascii)
        return Picture(snapshot, header, drawing)

    def toggle_freeze(self) -> bool:
        """Freeze the picture or let it go on; returns whether it is frozen now."""
        if self._frozen is None:
            self._frozen = self._engine.latest
            self._frozen_since_ms = self.settings.now_ms()
        else:
            self._frozen = self._frozen_since_ms = None
        self._drawn = None
        return self.is_frozen

    def next_window(self) -> Window:
        """Look at the next longer window, after the longest the shortest."""
        window = WINDOWS[(WINDOWS.index(self._view.window) + 1) % len(WINDOWS)]
        self._look(msgspec.structs.replace(self._view, window=window))
        return window

    @property
    def next_live_tail(self) -> LiveTailChoice:
        """What Live Tail would listen to next: off, the opened function, all that matter, and off again."""
        return LIVE_TAIL_CHOICES[(LIVE_TAIL_CHOICES.index(self._view.live_tail) + 1) % len(LIVE_TAIL_CHOICES)]

    def listen_to(self, choice: LiveTailChoice) -> None:
        """Say what Live Tail listens to."""
        self._look(msgspec.structs.replace(self._view, live_tail=choice))

    def read_wide_logs(self, wish: ReadingWish) -> None:
        """Say how the logs of all functions are read."""
        self._look(msgspec.structs.replace(self._view, wide_logs=wish))

    @property
    def waiting_offers(self) -> tuple[BackfillOffer, ...]:
        """What reading the past would cost, of each account where that waits for consent."""
        return waiting(self._engine.latest.sources)

    def news_of_backfill(self) -> str | None:
        """Return what is said once of a past that Insights reads: what it costs, or that it waits for consent."""
        told = offers(self._engine.latest.sources)
        standing = tuple(offer.needs_consent for offer in told)
        is_news, self._backfill_told = standing != self._backfill_told, standing
        return announcement(told) if told and is_news else None

    def read_past(self, asked: Iterable[BackfillOffer]) -> None:
        """Let Insights read the past at the prices that were offered."""
        costs_usd = [math.inf if offer.cost_usd is None else offer.cost_usd for offer in asked]
        self._look(msgspec.structs.replace(self._view, backfill_usd=max([self._view.backfill_usd, *costs_usd])))

    def leave_past(self) -> None:
        """Never read the past by Insights."""
        self._look(msgspec.structs.replace(self._view, backfill_usd=0.0))

    def look_at(self, visible: Iterable[FunctionKey]) -> None:
        """Say which functions are on screen; their order does not matter, so re-sorting alone asks for nothing."""
        self._look(msgspec.structs.replace(self._view, visible=tuple(sorted(visible))))

    def focus(self, key: FunctionKey | None) -> None:
        """Say which function is opened."""
        self._look(msgspec.structs.replace(self._view, focus=key))

    def read_in_full(self, place: object, functions: Iterable[FunctionKey], pattern: str | None = None) -> None:
        """Say whose log lines a place wants all of, beside the opened function's; none once it is left.

        With a pattern it wants what AWS lets through of them. A log that is opened from another one leaves that one's
        functions read, so that it has no gap on coming back; whether by a pattern says the one that was opened last.
        """
        self._read_for[place] = frozenset(functions), pattern
        if not self._read_for[place][0]:
            del self._read_for[place]
        wanted = frozenset[FunctionKey]().union(*(keys for keys, _ in self._read_for.values()))
        newest = next(reversed(self._read_for.values()), (wanted, None))
        self._look(msgspec.structs.replace(self._view, logs=tuple(sorted(wanted)), log_pattern=newest[1]))

    def want_queries(self, tasks: Iterable[QueryTask]) -> None:
        """Say all that is wanted of Logs Insights; what is not among it any more is stopped."""
        self._look(msgspec.structs.replace(self._view, query_tasks=tuple(tasks)))

    def next_task(self) -> int:
        """Return a number for a task that no other one has had."""
        self._last_task += 1
        return self._last_task

    def ask(self, question: Question) -> int:
        """Ask; returns the number that the question is given."""
        self._last_number += 1
        question = msgspec.structs.replace(question, number=self._last_number)
        self._questions[question.topic] = question
        self._answered.discard(question.topic)
        self._engine.ask(question)
        return self._last_number

    def withdraw(self, topic: str, number: int) -> None:
        """Take a question back, unless another one has taken its place."""
        question = self._questions.get(topic)
        if question is not None and question.number == number:
            del self._questions[topic]
            self._engine.withdraw(topic)

    def accepts(self, answer: Answer) -> bool:
        """Return whether an answer is to be shown: to the question that stands; while frozen, until it is whole."""
        question = self._questions.get(answer.topic)
        if question is None or question.number != answer.number:
            return False
        if self.is_frozen and answer.topic in self._answered:
            return False
        if is_whole(answer, question):
            self._answered.add(answer.topic)
        return True

    def toggle_redaction(self) -> bool:
        """Take secrets out of copies and saved files, or let them stand; returns whether they are taken out."""
        self.is_redacting = not self.is_redacting
        return self.is_redacting

    def redact(self, text: str) -> str:
        """Return text as it may be copied or saved."""
        return redacted(text) if self.is_redacting else text

    def record_defect(self, error: BaseException) -> None:
        """Keep a defect, so that it is shown and can be reported, and drawing goes on."""
        self.internal_error = f"{type(error).__name__}: {error}"
        self.defects.append("".join(traceback.format_exception(error)))
        del self.defects[:-20]

    def _look(self, view: View) -> None:
        if view != self._view:
            self._view = view
            self._engine.set_view(view)
