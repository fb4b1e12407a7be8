"""The real screen over a scripted engine: what it costs to draw, without the cost of collecting.

python -m tests.benchmarks.scripted_app --functions 1000 --changing 0.1
"""

import argparse
import os

from lambdatop.model.snapshot import Snapshot
from lambdatop.ui.terminal import prepare_environment
from tests.scripted_engine import ScriptedEngine


def main() -> None:
    """Run it until it is told to quit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", type=int, default=1000)
    parser.add_argument("--changing", type=float, default=0.1)
    parser.add_argument("--first-after", type=float, default=0.0, help="seconds until the functions are known")
    parser.add_argument("--steps", type=int, default=20)
    arguments = parser.parse_args()
    prepare_environment(os.environ)
    from lambdatop.ui.app import LambdatopApp
    from lambdatop.ui.settings import ScreenSettings

    steps = arguments.steps if arguments.changing else 1

    def script() -> list[Snapshot]:
        from tests.benchmarks.busy_account import busy_snapshots

        return busy_snapshots(arguments.functions, steps, arguments.changing)

    engine = ScriptedEngine(script, first_after_s=arguments.first_after)
    LambdatopApp(engine, ScreenSettings(regions=("eu-west-1",))).run()


if __name__ == "__main__":
    main()
