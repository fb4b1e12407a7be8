"""One row of a query, whole: all fields of its log event, or all columns of an aggregate."""

from typing import ClassVar

from textual.binding import BindingType

from lambdatop.model.identity import Scope
from lambdatop.model.query import RecordFound, RecordLookup
from lambdatop.render.query_record import found_lines, record_lines, record_text
from lambdatop.render.span import Line
from lambdatop.render.words import BLANK, line, said
from lambdatop.ui.keys import Place as KeyPlace
from lambdatop.ui.keys import bindings
from lambdatop.ui.picture import Picture
from lambdatop.ui.query_errands import OneOutcome, QueryErrands
from lambdatop.ui.query_row import Fields, RowOrigin, origin_of
from lambdatop.ui.screens.function_actions import copy_lines_and_say
from lambdatop.ui.screens.insights_follow import follow_log, follow_request
from lambdatop.ui.screens.page import PageScreen
from lambdatop.ui.session import Session


class RecordScreen(PageScreen):
    """The row as the query gave it, and its whole record once that has come."""

    KEYS: ClassVar[KeyPlace] = "record"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("record")]

    def __init__(self, session: Session, errands: QueryErrands, scope: Scope, row: Fields, pointer: str | None) -> None:
        super().__init__(session)
        self._errands = errands
        self._scope = scope
        self._row = row
        self._pointer = pointer
        self._found: RecordFound | None = None
        self._lookup: int | None = None

    def on_mount(self) -> None:
        """Ask for the record."""
        super().on_mount()
        if self._pointer is not None:
            self._lookup = self.session.next_task()
            lookup = RecordLookup(number=self._lookup, scope=self._scope, pointer=self._pointer)
            self._errands.begin(lookup, OneOutcome(self._hear))

    def on_unmount(self) -> None:
        """Want it no longer."""
        if self._lookup is not None:
            self._errands.end(self._lookup)

    @property
    def fields(self) -> Fields:
        """All fields known by now."""
        return {**self._row, **(self._found.fields if self._found is not None else {})}

    @property
    def origin(self) -> RowOrigin:
        """Where the record comes from."""
        return origin_of(self.fields, self.session.snapshot, self._scope)

    def page(self, picture: Picture, width: int) -> tuple[Line, ...]:
        """Return the row, and below it the record's fields."""
        row = record_lines(self._row, width, picture.drawing)
        if self._pointer is None:
            return (line(said("Row", "heading"), said("  of an aggregate", "dim")), BLANK, *row)
        head = line(said("Row", "heading"), said("  as the query gave it", "dim"))
        if self._found is None:
            return (head, BLANK, *row, BLANK, line(said("fetching the whole record …", "dim")))
        record = found_lines(self._found, width, picture.drawing)
        return (head, BLANK, *row, BLANK, line(said("Record", "heading")), BLANK, *record)

    def action_request(self) -> None:
        """Open its request."""
        follow_request(self, self.origin)

    def action_logs(self) -> None:
        """Read the log of its function, at its time."""
        follow_log(self, self.origin)

    def action_copy(self) -> None:
        """Copy all its fields."""
        copy_lines_and_say(self.app, record_text(self.fields, self.session.redact))

    def action_redact(self) -> None:
        """Let secrets stand in copies, or take them out again."""
        is_redacting = self.session.toggle_redaction()
        sentence = "Secrets are taken out of copies again." if is_redacting else "Copies now hold secrets as logged."
        self.notify(sentence, timeout=5, markup=False)

    def _hear(self, outcome: object) -> None:
        if isinstance(outcome, RecordFound):
            self._found, self._lookup = outcome, None
            if self.is_current:
                self.redraw()
