"""Starts a page server and the program over it, each on a CPU of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlencode
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
        return Served(**self._get("/served"))

    def plant(self, text: str, ahead_ms: int | None = None) -> None:
        """Have the next page of the first function end with this line, dated so far ahead of the clock if given."""
        ahead = {} if ahead_ms is None else {"ahead_ms": ahead_ms}
        self._get(f"/plant?{urlencode({'text': text, **ahead})}")

    def planted(self) -> dict[str, float]:
        """When the pages with planted lines were sent, by the machine's monotonic clock."""
        moments: dict[str, float] = self._get("/planted")
        return moments

    def stop(self) -> None:
        """Have it serve no more events."""
        self._get("/stop")

    def _get(self, path: str) -> Any:  # noqa: ANN401  JSON
        with urlopen(f"{self.endpoint_url}{path}") as answer:  # noqa: S310  our own server
            return json.load(answer)

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
