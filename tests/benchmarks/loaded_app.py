"""The real program, screen and engine, over a page server, and if asked to with a probe in the screen's own loop.

    python -m tests.benchmarks.loaded_app --endpoint-url http://127.0.0.1:8000 --lags lags.json

The probe sleeps 5 ms again and again; whatever it wakes too late is the loop's lag, as a key press would meet it.
"""

import argparse
import asyncio
import json
import os
import time
from pathlib import Path

from lambdatop.cli.settings import DEFAULT_LOG_LINES
from lambdatop.ui.terminal import prepare_environment

_PROBE_S = 0.005


async def probe(lags_ms: list[float], settle_s: float) -> None:
    """Measure until cancelled, once it has settled."""
    await asyncio.sleep(settle_s)
    while True:
        began = time.perf_counter()
        await asyncio.sleep(_PROBE_S)
        lags_ms.append((time.perf_counter() - began - _PROBE_S) * 1000)


def main() -> None:
    """Run it until it is told to quit; then the lags are written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoint-url", required=True)
    parser.add_argument("--lags", type=Path)
    parser.add_argument("--log-lines", type=int, default=DEFAULT_LOG_LINES)
    parser.add_argument("--settle", type=float, default=10.0, help="seconds before the lags are measured")
    arguments = parser.parse_args()
    prepare_environment(os.environ)
    from lambdatop.cli.settings import ConnectionSettings
    from lambdatop.cli.wiring import remote_engine_of
    from lambdatop.ui.app import LambdatopApp
    from lambdatop.ui.settings import ScreenSettings

    lags_ms: list[float] = []
    engine = remote_engine_of(
        ConnectionSettings(
            regions=("us-east-1",),
            endpoint_url=arguments.endpoint_url,
            since_ms=time.time_ns() // 1_000_000 - 60_000,
            quota_share=1.0,
            log_lines=arguments.log_lines,
        )
    )

    async def run() -> None:
        probing = asyncio.create_task(probe(lags_ms, arguments.settle)) if arguments.lags else None
        await LambdatopApp(engine, ScreenSettings(regions=("us-east-1",))).run_async()
        if probing is not None:
            probing.cancel()

    try:
        asyncio.run(run())
    finally:
        engine.stop()
        if arguments.lags:
            arguments.lags.write_text(json.dumps(lags_ms[:-1]))  # the last one is leaving itself


if __name__ == "__main__":
    main()
