"""Copying through the terminal (OSC 52), also from inside tmux and GNU screen and over SSH."""

import base64
import os
from collections.abc import Mapping

from textual.app import App

COPIED_BYTES_MAX = 74_994
"""What fits the 100,000 bytes of an escape sequence that xterm and others accept, as base64."""
_SCREEN_CHUNK_BYTES = 760
"""GNU screen drops device control strings longer than 768 bytes."""


def osc_52(text: str, environment: Mapping[str, str]) -> str | None:
    r"""Return the sequence that copies text, wrapped for the multiplexer it must pass; None when the text is too long.

    tmux passes on what stands in `ESC P tmux ; … ESC \` with every escape doubled (its manual, allow-passthrough).

    >>> osc_52("a", {})
    '\x1b]52;c;YQ==\x07'
    >>> osc_52("a", {"TMUX": "/tmp/tmux-1000/default,1,0"})
    '\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\'
    """
    content = text.encode("utf-8", "replace")
    if len(content) > COPIED_BYTES_MAX:
        return None
    sequence = f"\x1b]52;c;{base64.b64encode(content).decode()}\x07"
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY") or environment.get("TERM", "").startswith("screen"):
        chunks = (
            sequence[start : start + _SCREEN_CHUNK_BYTES] for start in range(0, len(sequence), _SCREEN_CHUNK_BYTES)
        )
        return "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks)
    return sequence


def copy_text(app: App[None], text: str) -> bool:
    """Copy text to the clipboard of the terminal; returns whether it was short enough to send."""
    sequence = osc_52(text, os.environ)
    driver = app._driver  # noqa: SLF001  Textual's own copy_to_clipboard has no wrapping and no other way out
    if sequence is None or driver is None:
        return False
    driver.write(sequence)
    driver.flush()
    return True
