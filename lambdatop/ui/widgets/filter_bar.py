"""The line in which a filter is typed."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from lambdatop.render.words import line, said
from lambdatop.ui.line_widget import LineWidget


class FilterBar(Horizontal):
    """Filters while one types; enter keeps the filter, escape clears it."""

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
        """The filter is as it should be."""

    def __init__(self, text: str) -> None:
        super().__init__(id="filter-bar")
        self._text = text

    def compose(self) -> ComposeResult:
        """A label and the input."""
        yield LineWidget(id="filter-label")
        field = Input(self._text, placeholder="text, or globs such as check*", compact=True, select_on_focus=False)
        field.cursor_blink = False
        yield field

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one("#filter-label", LineWidget).show((line(said(" filter ", "key")),))
        self.query_one(Input).focus()

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
        self.post_message(self.Closed())

    def action_clear(self) -> None:
        """Clear the filter and give the keys back."""
        self.post_message(self.Changed(""))
        self.post_message(self.Closed())
