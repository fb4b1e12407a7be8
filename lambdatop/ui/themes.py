"""lambdatop's own themes; Textual's are there beside them."""

from textual.theme import Theme

DARK = Theme(
    name="lambdatop",
    primary="#5fa8d3",
    secondary="#8fb8de",
    accent="#e5a95f",
    foreground="#d7dae0",
    background="#101216",
    surface="#1a1d23",
    panel="#23272f",
    success="#7fb069",
    warning="#e6b450",
    error="#f07178",
    dark=True,
)
LIGHT = Theme(
    name="lambdatop-light",
    primary="#1f6f9f",
    secondary="#38598b",
    accent="#9a5b00",
    foreground="#20242b",
    background="#fbfbf8",
    surface="#f0f0ea",
    panel="#e4e4dc",
    success="#3c7d22",
    warning="#8a6100",
    error="#b3261e",
    dark=False,
)
THEMES = (DARK, LIGHT)
