"""What must be decided about the terminal before Textual is imported."""

from collections.abc import MutableMapping

_REMOTE_FRAMES = "10"
_LOCAL_FRAMES = "30"


def is_remote(environment: MutableMapping[str, str]) -> bool:
    """Return whether the terminal is at the other end of a network."""
    return bool(environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"))


def prepare_environment(environment: MutableMapping[str, str]) -> None:
    """Set Textual's frame rate and turn its animations off, unless the user has chosen otherwise.

    Textual reads these variables when it is imported, so this comes before; over a network fewer frames are sent.
    """
    environment.setdefault("TEXTUAL_FPS", _REMOTE_FRAMES if is_remote(environment) else _LOCAL_FRAMES)
    environment.setdefault("TEXTUAL_ANIMATIONS", "none")
    if is_remote(environment):
        environment.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
