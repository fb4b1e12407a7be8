"""A widget that draws lines of styled text and repaints only the cells that changed."""

from typing import ClassVar

from rich.color import Color, blend_rgb
from rich.segment import Segment
from rich.style import Style
from textual.constants import DIM_FACTOR
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from lambdatop.render.ascii_text import ascii_line
from lambdatop.render.sgr import LEGIBLE_CONTRAST, contrast
from lambdatop.render.span import Line
from lambdatop.ui.line_difference import changed_ranges

STYLE_NAMES = (
    "dim", "heading", "good", "warning", "bad", "accent", "unknown", "provisional", "late", "bar", "bar_peak",
    "bar_limit", "key", "selected", "rule", "frozen", "match",
    "mark", "faint_selected", "cursor", "problem",
    "series_1", "series_2", "series_3", "series_4", "series_5", "series_6",
)  # fmt: skip
"""The style names that spans carry; `line--<name>` in the style sheet gives each its colours."""
LINE_CLASSES = {f"line--{name}" for name in STYLE_NAMES}
"""Component classes of every screen with such widgets: worked out once a screen, not once a widget."""
_FAINT = frozenset(("dim", "unknown", "provisional"))
"""Styles too faint for the selected row's ground, which `faint_selected` stands in for there."""
_STRIPS_KEPT = 512


class LineWidget(Widget):
    """Shows lines; what they say is worked out elsewhere, for the size that the widget has.

    Everything on the screen but the filter's input is drawn by this class, so that one place turns style names into
    colours and one place decides which bytes go to the terminal; where the app draws in ASCII, no others. A subclass
    says in `lines_for` what it shows in a size, and calls `update_lines` when that has changed.
    """

    DEFAULT_CSS: ClassVar[str] = "LineWidget { height: 1fr; }"

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id, classes=classes)
        self._shown: tuple[Line, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._lines_size = Size(0, 0)
        self._strips: dict[tuple[Line, int], Strip] = {}
        self._styles_by_name: dict[str, Style] = {}

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown now."""
        return self._lines

    def lines_for(self, width: int, height: int) -> tuple[Line, ...]:  # noqa: ARG002  subclasses fit into the size
        """Return what to show in a size."""
        return self._shown

    def show(self, lines: tuple[Line, ...]) -> None:
        """Show these lines."""
        self._shown = lines
        self.update_lines()

    def update_lines(self) -> None:
        """Work the lines out again and repaint only the cells that differ from what is shown."""
        width, height = self.size
        if not width or not height or self._lines_size != self.size:
            return  # what is drawn next in a new size is worked out then
        old, lines = self._lines, self._lines_for(width, height)
        self._lines = lines
        regions: list[Region] = []
        for y in range(height):
            before = old[y] if y < len(old) else ()
            after = lines[y] if y < len(lines) else ()
            if before is not after:
                regions.extend(Region(start, y, end - start, 1) for start, end in changed_ranges(before, after, width))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Return one line as Textual draws it."""
        width = self.size.width
        if self._lines_size != self.size:
            self._lines_size = self.size
            self._lines = self._lines_for(*self.size)
        line = self._lines[y] if y < len(self._lines) else ()
        key = (line, width)
        strip = self._strips.get(key)
        if strip is None:
            if len(self._strips) >= _STRIPS_KEPT:
                self._strips.clear()
            strip = self._strip(line, width)
            self._strips[key] = strip
        return strip

    def notify_style_update(self) -> None:
        """Forget what was drawn in the colours of another theme."""
        super().notify_style_update()
        self._strips.clear()
        self._styles_by_name.clear()

    def _lines_for(self, width: int, height: int) -> tuple[Line, ...]:
        """Return what to show in a size, in characters that the terminal has."""
        lines = self.lines_for(width, height)
        return tuple(map(ascii_line, lines)) if getattr(self.app, "draws_ascii", False) else lines

    def _strip(self, line: Line, width: int) -> Strip:
        segments: list[Segment] = []
        for span in line:
            style = self._style(span.style)
            if segments and _look_alike(span.text, style, segments[-1].style):
                segments[-1] = Segment(segments[-1].text + span.text, segments[-1].style)
            else:
                segments.append(Segment(span.text, style))
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _style(self, name: str) -> Style:
        style = self._styles_by_name.get(name)
        if style is None:
            style = self.rich_style
            if name.startswith("sgr:"):
                style = self._coloured(style, Style.parse(name.removeprefix("sgr:")))
            else:
                parts = sorted(name.split(), key="selected".__eq__, reverse=True)
                for part in parts:
                    style += self._themed("faint_selected" if part in _FAINT and "selected" in parts else part)
            self._styles_by_name[name] = style
        return style

    def _coloured(self, style: Style, found: Style) -> Style:
        """Return the style with colours that were found in text, without them where the theme's would hide it."""
        coloured, theme = style + found, self.app.ansi_theme
        colour = (coloured.color or Color.default()).get_truecolor(theme)
        background = (coloured.bgcolor or Color.default()).get_truecolor(theme, foreground=False)
        is_hidden = (
            contrast(blend_rgb(background, colour, DIM_FACTOR) if coloured.dim else colour, background)
            < LEGIBLE_CONTRAST
        )
        return style + found.without_color if is_hidden or self.app.no_color else coloured

    def _themed(self, name: str) -> Style:
        """Return what the style sheet says of a name, see-through colours blended with what lies behind."""
        rules = self.screen.get_component_styles(f"line--{name}")
        behind = self.background_colors[1]
        colour = (behind + rules.color).rich_color if rules.has_rule("color") else None
        background = (behind + rules.background).rich_color if rules.has_rule("background") else None
        return Style(color=colour, bgcolor=background) + rules.text_style


def _look_alike(text: str, style: Style, other: Style | None) -> bool:
    """Return whether text looks the same in another style: fewer changes of style are fewer bytes."""
    if style == other or other is None:
        return style == other
    is_plain = not (style.underline or other.underline or style.reverse or other.reverse)
    return text.isspace() and is_plain and style.bgcolor == other.bgcolor
