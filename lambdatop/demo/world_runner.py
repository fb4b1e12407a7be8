"""The embedded account with its world alive: endpoint, trace daemon and the thread that moves time on."""

import threading
from collections.abc import Iterable

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.faults import Fault
from lambdatop.demo.scenarios.stories import BY_NAME, SCENARIOS
from lambdatop.demo.server import EmbeddedEndpoint
from lambdatop.demo.world.shop import shop
from lambdatop.demo.world.simulation import World

__all__ = ["SCENARIOS", "DemoAccount"]

STEP_S = 0.1
TRACES_A_STEP = 20


class DemoAccount:
    """A scenario that unfolds in an account of its own, served on a loopback port until `stop`.

    `faults` come on top of the scenario's own; their times are the account's, whatever the speed. Raises OSError where
    the port is taken, FaultError for a fault that is not understood, and KeyError for a scenario that `SCENARIOS` does
    not name.
    """

    def __init__(
        self, scenario: str = "canary", seed: int = 1, functions: int | None = None, speed: float = 1.0, port: int = 0,
        faults: Iterable[Fault | str] = (),
    ) -> None:  # fmt: skip
        self.account = EmbeddedAccount(Clock())
        story = BY_NAME[scenario].at_speed(speed)
        self._endpoint = EmbeddedEndpoint(self.account, port, faults=(*story.faults, *faults), seed=seed)
        self.world = World(self.account, story, shop(functions, seed), seed)
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="embedded world", daemon=True)

    @property
    def url(self) -> str:
        """Where the endpoint answers."""
        return self._endpoint.url

    def environment(self) -> dict[str, str]:
        """Environment variables that point any AWS client here."""
        return self._endpoint.environment()

    def start(self) -> None:
        """Write the history, answer, and let the story begin."""
        self.world.run_until(self.account.clock.now_ms())
        self._endpoint.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop time and give every port back."""
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self.world.traces.close()
        self._endpoint.stop()

    def _run(self) -> None:
        daemon_address = self._endpoint.environment()["AWS_XRAY_DAEMON_ADDRESS"]
        while not self._is_stopping.wait(STEP_S):
            self.world.run_until(self.account.clock.now_ms())
            self.world.traces.pump(daemon_address, TRACES_A_STEP)
