"""`./pdu lock`: make the two lock files again from what the packages say they need."""

import shutil
import sys
from pathlib import Path

from pdu_local.failure import UNAVAILABLE, Failure, run_or_fail
from pdu_local.paths import ROOT

RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
OPTIONS = (
    "--quiet",
    "--universal",
    *("--python-version", "3.11"),
    "--generate-hashes",
    # Where a package came from is this machine's business.
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    *("--no-emit-package", "pdu-shared"),
)


def lock(*, upgrade: bool) -> None:
    """Pin what is new and keep the rest, or with `upgrade` take the newest of everything."""
    projects = [ROOT / "shared", *sorted((ROOT / "services").iterdir()), ROOT / "deploy" / "local"]
    sources = [str((project / "pyproject.toml").relative_to(ROOT)) for project in projects]
    _compile(RUNTIME, sources, upgrade=upgrade)
    _compile(DEVELOPMENT, ["requirements-dev.in", "-c", RUNTIME], upgrade=upgrade)


def _compile(output: str, sources: list[str], *, upgrade: bool) -> None:
    words = [*sources, "--output-file", output, *OPTIONS]
    command = [_uv(), "pip", "compile", *words, *(["--upgrade"] if upgrade else [])]
    run_or_fail(command, f"{output} could not be made.", cwd=ROOT)
    text = (ROOT / output).read_text()
    if "://" in text:
        raise Failure(f"{output} names an address.", "A lock holds names, versions and hashes.")
    print(f"{output}: {text.count('==')} packages")


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if not found:
        raise Failure("uv is missing.", "It comes with requirements-dev.lock.", code=UNAVAILABLE)
    return found
