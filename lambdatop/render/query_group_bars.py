"""A horizontal bar for each group of an aggregate without bins, the largest first."""

from collections.abc import Iterator, Sequence

from lambdatop.render.printable import printable
from lambdatop.render.query_plot import style_of
from lambdatop.render.query_series import Chart
from lambdatop.render.query_units import unit_of, value_text
from lambdatop.render.span import Line, Printable, crop, line_width, pad, text_width
from lambdatop.render.words import said

_PARTIAL = " ▏▎▍▌▋▊▉"
_GAP = said("  ")
_LEAST_BAR = 8


def group_bar_lines(chart: Chart, width: int, height: int, *, is_ascii: bool) -> Iterator[Line]:
    """Yield a line a group: name, value, bar; where there are too many, the last line says how many more and which."""
    is_all = chart.group_count <= height
    shown = chart.series[: height if is_all else height - 1]
    unit = unit_of(chart.value.name)
    names = short_names([series.name or chart.value.name for series in shown], max(8, width // 3))
    values = [value_text(series.total, unit) for series in shown]
    name_width = max(map(line_width, names))
    value_width = max(map(text_width, values))
    room = max(_LEAST_BAR, width - name_width - value_width - 2 * len(_GAP.text))
    low = min(0.0, *(series.total for series in chart.series))
    high = max(0.0, *(series.total for series in chart.series))
    for series, name, value in zip(shown, names, values, strict=True):
        bar = _bar(series.total, low, high, room, is_ascii=is_ascii)
        yield (*pad(name, name_width), _GAP, *pad((said(value),), value_width, "right"), _GAP, *bar)
    if not is_all:
        yield crop((said(_left_out(chart, len(shown)), "dim"),), width)


def short_names(names: Sequence[str], width: int) -> list[Line]:
    """Return names in at most `width` cells; where one is too long, all lose the path that they begin with alike.

    >>> ["".join(span.text for span in name) for name in short_names(["1:/aws/lambda/api", "1:/aws/lambda/pay"], 9)]
    ['…api', '…pay']
    """
    shown = [printable(name, 400) for name in names]
    if len(shown) > 1 and max(map(text_width, shown)) > width:
        first, last = min(shown), max(shown)
        alike = next((place for place, letter in enumerate(first) if not last.startswith(letter, place)), len(first))
        path = max(first.rfind(sign, 0, alike) for sign in "/:") + 1
        shown = [Printable(f"…{name[path:]}") if path > 1 else name for name in shown]
        shown = [_without_path(name, width) for name in shown]
    return [crop((said(name),), width) for name in shown]


def _without_path(name: Printable, width: int) -> Printable:
    """Return a path without as many of its folders as it takes to fit; text with blanks is no path.

    >>> _without_path(Printable("…aws/lambda/checkout-api"), 15), _without_path(Printable("GET /a/b from"), 9)
    ('…checkout-api', 'GET /a/b from')
    """
    while text_width(name) > width and "/" in name[:-1] and " " not in name:
        name = Printable(f"…{name.partition('/')[2]}")
    return name


def _left_out(chart: Chart, count: int) -> str:
    rest = chart.series[count:]
    total = sum(series.total for series in rest)
    together = f", {value_text(total, unit_of(chart.value.name))} together" if chart.is_additive else ""
    names = printable(", ".join(series.name for series in rest[:20]), 300)
    return f"… and {len(rest):,} more{together}: {names}"


def _bar(value: float, low: float, high: float, width: int, *, is_ascii: bool) -> Line:
    """Return a bar from zero, to an eighth of a cell; more than nothing is seen."""
    scale = high - low or 1.0
    zero = round(-low / scale * width)
    if value < 0:
        cells = max(1, round(-value / scale * width))
        return (said(" " * max(0, zero - cells)), said(("#" if is_ascii else "█") * min(cells, zero), style_of(1)))
    eighths = max(1 if value else 0, min((width - zero) * 8, round(value / scale * width * 8)))
    if is_ascii:
        return (said(" " * zero), said("#" * max(1 if value else 0, round(eighths / 8)), style_of(0)))
    whole, part = divmod(eighths, 8)
    return (said(" " * zero), said("█" * whole + (_PARTIAL[part] if part else ""), style_of(0)))
