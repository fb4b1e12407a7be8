"""Starts a page server and the program over it, each on a CPU of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.request import urlopen

from tests.benchmarks.terminal_bench import TerminalProgram
from tests.moto_account import environment


class Served(NamedTuple):
    """What a page server has given away so far."""

    pages: int
    events: int


class PageLoad(NamedTuple):
    """A running page server."""

    endpoint_url: str

    def served(self) -> Served:
        """Ask it how much it has served."""
        with urlopen(f"{self.endpoint_url}/served") as answer:  # noqa: S310  our own server
            return Served(**json.load(answer))

    def program(
        self, *arguments: str, columns: int = 200, lines: int = 50, bytes_per_second: int | None = None
    ) -> TerminalProgram:
        """Start the loaded application over it."""
        return TerminalProgram(
            [sys.executable, "-m", "tests.benchmarks.loaded_app", "--endpoint-url", self.endpoint_url, *arguments],
            columns,
            lines,
            environment=environment(self.endpoint_url),
            bytes_per_second=bytes_per_second,
        )


@contextmanager
def page_load(*arguments: str) -> Iterator[PageLoad]:
    """Run a page server with these arguments."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.page_server", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield PageLoad(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.kill()
