"""`./pdu bench`: the benchmarks in tests/benchmarks, in a process of their own."""

import os
import subprocess
import sys

from pdu_local.paths import ROOT


def main(arguments: list[str]) -> int:
    """Run the benchmarks named, or all of them; their exit code."""
    known = os.environ.get("PYTHONPATH")
    path = os.pathsep.join(part for part in (str(ROOT / "tests"), known) if part)
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=False).returncode
