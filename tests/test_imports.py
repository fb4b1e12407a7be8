"""What is loaded when: a start-up that is quick, and a core that needs no terminal and no AWS."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"textual", "boto3", "botocore", "rich"}


def loaded(statement: str) -> set[str]:
    """Return the top-level modules that a statement loads into a new interpreter."""
    program = f"import sys\n{statement}\nprint('\\nLOADED', *{{name.partition('.')[0] for name in sys.modules}})"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    return set(ended.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["report", "--help"],
        ["demo", "--help"],
        ["doctor", "--help"],
        ["policy", "--help"],
        ["tail", "--help"],
    ],
)
def test_help_loads_neither_the_screen_nor_aws(arguments: list[str]) -> None:
    assert not loaded(f"from lambdatop.cli.main import run\nrun({arguments!r})") & HEAVY


@pytest.mark.parametrize(
    "package", ["lambdatop.store.store", "lambdatop.parsers", "lambdatop.render", "lambdatop.model"]
)
def test_the_core_loads_neither_the_screen_nor_aws(package: str) -> None:
    assert not loaded(f"import {package}") & HEAVY


def test_the_screen_loads_no_aws() -> None:
    assert not loaded("import lambdatop.ui.app") & {"boto3", "botocore"}
