"""What is really loaded, looked at in a fresh interpreter: heavy libraries only where they are needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("textual", "rich", "boto3", "botocore", "aws_xray_sdk")


def loaded_after(code: str, *arguments: str) -> set[str]:
    """Run the code with these command-line arguments and return the top-level modules it leaves loaded."""
    script = (
        "import sys\n"
        f"sys.argv = ['lambdatop', *{list(arguments)!r}]\n"
        f"try:\n    exec({code!r})\nexcept SystemExit:\n    pass\n"
        "print('\\nloaded', *{name.partition('.')[0] for name in sys.modules})"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment | {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.rpartition("\nloaded ")[2].split())


@pytest.mark.parametrize(
    "module",
    ["lambdatop.store.store", "lambdatop.parsers.log_line", "lambdatop.render.columns", "lambdatop.model.snapshot"],
)
def test_the_core_loads_no_heavy_library(module: str) -> None:
    assert loaded_after(f"import {module}").isdisjoint(HEAVY)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["report", "--help"], ["demo", "--help"]])
def test_help_and_version_load_no_heavy_library(arguments: list[str]) -> None:
    assert loaded_after("from lambdatop.cli.main import main; main()", *arguments).isdisjoint(HEAVY)


def test_report_never_loads_textual() -> None:
    refused = ["report", "--endpoint-url", "http://127.0.0.1:1", "--region", "eu-west-1", "--since", "1m"]
    loaded = loaded_after("from lambdatop.cli.main import main; main()", *refused)
    assert "textual" not in loaded
    assert "lambdatop" in loaded


def test_the_screen_itself_loads_no_boto3() -> None:
    assert loaded_after("import lambdatop.ui.app").isdisjoint({"boto3", "botocore"})
