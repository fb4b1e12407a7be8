"""Text that tries to drive, hide from or deceive a terminal; every piece carries a mark of its own to be found by.

Numbers inside sequences are 31337, so that a sequence that got through can be told from the program's own.
"""

import json
from collections.abc import Sequence

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
    "pasted": "\x1b[201~\nreboot 31337\n\x1b[200~",
    "mouse": "\x1b[?1000;31337h\x1b[?1003;31337h\x1b[?1006;31337h\x1b[?1016;31337h",
    "other_screen": "\x1b[?1049;31337h\x1b[?47;31337h\x1b[?2026;31337h\x1b[31337;1 q",
    "keyboard": "\x1b[>31337u\x1b[=31337;1u\x1b[<31337u\x1b[>4;31337m",
    "file_transfer": "\x1b]1337;File=name=31337;inline=1:MzEzMzc=\x07\x1b]50;31337\x07\x1b]133;31337\x07",
    "c1_strings": "\x9031337q\x9c\x9831337\x9c\x9e31337\x9c\x9f31337\x9c\x9a\x85\x8d",
    "escape_at_end": "31337\x1b",
    "lying_link": "\x1b]8;id=31337;https://31337.example\x07https://aws.amazon.com\x1b]8;;\x07 https://aws.amazon.com@31337",
    "colour_flood_by_number": "".join(f"\x1b[38;5;{number % 256}m" for number in range(10_000)) + "end",
    "overlong_colour": "\x1b[" + "31337;" * 5_000 + "1m\x1b[38:2::31337:1:1m\x1b[38;5;31337mend",
    "hidden_by_number": "\x1b[30;48;5;16mdark\x1b[38;2;0;0;0;40mdark\x1b[37;48;5;7mlight\x1b[97;48;5;231mlight\x1b[0m",
    "hidden_by_little": "\x1b[38;2;17;18;23mscreen\x1b[0;30mblack\x1b[0;97mwhite\x1b[0;7;30mturned\x1b[0;107mpaper",
    "hidden_by_no_colour": "\x1b[38;2;0;0;255mblue\x1b[44;38;2;0;5;238mblue\x1b[2;38;2;40;40;40mdim",
    "marks_in_colours": "Z" + "\x1b[31m\u0301\x1b[32m\u0335" * 1_000,
    "syllable": "\u1100" + "\u1161" * 3_000 + "\ud7b0" * 10,
    "unseen": "a\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f\ufe00\ufe0fb\U0001d173\ufff9\ufffa\ufffb\U000e0100c",
    "emoji": "👩\u200d💻 ❤\ufe0f 🇩🇪 🏴\U000e0067\U000e0062\U000e0065\U000e007f 👍\U0001f3ff \u200d\u200d",
    "nul": "a\x00" * 50 + "\x00",
    "tab_flood": "\t" * 10_000 + "end",
    "not_characters": "\ufdd0\ufffe\uffff\U0001fffe\U0010fffe\u0378",
    "name": "../../31337/../[$LATEST]:*?;rm -rf ~ #`reboot`\\\"'",
    "object": '{"__proto__":{"polluted":31337},"constructor":{"prototype":{"polluted":31337}}}',
    "escaped": "\\u001b]52;c;31337\\u0007 \\x1b[31337m \\033[31337m &#27;[31337m %1b[31337m \\u202e",
}

HOSTILE = {name: f"EVIL{number:02d}{payload}" for number, (name, payload) in enumerate(_PAYLOADS.items())}
"""Name to text; each text begins with its mark."""
HARMLESS = [f"CALM{number:02d} and nothing else" for number in range(len(HOSTILE))]
"""As many texts that want nothing, to see what is sent for those."""
HOSTILE_WORD, HARMLESS_WORD = "EVIL", "CALM"
MARKS = {name: text[:6] for name, text in HOSTILE.items()}
PASTED = "".join(
    text[:60]
    for text in HOSTILE.values()
    if not text.isascii() and not set(map(chr, range(0x20))).intersection(text)
).encode("utf-8", "replace").decode()  # fmt: skip
"""What may be pasted in one line between the terminal's own brackets, which have no control characters in them."""
_LENGTH_MAX, _LONG_MAX = 2_000, 60_000
"""Of what stands in an event more than once, and of JSON."""
_REPORTED = (
    "Duration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 512 MB\tMax Memory Used: 36 MB\t"
    "XRAY TraceId: 1-5759e988-bd862e3fe1be46a994272793\tSegmentId: 0\tSampled: true\t"
)
LITERAL = {"rich_markup": "[bold red]bold", "textual_markup": "[@click=app.quit]click"}
"""What must be seen as it was written, where a mark-up reader would have taken it for its own."""


def log_messages(text: str, number: int) -> Sequence[str]:
    """Return the events of one failed invocation that say a text in every place where foreign text can stand."""
    request = f"00000000-0000-4000-8000-{number:012d}"
    short = text[:_LENGTH_MAX]
    metric = {"Namespace": short, "Dimensions": [[short]], "Metrics": [{"Name": short, "Unit": short}]}
    deep: dict[str, object] = {"message": short, short: [short]}
    for _ in range(60):
        deep = {"__proto__": deep}
    return (
        f"START RequestId: {request} Version: $LATEST\n",
        text,
        f"2026-11-21T03:00:00.000Z\t{request}\tWARN\t{short}\n",
        f"[ERROR] {short}: {short}\nTraceback (most recent call last):\n  File {short}, line 1, in f\r    {short}",
        json.dumps(
            {"level": "ERROR", "message": text[:_LONG_MAX], "errorType": short, "logger": short, "requestId": short}
        ),
        json.dumps(
            {"requestId": request, short: short, "correlation_id": short[:150], "service": {short: [short, {}]}}
        ),
        json.dumps({"level": short, "message": json.dumps({"inner": json.dumps({short: short})}), "stack": short}),
        json.dumps({"message": "deep", "constructor": deep}, ensure_ascii=short.isascii()),
        json.dumps({"_aws": {"Timestamp": 1, "CloudWatchMetrics": [metric]}, short: 31337, "message": short}),
        json.dumps({"time": short, "type": "platform.report", "record": {"status": short, "errorType": short}}),
        json.dumps({"time": short, "type": f"platform.{short}", "record": {"requestId": short, "name": short}}),
        "{" * 50 + text[:6] + '{"a":' * 2_000,
        f"{request} {short}\n{short}\r\n{short}\r{short}",
        f"END RequestId: {request}\n",
        f"REPORT RequestId: {request}\t{_REPORTED}\n",
    )
