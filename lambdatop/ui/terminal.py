"""What must be decided about the terminal before Textual is imported."""

from collections.abc import Mapping, MutableMapping

_REMOTE_FRAMES = "10"
_LOCAL_FRAMES = "30"
_LOCALE_VARIABLES = ("LC_ALL", "LC_CTYPE", "LANG")
"""In the order in which they count (locale(7))."""
_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What Python writes into LC_CTYPE when it is started in the C locale (PEP 538)."""


def is_remote(environment: MutableMapping[str, str]) -> bool:
    """Return whether the terminal is at the other end of a network."""
    return bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))


def draws_ascii(environment: Mapping[str, str]) -> bool:
    """Return whether the locale, `language_TERRITORY.codeset@modifier`, says that the terminal has no UTF-8.

    Where no locale is set, as in many containers, UTF-8 is assumed, and TERM says nothing about it.

    >>> [draws_ascii({"LANG": name}) for name in ("C", "de_DE@euro", "en_US.utf8", "C.UTF-8", "")]
    [True, True, False, False, False]
    """
    name = next((value for variable in _LOCALE_VARIABLES if (value := environment.get(variable))), None)
    if name is None:
        return False
    codeset = name.partition("@")[0].rpartition(".")[2]
    return "".join(filter(str.isalnum, codeset)).lower() != "utf8"


def chosen_locale(environment: Mapping[str, str], started_with: bytes) -> dict[str, str]:
    """Return the locale's variables as the user set them: Python itself may have set LC_CTYPE when it was started.

    `started_with` is the environment as the process was given it, `NAME=value` with NUL between (proc(5), environ);
    empty where that cannot be known.
    """
    chosen = {name: environment[name] for name in _LOCALE_VARIABLES if name in environment}
    if started_with and chosen.get("LC_CTYPE") in _COERCED:
        given = [entry for entry in started_with.split(b"\0") if entry.startswith(b"LC_CTYPE=")]
        chosen["LC_CTYPE"] = given[0].partition(b"=")[2].decode(errors="replace") if given else ""
    return chosen


def prepare_environment(environment: MutableMapping[str, str]) -> None:
    """Set Textual's frame rate and turn its animations off, unless the user has chosen otherwise.

    Textual reads these variables when it is imported, so this comes before; over a network fewer frames are sent.
    """
    environment.setdefault("TEXTUAL_FPS", _REMOTE_FRAMES if is_remote(environment) else _LOCAL_FRAMES)
    environment.setdefault("TEXTUAL_ANIMATIONS", "none")
    if is_remote(environment):
        environment.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
