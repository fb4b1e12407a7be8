"""An account whose clock stands still, served without quotas."""

from collections.abc import Callable, Iterator

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
from lambdatop.demo.faults import Fault
from lambdatop.demo.server import EmbeddedEndpoint
from tests.demo.clients import START_MS


@pytest.fixture
def account() -> EmbeddedAccount:
    return EmbeddedAccount(Clock(start_ms=START_MS, speed=0))


@pytest.fixture
def url(account: EmbeddedAccount) -> Iterator[str]:
    endpoint = EmbeddedEndpoint(account, throttle=False)
    endpoint.start()
    yield endpoint.url
    endpoint.stop()


@pytest.fixture
def serve(account: EmbeddedAccount) -> Iterator[Callable[..., str]]:
    """Serve the account with these faults, and return where."""
    endpoints: list[EmbeddedEndpoint] = []

    def start(*faults: Fault | str, seed: int = 1) -> str:
        endpoint = EmbeddedEndpoint(account, throttle=False, faults=faults, seed=seed)
        endpoints.append(endpoint)
        endpoint.start()
        return endpoint.url

    yield start
    for endpoint in endpoints:
        endpoint.stop()
