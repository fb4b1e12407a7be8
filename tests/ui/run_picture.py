"""Open the screen on a made-up snapshot: `python -m tests.ui.run_picture incident`.

`busy` is a thousand functions of which a tenth change every second, for measuring what the screen costs.
"""

import os
import sys
import threading
import time

from lambdatop.ui.terminal import prepare_environment
from tests.ui import pictures


class BusyEngine(pictures.FakeEngine):
    """Publishes another snapshot every second."""

    def start(self) -> None:
        super().start()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        step = 0
        while True:
            time.sleep(1)
            step += 1
            self.latest = pictures.changed(self.latest, step)


def main() -> None:
    prepare_environment(os.environ)
    from lambdatop.ui.app import LambdatopApp
    from lambdatop.ui.settings import ScreenSettings

    name = sys.argv[1] if len(sys.argv) > 1 else "incident"
    engine = BusyEngine(pictures.many()) if name == "busy" else pictures.FakeEngine(pictures.PICTURES[name]())
    LambdatopApp(engine, ScreenSettings(profile="production", is_utc=True)).run()


if __name__ == "__main__":
    main()
