"""Where a failure happened: the top frame of a stack trace that is the function's own code, of any runtime.

A frame reads `file:function` without its line, so that a deploy that shifts lines changes nothing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from lambdatop.parsers.library_code import is_library

TEXT_LIMIT = 16_384
"""Characters of a stack trace that are looked at."""
FRAMES_LIMIT = 200


class Frame(NamedTuple):
    """A place in code; either is empty where the runtime does not name it."""

    file: str
    function: str


_PYTHON = re.compile(r"File \"([^\"\r\n]{1,300})\", line \d+(?:, in ([^\r\n]{1,200}))?")
_JAVA = re.compile(
    r"^[ \t]*at (?:[\w.-]+/(?:[\w.-]*/)?|app//)?([\w.$<>]{1,300})\((?:([\w$-]+\.\w+)(?::\d+)?|Unknown Source"
    r"|Native Method|<generated>|SourceFile(?::\d+)?)\)",
    re.MULTILINE,
)
_DOTNET = re.compile(
    r"^[ \t]*at ((?:[\w`+]|[<>]|\.)[\w.`+<>|$\[\],]{0,300})\((?![^)\r\n]*:\d+:\d+\))[^()\r\n]{0,500}\)"
    r"(?: in ([^\r\n]{1,300}?):line \d+)?",
    re.MULTILINE,
)
_NODE = re.compile(
    r"^[ \t]*at (?:([^()\r\n]{1,200}?) (?:\[as [^\]\r\n]{1,100}\] )?\()?([^()\r\n]{1,300}?):\d+:\d+\)?[ \t]*\{?$",
    re.MULTILINE,
)
_RUBY = re.compile(r"([^\s:'\"\[(][^:'\"\r\n]{0,300}\.rb):\d+(?::in [`']([^'\r\n]{1,200})')?")
_GO = re.compile(
    r"^([\w./*()@\[\]{}~-]{1,300}?)(?:\([^)\r\n]{0,300}\))?\r?\n[ \t]+([^\s:]{1,300}\.go):\d+", re.MULTILINE
)
_RUST = re.compile(
    r"^[ \t]*\d+:[ \t]+(?:0x[0-9a-f]+ - )?([^\r\n]{1,300}?)(?:::h[0-9a-f]{16})?\r?\n[ \t]+at ([^\s:]{1,300}\.rs):\d+",
    re.MULTILINE,
)
_RUST_PANIC = re.compile(r"panicked at (?:'[^'\r\n]{0,500}', )?([^\s:]{1,300}\.rs):\d+:\d+")
_NODE_RECEIVER = re.compile(
    r"^(?:async |new |Object\.|exports\.|Module\.|module\.exports\.|Runtime\.|Function\.|Proxy\.)+"
)
_ASYNC_STATE = re.compile(r"<+([\w$<>]+?)>+(?:d__\d+|b__[\d_]+|g__(\w+)\|[\d_]+)")
_CLOSURE = re.compile(r"[+.]<>c(?:__DisplayClass[\d_]+)?")
_COMPILED = re.compile(r"\$\$.*|(?<=[a-z])\$\d+$|(?<=\$)\d+(?=\.)|\[.*\]|\{[^}]*closure[^}]*\}|<[^<>]*>$|`\d+")
_RUBY_BLOCK = re.compile(r"^(?:(?:block (?:\(\d+ levels\) )?|rescue |ensure )in )+")
_ROOT = re.compile(r"^(?:file://)?(?:/var/task/|/tmp/[^/]+/|webpack(?:-internal)?:/{1,3}(?:[^/]*/\./)?|\./)")
_HASH = re.compile(r"(?<=[-.])(?=[0-9a-zA-Z]*\d)[0-9a-zA-Z]{8,}(?=\.)|\d{3,}")


def own_frame(frames: Iterable[Frame]) -> str:
    """Return the first frame, innermost first, that is neither runtime nor library code; empty without one."""
    for frame in frames:
        if not is_library(frame.file, frame.function):
            return _worded(frame)
    return ""


def frames_of_text(text: str) -> Iterator[Frame]:
    """Yield a stack trace's frames, the innermost first, as the runtime that is recognised prints them."""
    text = text[:TEXT_LIMIT]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if 'File "' in text:
        found = [Frame(match[1], match[2] or "") for match in _PYTHON.finditer(text, _last_traceback(text))]
        yield from reversed(found)
    elif "panicked at " in text:
        yield from (Frame(match[2], match[1]) for match in _RUST.finditer(text))
        yield from (Frame(match[1], "") for match in _RUST_PANIC.finditer(text))
    elif ".go:" in text:
        yield from (Frame(match[2], match[1]) for match in _GO.finditer(text))
    elif ".rb:" in text:
        yield from (Frame(match[1], match[2] or "") for match in _RUBY.finditer(text))
    elif "at " in text:
        yield from _frames_at(text)


def _frames_at(text: str) -> Iterator[Frame]:
    """Tell Node's, Java's and .NET's `at` lines, of which Node's alone end in line and column."""
    if _JAVA.search(text) is not None:
        yield from (Frame("", match[1]) for match in _JAVA.finditer(text))
    elif (match := _NODE.search(text)) is not None and ":line " not in match[0]:
        yield from (Frame(match[2], match[1] or "") for match in _NODE.finditer(text))
    else:
        yield from (Frame("", match[1]) for match in _DOTNET.finditer(text))


def _last_traceback(text: str) -> int:
    """Where the traceback begins whose error is the one that was raised; those before it are its causes."""
    return max(0, text.rfind("Traceback (most recent call last)"))


def frames_of_list(stack: list[Any]) -> Iterator[Frame]:
    """Yield the frames of a JSON stack trace: lines of text, or objects that name file and function."""
    stack = (
        stack[:FRAMES_LIMIT] if len(stack) <= FRAMES_LIMIT else stack[: FRAMES_LIMIT // 2] + stack[-FRAMES_LIMIT // 2 :]
    )
    if all(isinstance(line, str) for line in stack):
        yield from frames_of_text("\n".join(stack))
        return
    found = [Frame(_file(item), _function(item)) for item in stack if isinstance(item, dict)]
    yield from reversed(found) if found and found[-1].file.endswith(".py") else found


def _file(item: dict[str, Any]) -> str:
    """Return a frame's file; Java's and .NET's frames are known by their class."""
    if isinstance(item.get("class"), str) or isinstance(item.get("declaringClass"), str):
        return ""
    return _first_text(item, ("file", "filename", "fileName", "path", "source", "abs_path"))


def _function(item: dict[str, Any]) -> str:
    function = _first_text(item, ("function", "func", "label", "method", "methodName", "name", "func_name"))
    owner = _first_text(item, ("class", "declaringClass"))
    return f"{owner}.{function}" if owner else function


def _first_text(item: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((value[:300] for name in names if isinstance(value := item.get(name), str) and value), "")


def _worded(frame: Frame) -> str:
    """Return `file:function` without what a build or a version of the runtime adds."""
    file = _HASH.sub("*", _ROOT.sub("", frame.file.replace("\\", "/")).partition("?")[0])
    function = _NODE_RECEIVER.sub("", _RUBY_BLOCK.sub("", frame.function.strip()))
    if function in ("<anonymous>", "?", "<unknown>"):
        function = ""
    state = _ASYNC_STATE.search(function)
    if state is not None:
        owner = _CLOSURE.sub("", function[: state.start()].rstrip("+."))
        function = f"{owner}.{state[2] or state[1]}".removesuffix("$")
    function = _COMPILED.sub("", function)
    return f"{file}:{function}" if file and function else file or function
