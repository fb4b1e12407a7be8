"""The least a Textual app can be, as the yardstick for start and keys: one Line-API widget that shows key presses."""

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.events import Key
from textual.strip import Strip
from textual.widget import Widget


class Canvas(Widget):
    """A widget that draws one line."""

    pressed = 0

    def render_line(self, y: int) -> Strip:
        """Draw the marker that the harness waits for."""
        return Strip([Segment(f"MINIMAL K{self.pressed:05d}" if y == 0 else "")])


class MinimalApp(App[None]):
    """Nothing but that widget."""

    def compose(self) -> ComposeResult:
        """Show the widget."""
        yield Canvas()

    def on_key(self, event: Key) -> None:
        """Count the key and draw the count."""
        event.stop()
        canvas = self.query_one(Canvas)
        canvas.pressed += 1
        canvas.refresh()


if __name__ == "__main__":
    MinimalApp().run()
