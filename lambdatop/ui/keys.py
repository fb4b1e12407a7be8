"""Every key in one table; bindings, the key bar, the help page and the palette are made from it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from textual.binding import Binding

Place = Literal[
    "everywhere", "overview", "page", "function", "environments", "errors", "error", "logs", "event", "request"
]


class Key(NamedTuple):
    """An action and the keys that do it."""

    keys: str
    """Textual's names of the keys, separated by commas; the first is the one shown."""
    action: str
    shown: str
    """How the key is written."""
    word: str
    """One or two words for the key bar."""
    help: str
    places: tuple[Place, ...]
    bar_rank: int | None = None
    """Place in the key bar, lowest first; None for keys that are not in it."""


_NUMBERS: tuple[Place, ...] = ("overview", "page", "function", "environments", "errors", "error", "request")
"""Where windows and pictures of numbers are."""
_WINDOWED: tuple[Place, ...] = ("overview", "page", "function", "errors")
_UNWINDOWED: tuple[Place, ...] = tuple(place for place in _NUMBERS if place not in _WINDOWED)
"""Where the window changes nothing but what the header says."""
_LINES: tuple[Place, ...] = ("logs", "event")
_ALL: tuple[Place, ...] = (*_NUMBERS, *_LINES)
KEYS: tuple[Key, ...] = (
    Key("question_mark", "app.help", "?", "help", "this page", _ALL, 1),
    Key("enter", "open", "enter", "open", "open the function or the pane", ("overview",), 2),
    Key("enter", "open", "enter", "open", "open the error, or the function", ("errors",), 2),
    Key("enter", "open", "enter", "request", "the request of the selected failure, from end to end", ("error",), 3),
    Key("enter", "open", "enter", "request", "the selected invocation's or error's request, from end to end",
        ("function",), 4),
    Key("enter", "open", "enter", "open", "the selected line's whole event, or the linked request", ("request",), 2),
    Key("t", "trace", "t", "trace", "show and copy the link to its X-Ray trace", ("request",), 3),
    Key("l", "logs", "l", "logs", "read the function's log lines at the selected line", ("request",), 3),
    Key("y", "copy", "y", "copy ID", "copy the request ID", ("request",), 4),
    Key("Y", "copy_lines", "Y", "copy lines", "copy all lines of the request", ("request",), 4),
    Key("escape", "back", "esc", "back", "back; in the table: leave the filter", _ALL, 2),
    Key("slash", "filter", "/", "filter", "show functions by name: text, or globs such as check*", ("overview",), 3),
    Key("slash", "filter", "/", "filter", "show errors with these words in message, type, kind, function or version",
        ("errors",), 3),
    Key("s", "sort", "s", "sort", "sort by count, by last seen, new ones first, by rate", ("errors",), 4),
    Key("x", "fold", "x", "unfold", "show the whole stack trace, or a part of it", ("error",), 4),
    Key("l", "logs", "l", "logs", "read the function's log lines at the selected failure", ("error",), 4),
    Key("y", "copy", "y", "copy", "copy the newest failure's message and stack trace", ("error",), 4),
    Key("s", "sort", "s", "sort", "choose the column that rows are sorted by", ("overview",), 4),
    Key("S", "reverse", "S", "reverse", "turn the order round", ("overview",), 14),
    Key("w", "app.window", "w", "window", "next window: 1 min, 5 min, 15 min, 1 h, since start", _WINDOWED, 6),
    Key("w", "app.window", "w", "window", "next window of the numbers in other places", _UNWINDOWED),
    Key("space", "app.freeze", "space", "freeze", "freeze the picture while collection goes on", _NUMBERS, 5),
    Key("exclamation_mark", "app.problems", "!", "sources", "where numbers come from, and what is wrong", _ALL, 7),
    Key("L", "app.live_tail", "L", "live", "Live Tail: the opened function, others that matter too, off", _ALL),
    Key("B", "app.backfill", "B", "read past", "read the past by Insights, where its price waits for consent", _ALL),
    Key("i", "reasons", "i", "why", "why the function is in its state, why numbers are missing",
        ("overview", "function"), 9),
    Key("1", "app.pane('concurrency')", "1", "concurrency", "all about concurrency", _ALL),
    Key("2", "app.pane('cold_starts')", "2", "cold starts", "all about cold starts", _ALL),
    Key("3", "app.pane('throttles')", "3", "throttles", "all about throttles", _ALL),
    Key("4", "app.pane('errors')", "4", "errors", "all about errors", _ALL),
    Key("5", "app.pane('dead_letters')", "5", "dead letters", "all dead-letter queues", _ALL),
    Key("6", "app.pane('traces')", "6", "traces", "slowest and faulted traces", _ALL),
    Key("7", "app.logs", "7", "all logs", "log lines of all functions, or of those that the filter shows", _ALL),
    Key("l", "logs", "l", "logs", "read the function's log lines", ("overview", "function", "environments"), 3),
    Key("v", "environments", "v", "environments", "the function's execution environments: state, age, memory",
        ("function",), 4),
    Key("v", "environments", "v", "environments", "the function's execution environments: state, age, memory",
        ("overview",), 8),
    Key("enter", "open", "enter", "log", "read what the selected environment logged", ("environments",), 2),
    Key("enter", "open", "enter", "event", "the whole event, with its invocation's lines", ("logs",), 2),
    Key("enter", "open", "enter", "event", "show another line of the invocation", ("event",), 3),
    Key("slash", "search", "/", "search", "search: text, or /regex/", ("logs",), 3),
    Key("n", "match(1)", "n", "next", "next match of the search", ("logs",), 8),
    Key("N", "match(-1)", "N", "previous", "previous match", ("logs",)),
    Key("ampersand", "filter", "&", "filter",
        "filter in or out: text, /regex/, field:value, level>=warn; ! hides", ("logs",), 4),
    Key("P", "pattern", "P", "filter at AWS", "have AWS filter what is read, by its own filter pattern", ("logs",)),
    Key("backspace", "take_back", "⌫", "unfilter", "take the last condition off the filter", ("logs",), 9),
    Key("e", "error(1)", "e", "next error", "next line at ERROR or above", ("logs",)),
    Key("E", "error(-1)", "E", "error", "previous line at ERROR or above", ("logs",), 5),
    Key("space", "follow", "space", "follow", "hold on, or follow what comes", ("logs",), 6),
    Key("G,end", "edge(1)", "G", "follow", "go to the newest line and follow what comes", ("logs",)),
    Key("g,home", "edge(-1)", "g", "oldest", "go to the oldest line held", ("logs",)),
    Key("l", "level", "l", "level", "lines of all levels, from INFO, WARN, ERROR", ("logs",), 6),
    Key("p", "platform", "p", "platform", "dim the platform's lines, show them like others, hide them", ("logs",)),
    Key("j", "raw", "j", "raw", "text as it came, or read", _LINES, 10),
    Key("w", "wrap", "w", "wrap", "wrap long lines, or scroll them with ← →", ("logs",), 11),
    Key("x", "fold", "x", "unfold", "unfold the line, or fold it", ("logs",), 12),
    Key("X", "fold_all", "X", "unfold all", "unfold all lines, or fold them", ("logs",)),
    Key("m", "mark", "m", "mark", "mark the line", ("logs",)),
    Key("apostrophe", "next_mark", "'", "next mark", "go to the next marked line", ("logs",)),
    Key("r", "request", "r", "request", "the request that the line names, from end to end", _LINES, 5),
    Key("Y", "copy_event", "Y", "copy event", "copy the event's whole message, such as a stack trace", _LINES, 6),
    Key("y", "copy", "y", "copy", "copy the line", _LINES, 6),
    Key("I", "copy_invocation", "I", "copy invocation", "copy all lines of the invocation", _LINES),
    Key("s", "save", "s", "save", "save all lines that pass the filter to a file", ("logs",), 14),
    Key("R", "redact", "R", "redact", "let secrets stand in copies and saved files, or take them out", _LINES),
    Key("f", "only('request')", "f", "this request", "only lines of this request", ("logs",)),
    Key("v", "only('stream')", "v", "this environment", "only lines of this execution environment", ("logs",)),
    Key("V", "only('version')", "V", "this version", "only lines of this version", ("logs",)),
    Key("F", "only('function')", "F", "this function", "only lines of this function", ("logs",)),
    Key("less_than_sign", "columns(-1)", "<", "columns", "scroll the columns to the left", ("overview",)),
    Key("greater_than_sign", "columns(1)", ">", "columns", "scroll the columns to the right", ("overview",), 13),
    Key("o", "console", "o", "console", "show and copy the link to the AWS console", ("overview", "function"), 11),
    Key("y", "copy", "y", "copy", "copy the function's name (on its page: its ARN)", ("overview", "function"), 10),
    Key("colon,ctrl+p", "app.command_palette", ":", "palette", "find any of these by name (also ctrl+p)", _ALL, 12),
    Key("q,ctrl+c,ctrl+q", "app.quit", "q", "quit", "leave", _ALL, 99),
)  # fmt: skip

