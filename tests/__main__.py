"""Every check of the project in one command: `python -m tests`; exits 1 if any of them fails."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPTS = Path(sysconfig.get_path("scripts"))

CHECKS = {
    "style": [[str(SCRIPTS / "ruff"), "check", "."], [str(SCRIPTS / "ruff"), "format", "--check", "."]],
    "layers": [[str(SCRIPTS / "lint-imports")]],
    "types": [[sys.executable, "-m", "mypy"]],
    "behaviour": [[sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal", *sys.argv[1:]]],
}


def main() -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    failed = []
    for name, commands in CHECKS.items():
        for command in commands:
            print(f"── {name}: {Path(command[0]).name} {' '.join(command[1:])}", flush=True)
            if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
                failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
