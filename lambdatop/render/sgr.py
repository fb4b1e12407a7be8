"""Colours that loggers write into their text (SGR, ECMA-48 section 8.3.117), as styles instead of escapes."""

from functools import lru_cache

_COLORS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_XTERM = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
_TURNED_ON = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
"""Concealed and blinking text are left out: text must stay readable."""
_TURNED_OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 29: ("strike",)}

LEGIBLE_CONTRAST = 1.5
"""WCAG's ratio; below, text can be overlooked. Dark blue on black has 2."""
_TEXT_CONTRAST, _GROUND_CONTRAST = 1.07, 1.3
"""Below, text in a colour alone, or on one alone, may be in that of the terminal's background, or its text."""
_LEVELS = (0, 95, 135, 175, 215, 255)
"""Of the colour cube from 16 to 231."""


class Rendition:
    """The colours and attributes in force."""

    def __init__(self) -> None:
        self.attributes: list[str] = []
        self.foreground = ""
        self.background = ""

    @property
    def style(self) -> str:
        """The style's name in Rich's words, without colours that would hide the text.

        Text like its own background loses that; text in black or white alone, or on it alone, is plain, as the
        terminal's own colours may be those.
        """
        foreground, background = self.foreground, self.background
        if foreground and background and _contrast(foreground, background) < LEGIBLE_CONTRAST:
            background = ""
        if foreground and not background and _contrast_to_ground(foreground) < _TEXT_CONTRAST:
            foreground = ""
        if background and not foreground and _contrast_to_ground(background) < _GROUND_CONTRAST:
            background = ""
        words = [*self.attributes, foreground, f"on {background}" if background else ""]
        named = " ".join(word for word in words if word)
        return f"sgr:{named}" if named else ""

    def apply(self, parameters: str) -> None:
        """Change by the parameters of one sequence; what is not understood changes nothing."""
        codes = [int(code or 0) for code in parameters.split(";")]
        index = 0
        while index < len(codes):
            code = codes[index]
            if code in (38, 48):
                color, taken = _extended_color(codes[index + 1 :])
                if code == 38:
                    self.foreground = color or self.foreground
                else:
                    self.background = color or self.background
                index += taken
            else:
                self._apply_code(code)
            index += 1

    def _apply_code(self, code: int) -> None:
        if code == 0:
            self.attributes, self.foreground, self.background = [], "", ""
        elif code in _TURNED_ON:
            self.attributes = [*(word for word in self.attributes if word != _TURNED_ON[code]), _TURNED_ON[code]]
        elif code in _TURNED_OFF:
            self.attributes = [word for word in self.attributes if word not in _TURNED_OFF[code]]
        elif code in (39, 49):
            if code == 39:
                self.foreground = ""
            else:
                self.background = ""
        else:
            self._apply_color(code)

    def _apply_color(self, code: int) -> None:
        for first, prefix in ((30, ""), (90, "bright_")):
            if first <= code < first + 8:
                self.foreground = prefix + _COLORS[code - first]
            elif first + 10 <= code < first + 18:
                self.background = prefix + _COLORS[code - first - 10]


def _extended_color(codes: list[int]) -> tuple[str, int]:
    """Return the colour after a 38 or 48, and how many parameters it took; ("", n) when it is none."""
    if codes[:1] == [5]:
        return (f"color({codes[1]})" if len(codes) > 1 and codes[1] < 256 else ""), 2
    if codes[:1] == [2]:
        red_green_blue = codes[1:4]
        is_color = len(red_green_blue) == 3 and max(red_green_blue) < 256
        return ("#{:02x}{:02x}{:02x}".format(*red_green_blue) if is_color else ""), 4
    return "", 0


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Return the contrast of two colours from 1 to 21, as Web Content Accessibility Guidelines 2 define it.

    >>> contrast((0, 0, 0), (255, 255, 255)), contrast((9, 9, 9), (9, 9, 9))
    (21.0, 1.0)
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=256)
def _contrast(foreground: str, background: str) -> float:
    return contrast(_red_green_blue(foreground), _red_green_blue(background))


def _contrast_to_ground(color: str) -> float:
    """Return the contrast to black or to white, whichever is less."""
    return min(_contrast(color, ground) for ground in ("#000000", "#ffffff"))


def _luminance(color: tuple[int, int, int]) -> float:
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _red_green_blue(color: str) -> tuple[int, int, int]:
    """Return what xterm shows for a colour; what other terminals show for the first sixteen is much the same."""
    if color.startswith("#"):
        red, green, blue = bytes.fromhex(color[1:])
        return red, green, blue
    if color.startswith("color("):
        number = int(color[6:-1])
    else:
        number = _COLORS.index(color.removeprefix("bright_")) + (8 if color.startswith("bright_") else 0)
    if number >= 232:
        return (8 + 10 * (number - 232),) * 3
    if number >= 16:
        red, green, blue = (_LEVELS[(number - 16) // step % 6] for step in (36, 6, 1))
        return red, green, blue
    return _red_green_blue(_XTERM[number])
