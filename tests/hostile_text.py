"""Text that tries to drive, hide from or deceive a terminal; every piece carries a mark of its own to be found by.

Numbers inside sequences are 31337, so that a sequence that got through can be told from the program's own.
"""

TELL_TALE = "31337"
_CLIPBOARD = "MzEzMzc="  # 31337

_PAYLOADS = {
    "rich_markup": "[bold red]bold[/bold red] [/] [link=https://31337.example]link[/link] :skull: [red",
    "textual_markup": "[@click=app.quit]click[/] [$error on $surface]x[/] [b]y[/b] \\[z]",
    "clipboard": f"\x1b]52;c;{_CLIPBOARD}\x07",
    "clipboard_st": f"\x1b]52;c;{_CLIPBOARD}\x1b\\",
    "clipboard_tmux": f"\x1bPtmux;\x1b\x1b]52;c;{_CLIPBOARD}\x07\x1b\\",
    "hyperlink": "\x1b]8;;https://31337.example\x1b\\click\x1b]8;;\x1b\\",
    "title": "\x1b]0;31337\x07",
    "title_st": "\x1b]2;31337\x1b\\",
    "palette": "\x1b]4;1;rgb:31337\x07",
    "notify": "\x1b]9;31337\x07\x1b]777;notify;31337;31337\x07",
    "device_control": "\x1bP31337q#0;2;0;0;0\x1b\\",
    "request_setting": "\x1bP$q31337m\x1b\\",
    "application_command": "\x1b_G31337\x1b\\",
    "privacy_message": "\x1b^31337\x1b\\",
    "start_of_string": "\x1bX31337\x1b\\",
    "unterminated": "\x1b]0;31337",
    "cut_csi": "\x1b[31337",
    "doubled_escape": "\x1b\x1b[31337m\x1b",
    "c1_csi": "\x9b31337H\x9b2J",
    "c1_osc": "\x9d52;c;31337\x9c",
    "c1_all": "".join(map(chr, range(0x80, 0xA0))),
    "c0_all": "".join(map(chr, range(0x20))) + "\x7f",
    "reports": "\x1b[6n\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[21t\x1b[19t\x1b[?31337$p\x05",
    "reset": "\x1bc\x1b[!p\x1b[?1049l\x1b[?1000l\x1b[?2004l\x1b>\x1b=",
    "homeward": "\x1b[31337;31337H\x1b[2J\x1b[3J\x1b[31337A\x1b7\x1b8\x1b[s\x1b[u",
    "scrolling": "\x1b[31337;31337r\x1bD\x1bM\x1b[31337S\x1b[31337L",
    "concealed": "\x1b[8mhidden\x1b[28m\x1b[30;40mdark\x1b[0m",
    "colour_flood": "\x1b[31m\x1b[42m" * 5_000 + "end",
    "backspaces": "bad" + "\b" * 40 + "good",
    "carriage_return": "bad\rgood\r\r\nnext\n\nlines",
    "shifts": "\x0e\x0f\x1b(0\x1b)0\x1b*A\x1b%@\x1bN\x1bO",
    "bidi": "\u202eabc\u202c\u202a\u202b\u202d\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "zero_width": "a" + "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e" * 300 + "b",
    "combining": "e" + "\u0301\u0335\u0489" * 3_000,
    "separators": "one\u2028two\u2029three\x85four\x0bfive\x0csix",
    "surrogates": "\ud800 lone \udfff",
    "invisible": "\U000e0041\U000e0001\ufe0f\u3164\u115f\uffa0\ufffc\ue000\U0010ffff",
    "wide": "漢字" * 40 + "🧑\u200d🚀" * 20,
    "tabs": "\t\ta\tb\t",
    "megabyte": "A" * 1_000_000,
    "format": "%s%n {0} {self.__class__} $(reboot) `reboot` ${HOME}",
    "table": "a|b|c\n|---|\n<b>html</b> &amp; <script>x</script>",
    "labels": 'x"} 1\ny{z="',
}

HOSTILE = {name: f"EVIL{number:02d}{payload}" for number, (name, payload) in enumerate(_PAYLOADS.items())}
"""Name to text; each text begins with its mark."""
MARKS = {name: text[:6] for name, text in HOSTILE.items()}
LITERAL = {"rich_markup": "[bold red]bold", "textual_markup": "[@click=app.quit]click"}
"""What must be seen as it was written, where a mark-up reader would have taken it for its own."""
