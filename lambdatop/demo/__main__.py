"""Serve an embedded account: one JSON line on standard output when ready, until standard input closes."""

import argparse
import errno
import json
import os
import signal
import sys
import threading

from lambdatop.demo.faults import FORM, KINDS, FaultError
from lambdatop.demo.world_runner import SCENARIOS, DemoAccount

PARENT_CHECK_S = 0.5


def main() -> int:
    """Run until the parent process dies, standard input closes or a signal arrives."""
    parser = argparse.ArgumentParser(prog="python -m lambdatop.demo")
    parser.add_argument("--scenario", choices=tuple(SCENARIOS), default=next(iter(SCENARIOS)))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--functions", type=int)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", action="append", default=[], metavar=FORM, help=f"repeatable: {', '.join(KINDS)}")
    parser.add_argument("--parent-pid", type=int)
    options = parser.parse_args()
    try:
        demo = DemoAccount(
            options.scenario, options.seed, options.functions, options.speed, options.port, options.fault
        )
    except FaultError as error:
        _say({"error": str(error), "errno": errno.EINVAL})
        return 2
    except OSError as error:
        _say({"error": error.strerror or str(error), "errno": error.errno})
        return 1
    is_over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: is_over.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    demo.start()
    try:
        _say({"url": demo.url, "region": demo.account.region, "environment": demo.environment()})
        threading.Thread(target=_wait_for_end_of_input, args=(is_over,), daemon=True).start()
        while not is_over.wait(PARENT_CHECK_S):
            if options.parent_pid is not None and os.getppid() != options.parent_pid:
                break
    finally:
        demo.stop()
    return 0


def _say(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


def _wait_for_end_of_input(is_over: threading.Event) -> None:
    while os.read(0, 4096):
        continue
    is_over.set()


if __name__ == "__main__":
    sys.exit(main())
