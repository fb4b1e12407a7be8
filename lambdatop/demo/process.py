"""The embedded account in a process of its own, so that its work never holds up the screen's."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

STOP_TIMEOUT_S = 5


class DemoProcess:
    """A serving child; it ends with `stop`, with the `with` block, or with this process."""

    def __init__(self, child: subprocess.Popen[str], ready: dict[str, object], environment: dict[str, str]) -> None:
        self._child = child
        self.endpoint_url = str(ready["url"])
        self.region = str(ready["region"])
        self.environment = environment
        """Variables that point any AWS client at the account."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The child's process ID."""
        return self._child.pid

    def wait(self) -> int:
        """Wait until the child ends by itself; returns its exit code."""
        return self._child.wait()

    def stop(self) -> None:
        """End the child and wait for it."""
        if self._child.stdin is not None:
            self._child.stdin.close()
        try:
            self._child.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()


def start_demo_process(
    *, scenario: str = "canary", seed: int = 1, functions: int | None = None, speed: float = 1.0, port: int = 0,
    faults: Iterable[str] = (),
) -> DemoProcess:  # fmt: skip
    """Start a serving child and wait until it answers. Raises OSError with a plain sentence where it cannot."""
    command = [sys.executable, "-m", "lambdatop.demo", "--scenario", scenario, "--seed", str(seed)]
    command += ["--speed", str(speed), "--port", str(port), "--parent-pid", str(os.getpid())]
    if functions is not None:
        command += ["--functions", str(functions)]
    command += [f"--fault={fault}" for fault in faults]
    child = subprocess.Popen(  # noqa: S603  # our own module under our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    line = child.stdout.readline() if child.stdout is not None else ""
    ready: dict[str, Any] = (
        json.loads(line) if line else {"error": "the embedded account ended before it was ready", "errno": 0}
    )
    if "error" in ready:
        child.communicate()
        raise OSError(ready["errno"], ready["error"])
    return DemoProcess(child, ready, dict(ready["environment"]))
