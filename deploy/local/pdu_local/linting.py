"""`./pdu lint`: the checks that need no server."""

import subprocess
import sys

from pdu_local.paths import ROOT

STEPS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
    "mypy --strict": ["mypy", "shared", "services", "deploy/local"],
}


def lint() -> int:
    """Run every step, whatever the ones before said; 0 when all are content."""
    failed = []
    for name, words in STEPS.items():
        print(f"{name} …", flush=True)
        command = [sys.executable, "-m", *words]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    print(f"Not content: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0
