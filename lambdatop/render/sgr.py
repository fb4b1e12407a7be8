"""Colours that loggers write into their text (SGR, ECMA-48 section 8.3.117), as styles instead of escapes."""

_COLORS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_TURNED_ON = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
"""Concealed and blinking text are left out: text must stay readable."""
_TURNED_OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("reverse",), 29: ("strike",)}


class Rendition:
    """The colours and attributes in force."""

    def __init__(self) -> None:
        self.attributes: list[str] = []
        self.foreground = ""
        self.background = ""

    @property
    def style(self) -> str:
        """The style's name in Rich's words; text in its background's colour would be hidden, so it loses that."""
        is_hidden = self.background in ("", self.foreground)
        words = [*self.attributes, self.foreground, "" if is_hidden else f"on {self.background}"]
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
