"""Brings .venv to what a lock says: standard library only, it runs before anything is installed."""

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pdu_local.failure import UNAVAILABLE, Failure, last_lines, reason
from pdu_local.paths import ROOT
from pdu_local.speech import Speech

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.lock"
MEMBERS = ("shared", "services/*", "deploy/local")
SHARES = 3
NO_VENV = "This Python lacks its venv module."
VENV_WAY_OUT = "Install it, on Debian or Ubuntu: apt-get install python3-venv"


def is_installed(lock: Path) -> bool:
    """Whether .venv is what this lock says, for this Python and in this place."""
    stamp = _stamp(lock)
    return stamp.exists() and stamp.read_text() == _fingerprint(lock) and PYTHON.exists()


def install(lock: Path, speech: Speech) -> None:
    """Bring .venv to what this lock says."""
    if not _venv_fits():
        speech.say("Making .venv …")
        _make_venv()
    # The entries of a lock: each a name, a version and its hashes.
    packages = re.split(r"\n(?=\S)", lock.read_text().strip())
    speech.say(f"Installing {len(packages)} Python packages ({lock.name}) …")
    if not _installed_by_uv(lock):
        _install_in_shares(packages, speech)
    if lock == LOCK:
        editable = [word for member in _members() for word in ("-e", str(member))]
        _pip(["--no-build-isolation", *editable])
    _stamp(lock).write_text(_fingerprint(lock))
    speech.say("The Python packages are installed.")


def _members() -> list[Path]:
    found = (path for pattern in MEMBERS for path in sorted(ROOT.glob(pattern)))
    return [path for path in found if (path / "pyproject.toml").exists()]


def _stamp(lock: Path) -> Path:
    return VENV / (".lock-hash" if lock == LOCK else ".dev-lock-hash")


def _fingerprint(lock: Path) -> str:
    if not lock.exists():
        raise Failure(f"{lock.name} is missing.", "Take it from the repository again.")
    parts = [platform.python_version(), str(ROOT), lock.read_text()]
    for member in _members():
        packages = sorted(path.name for path in member.glob("pdu_*/"))
        parts += [(member / "pyproject.toml").read_text(), *packages]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _venv_fits() -> bool:
    settings = VENV / "pyvenv.cfg"
    if not settings.exists() or not (VENV / "bin" / "pip").exists():
        return False
    return platform.python_version() in settings.read_text() and PYTHON.exists()


def _make_venv() -> None:
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        output = done.stdout + done.stderr
        raise reason(output) or Failure(NO_VENV, VENV_WAY_OUT, code=UNAVAILABLE)


def _installed_by_uv(lock: Path) -> bool:
    # uv does not read pip's configuration: where it cannot reach its index, pip still may.
    if not (uv := shutil.which("uv")):
        return False
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--no-deps"]
    # As pip does: nobody should wait for it at each start.
    command.append("--compile-bytecode")
    done = subprocess.run(
        [*command, "--require-hashes", "-r", str(lock)], capture_output=True, check=False
    )
    return done.returncode == 0


def _install_in_shares(packages: Sequence[str], speech: Speech) -> None:
    # The lock is complete, so the shares do not depend on each other; pip alone would wait for
    # one download after the other.
    seen: list[str] = []

    def watch(line: str) -> None:
        if line.startswith("Collecting"):
            seen.append(line.split()[1].partition("=")[0])
            speech.pass_by(f"  {len(seen)} of {len(packages)}: {seen[-1]}")

    def install_share(number: int) -> None:
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as share:
            share.write("\n".join(packages[number::SHARES]) + "\n")
            share.flush()
            _pip(["--require-hashes", "--only-binary", ":all:", "-r", share.name], watch)

    with ThreadPoolExecutor() as pool:
        list(pool.map(install_share, range(SHARES)))


def _pip(words: Sequence[str], watch: Callable[[str], None] = lambda _: None) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    output = ""
    with subprocess.Popen(
        [*command, "--no-deps", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as pip:
        for line in pip.stdout or ():
            output += line
            watch(line)
    if pip.returncode:
        raise reason(output) or Failure("The Python packages do not install.", last_lines(output))
