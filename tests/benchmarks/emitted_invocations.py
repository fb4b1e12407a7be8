"""Invocations as Lambda logs them, written into many log groups: in bursts, out of order and now and then alike."""

import random
import time
import uuid
from collections.abc import Sequence

from lambdatop.demo.account import EmbeddedAccount

TICK_S = 0.05
LAG_MS = (200, 3_000)
TWIN_SHARE = 0.01
STREAMS = 6
BURST_EVERY_S, BURST_S, BURST_RATE = 60, 15, 140
"""A burst is 700 lines a second: more than the 500 of which Live Tail shows a sample."""
MEMORY = "Memory Size: 256 MB\tMax Memory Used: 90 MB\t\n"


def log_group_of(name: str) -> str:
    """Return the log group of a function."""
    return f"/aws/lambda/{name}"


class InvocationEmitter:
    """Invocations of five lines at a rate for each function; one of them bursts every minute, each in its turn."""

    def __init__(self, account: EmbeddedAccount, names: Sequence[str], rate: float, seed: int) -> None:
        self._account = account
        self._names = names
        self._rate = rate
        self._random = random.Random(seed)
        self._streams = {name: [f"2026/11/21/[$LATEST]{i:032x}" for i in range(STREAMS)] for name in names}

    def run(self, seconds: float) -> None:
        """Write for so long, on the clock."""
        began_s = time.monotonic()
        written = dict.fromkeys(self._names, 0.0)
        last_s = 0.0
        while (elapsed_s := time.monotonic() - began_s) < seconds:
            for name in self._names:
                written[name] += (elapsed_s - last_s) * self._rate_of(name, elapsed_s)
                while written[name] >= 1:
                    written[name] -= 1
                    self._invoke(name)
            last_s = elapsed_s
            time.sleep(TICK_S)

    def _rate_of(self, name: str, elapsed_s: float) -> float:
        turn, within_s = divmod(elapsed_s, BURST_EVERY_S)
        is_burst = within_s > BURST_EVERY_S - BURST_S and self._names[int(turn) % len(self._names)] == name
        return BURST_RATE if is_burst else self._rate

    def _invoke(self, name: str) -> None:
        chance, now_ms = self._random, self._account.clock.now_ms()
        request, took_ms = uuid.UUID(int=chance.getrandbits(128), version=4), chance.randint(2, 900)
        lines = (
            (now_ms - took_ms, f"START RequestId: {request} Version: $LATEST\n"),
            (now_ms - took_ms + 1, "order accepted\n"),
            (now_ms, f"order {chance.randrange(50)} stored\n"),
            (now_ms, f"END RequestId: {request}\n"),
            (
                now_ms,
                f"REPORT RequestId: {request}\tDuration: {took_ms}.00 ms\tBilled Duration: {took_ms} ms\t{MEMORY}",
            ),
        )
        ingestion_ms = now_ms + chance.randint(*LAG_MS)
        arrivals = [
            (at_ms, ingestion_ms, message)
            for at_ms, message in lines
            for _ in range(2 if chance.random() < TWIN_SHARE else 1)
        ]
        self._account.logs.put_arrived(log_group_of(name), chance.choice(self._streams[name]), arrivals)
