"""Which characters the terminal has, as the locale says."""

import functools
import os
from pathlib import Path


@functools.cache
def is_ascii() -> bool:
    """Return whether the locale says that there are none but ASCII's."""
    from lambdatop.ui.terminal import chosen_locale, draws_ascii

    return draws_ascii(chosen_locale(os.environ, _given_environment()))


def _given_environment() -> bytes:
    """Return the environment as this process was given it (proc(5), environ); empty where there is no /proc."""
    try:
        return Path("/proc/self/environ").read_bytes()
    except OSError:
        return b""
