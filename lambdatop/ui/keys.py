"""Every key in one table; bindings, the key bar, the help page and the palette are made from it."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from textual.binding import Binding

Place = Literal[
    "everywhere", "overview", "page", "function", "environments", "errors", "error", "logs", "event", "request",
    "query", "rows", "record",
]  # fmt: skip
"""`query` is the editor of the place of queries, `rows` what came of one, `record` one of those rows, whole."""


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


_NUMBERS: tuple[Place, ...] = ("overview", "page", "function", "environments", "errors", "error", "request", "record")
"""Where windows and pictures of numbers are."""
_WINDOWED: tuple[Place, ...] = ("overview", "page", "function", "errors")
_UNWINDOWED: tuple[Place, ...] = tuple(place for place in _NUMBERS if place not in _WINDOWED)
"""Where the window changes nothing but what the header says."""
_LINES: tuple[Place, ...] = ("logs", "event")
_ALL: tuple[Place, ...] = (*_NUMBERS, *_LINES, "rows")
"""Where letters are keys: all but the editor."""
_QUERIES: tuple[Place, ...] = ("query", "rows")
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
    Key("8", "app.insights", "8", "queries", "Logs Insights queries over the function's logs, or those of all", _ALL),
    Key("f5,ctrl+r,ctrl+enter", "run", "f5", "run", "run the query (also ctrl+r)", _QUERIES, 1),
    Key("escape", "back", "esc", "rows", "to the rows; where there are none: stop, then leave", ("query",), 2),
    Key("e,tab,shift+tab", "edit", "e", "edit", "write the query (also tab)", ("rows",), 3),
    Key("enter", "open", "enter", "record", "the whole record of the row", ("rows",), 2),
    Key("f2,ctrl+g", "groups", "f2", "log groups", "choose log groups: check*, names, prefix:… (also ctrl+g)",
        _QUERIES, 3),
    Key("f3,ctrl+l", "time", "f3", "time", "choose the time: 15m, 2h30m, 14:00 to 14:30 (also ctrl+l)", _QUERIES, 5),
    Key("f4,ctrl+o", "pick", "f4", "open", "ready, saved, the account's and past queries (also ctrl+o)", _QUERIES, 4),
    Key("f6,alt+e", "estimate", "f6", "estimate", "ask how much it would scan, free of charge (also alt+e)",
        _QUERIES, 12),
    Key("ctrl+s", "save_query", "ctrl+s", "save", "save the query under a name", _QUERIES, 13),
    Key("ctrl+t", "new_tab", "ctrl+t", "new tab", "another query beside this one", _QUERIES, 10),
    Key("f8,right_square_bracket", "step_tab(1)", "f8 ]", "next", "the next tab", ("rows",), 15),
    Key("f7,left_square_bracket", "step_tab(-1)", "f7 [", "previous", "the tab before", ("rows",)),
    Key("f8", "step_tab(1)", "f8", "next", "the next tab", ("query",), 11),
    Key("f7", "step_tab(-1)", "f7", "previous", "the tab before", ("query",)),
    Key("f9,ctrl+x", "close_tab", "f9", "close tab", "close the tab; its query is stopped (also ctrl+x)", _QUERIES),
    Key("f10,alt+a", "scope", "f10", "account", "the next account or region (also alt+a)", _QUERIES),
    Key("ctrl+up,alt+p", "past(1)", "ctrl+↑", "older", "the query that was run before (also alt+p)", ("query",)),
    Key("ctrl+down,alt+n", "past(-1)", "ctrl+↓", "newer", "the query that was run after it (also alt+n)", ("query",)),
    Key("shift+tab", "rows", "shift+tab", "rows", "to the rows", ("query",)),
    Key("slash", "filter", "/", "filter", "show rows with a text or /regex/; ! before it: rows without", ("rows",), 5),
    Key("s", "sort", "s", "sort", "sort by the column under the cursor; again: the other way, not", ("rows",), 6),
    Key("c", "chart", "c", "chart", "show a chart, or the table", ("rows",), 5),
    Key("v", "value", "v", "value", "chart the next column of numbers", ("rows",)),
    Key("b", "bars", "b", "bars", "lines or bars in the chart", ("rows",)),
    Key("x", "hide", "x", "hide", "hide the column under the cursor", ("rows",)),
    Key("X", "show_all", "X", "show all", "show all columns, as wide as they were", ("rows",)),
    Key("plus", "widen(1)", "+", "wider", "make the column under the cursor wider", ("rows",)),
    Key("minus", "widen(-1)", "-", "narrower", "make it narrower", ("rows",)),
    Key("r", "request", "r", "request", "the request that the row names, from end to end", ("rows", "record"), 7),
    Key("l", "logs", "l", "logs", "read the function's log lines at the row's time", ("rows", "record"), 8),
    Key("y", "copy", "y", "copy", "copy the cell under the cursor", ("rows",), 9),
    Key("y", "copy", "y", "copy", "copy the record", ("record",), 9),
    Key("Y", "copy_row", "Y", "copy row", "copy the row, its columns between tabs", ("rows",)),
    Key("A", "copy_table", "A", "copy all", "copy all rows shown, as CSV", ("rows",)),
    Key("w", "export", "w", "write file", "write the rows to a file: .csv, .jsonl, .json or .md", ("rows",), 14),
    Key("R", "redact", "R", "redact", "let secrets stand in copies and written files, or take them out",
        ("rows", "record")),
    Key("f1", "app.help", "f1", "help", "this page", ("query",), 14),
    Key("ctrl+p", "app.command_palette", "ctrl+p", "palette", "find any of these by name", ("query",), 16),
    Key("ctrl+q,ctrl+c", "app.quit", "ctrl+q", "quit", "leave", ("query",), 99),
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


EDITING: tuple[tuple[str, str], ...] = (
    ("↑ ↓ ← →", "one row, one character"),
    ("ctrl+← ctrl+→", "one word (also alt+b, alt+f)"),
    ("home end", "beginning, end of the line (also ctrl+a, ctrl+e)"),
    ("shift+move", "select; ctrl+c copies what is selected"),
    ("tab", "complete what is written (also ctrl+space)"),
    ("ctrl+w ctrl+k ctrl+u", "delete the word before, to the end, to the beginning of the line; ctrl+y puts it back"),
    ("ctrl+z alt+z", "undo, redo"),
)
"""Keys that move and change the text in the editor."""


def moves(place: Place) -> Sequence[tuple[str, str]]:
    """Return the keys that move in a place; where `j` shows text as it came, it does not."""
    if place == "query":
        return EDITING
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
