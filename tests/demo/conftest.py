"""An account whose clock stands still, served without quotas."""

from collections.abc import Iterator

import pytest

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.clock import Clock
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
