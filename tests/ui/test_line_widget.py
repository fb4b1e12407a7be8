"""How styles that were found in text look on screen."""

import pytest
from rich.style import Style

from lambdatop.render.sgr import contrast
from lambdatop.ui.line_widget import LineWidget
from tests.ui.test_looks import app_of


async def _styles(names: tuple[str, ...], theme: str = "lambdatop") -> tuple[Style, list[Style]]:
    """Return a widget's own style, and those of the names."""
    app = app_of("incident")
    async with app.run_test() as pilot:
        app.theme = theme
        await pilot.pause()
        widget = app.screen.query(LineWidget).first()
        return widget.rich_style, [widget._style(name) for name in names]


@pytest.mark.parametrize(
    ("theme", "hidden", "seen"),
    [
        ("lambdatop", ("sgr:#15181c", "sgr:color(233)", "sgr:on #d0d0d0", "sgr:dim #303030"), ("sgr:bright_black",)),
        ("lambdatop-light", ("sgr:white", "sgr:#f0f0ea", "sgr:on #303030", "sgr:dim #c8c8c8"), ("sgr:bright_yellow",)),
    ],
)
async def test_text_in_colours_that_would_hide_it_is_in_the_widgets_own(
    theme: str, hidden: tuple[str, ...], seen: tuple[str, ...]
) -> None:
    own, styles = await _styles((*hidden, *seen), theme)
    for name, style in zip((*hidden, *seen), styles, strict=True):
        assert ((style.color, style.bgcolor) == (own.color, own.bgcolor)) is (name in hidden), name


@pytest.mark.parametrize("theme", ["lambdatop", "lambdatop-light"])
async def test_every_word_of_the_selected_row_stands_out_from_its_ground(theme: str) -> None:
    names = ("dim", "unknown", "provisional", "", "heading", "good", "warning", "bad", "accent", "late", "key")
    _, styles = await _styles(tuple(f"{name} selected".strip() for name in names), theme)
    for name, style in zip(names, styles, strict=True):
        assert style.color is not None
        assert style.bgcolor is not None
        assert contrast(style.color.get_truecolor(), style.bgcolor.get_truecolor()) >= 4.5, name


async def test_attributes_stay_where_colours_go() -> None:
    _, [style] = await _styles(("sgr:bold underline #101216",))
    assert style.bold
    assert style.underline


async def test_no_color_leaves_no_colour_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    own, [style] = await _styles(("sgr:bold #0000ff",))
    assert (style.color, style.bgcolor, style.bold) == (own.color, own.bgcolor, True)


@pytest.mark.parametrize("theme", ["lambdatop", "lambdatop-light"])
async def test_what_a_chart_draws_beside_each_other_has_colours_of_its_own(theme: str) -> None:
    own, styles = await _styles(tuple(f"series_{number}" for number in range(1, 7)), theme)
    assert own.bgcolor is not None
    colours = {style.color.get_truecolor() for style in styles if style.color is not None}
    assert len(colours) == 6
    for colour in colours:
        assert contrast(colour, own.bgcolor.get_truecolor()) >= 4.5, colour
