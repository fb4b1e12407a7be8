"""Where lambdatop keeps what outlives a run: saved queries and the history of queries."""

from pathlib import Path

import platformdirs


def config_folder() -> Path:
    """Return the folder of `queries.toml`."""
    return platformdirs.user_config_path("lambdatop")


def state_folder() -> Path:
    """Return the folder of the history."""
    return platformdirs.user_state_path("lambdatop")