MOVES: tuple[tuple[str, str], ...] = (
    ("↑ ↓ k j", "one row up, down"),
    ("pgup pgdn", "one screen up, down"),
    ("g G", "first, last row (also home, end)"),
    ("tab shift+tab", "from the table to the panes and back"),
    ("mouse", "click a row, a pane, a heading or a key; the wheel scrolls"),
)
"""Keys that move, which every table and page has."""


def moves(place: Place) -> Sequence[tuple[str, str]]:
    """Return the keys that move in a place; where `j` shows text as it came, it does not."""
    shown_raw = any(key.keys == "j" and place in key.places for key in KEYS)
    return tuple((shown.removesuffix(" j") if shown_raw else shown, words) for shown, words in MOVES)


def bindings(place: Place) -> list[Binding]:
    """Return Textual's bindings for a place."""
    return [
        Binding(key.keys, key.action, key.word, show=False, id=f"{place}.{key.keys.split(',')[0]}")
        for key in KEYS
        if place in key.places
    ]


def help_order(place: Place) -> Sequence[Key]:
    """Return a place's keys for help and palette: those of the place itself first, then those that are everywhere."""
    return sorted((key for key in KEYS if place in key.places), key=lambda key: key.places == _ALL)


def key_bar(place: Place) -> Sequence[Key]:
    """Return a place's keys for its key bar, the most useful first."""
    shown = [key for key in KEYS if place in key.places and key.bar_rank is not None]
    if place == "overview":
        shown = [key for key in shown if key.action != "back"]
    return sorted(shown, key=lambda key: key.bar_rank or 0)
