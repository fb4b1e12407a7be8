"""The line in which a filter, a search or a name is typed."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from lambdatop.render.words import foreign, line, said
from lambdatop.ui.line_widget import LineWidget


class FilterBar(Horizontal):
    """Tells what is typed while one types; enter keeps it, escape clears it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", show=False),
        Binding("up,down,tab", "keep", show=False),
    ]

    class Changed(Message):
        """Another filter was typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """What was typed is kept, or given up."""

        def __init__(self, text: str, *, is_kept: bool) -> None:
            super().__init__()
            self.text = text
            self.is_kept = is_kept

    def __init__(self, text: str, label: str = "filter", placeholder: str = "text, or globs such as check*") -> None:
        super().__init__(id="filter-bar")
        self._text = text
        self._label = label
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """A label and the input."""
        yield LineWidget(id="filter-label")
        field = Input(self._text, placeholder=self._placeholder, compact=True, select_on_focus=False)
        field.cursor_blink = False
        yield field
        yield LineWidget(id="filter-note")

    def on_mount(self) -> None:
        """Take the keys."""
        label = self.query_one("#filter-label", LineWidget)
        label.styles.width = len(self._label) + 2
        label.show((line(said(f" {self._label} ", "key")),))
        self.query_one(Input).focus()

    def note(self, text: str) -> None:
        """Say something about what is typed, such as why it cannot be used; nothing takes it away."""
        note = self.query_one("#filter-note", LineWidget)
        room = self.size.width - len(self._label) - len(self.query_one(Input).value) - 4
        note.styles.width = min(len(text) + 1, max(room, self.size.width // 2)) if text else 0
        note.show((line(foreign(f" {text}", "warning", 300)),))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Keep the filter and give the keys back."""
        self.post_message(self.Closed(self.query_one(Input).value, is_kept=True))

    def action_clear(self) -> None:
        """Clear the filter and give the keys back."""
        self.post_message(self.Changed(""))
        self.post_message(self.Closed("", is_kept=False))
