"""Make .venv from the lock while RabbitMQ is fetched, then hand over: standard library only."""

import fcntl
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from pdu_local.broker import fetch_broker, find_broker  # noqa: E402
from pdu_local.choice import needs_broker  # noqa: E402
from pdu_local.failure import UNAVAILABLE, Failure, explain, last_lines, reason  # noqa: E402
from pdu_local.paths import ROOT, STATE, cache  # noqa: E402
from pdu_local.speech import STARTED, Speech  # noqa: E402

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.lock"
MEMBERS = ("shared", "services/*", "deploy/local")
DEVELOPERS = {"test", "lint", "lock", "bench"}
SHARES = 3
ROOM = 700 * 1024 * 1024
NO_VENV = "This Python lacks its venv module."
VENV_WAY_OUT = "Install it, on Debian or Ubuntu: apt-get install python3-venv"


def main(words: Sequence[str]) -> int:
    """Prepare what this command needs, then become it."""
    os.environ.setdefault(STARTED, str(time.time()))
    speech = Speech()
    try:
        STATE.logs.mkdir(parents=True, exist_ok=True)
        with (STATE.folder / "install.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            prepare(words, speech)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return failure.code
    except OSError as error:
        print(explain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; run the same command to go on.", file=sys.stderr)
        return 130
    return hand_over(words)


def hand_over(words: Sequence[str]) -> NoReturn:
    """Become `python -m pdu_local`."""
    # Somebody else's PYTHONPATH must not reach into our programs.
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    os.execve(PYTHON, [str(PYTHON), "-P", "-m", "pdu_local", *words], environment)  # noqa: S606


def prepare(words: Sequence[str], speech: Speech) -> None:
    """Install the locked packages and fetch the broker, at the same time."""
    locks = [LOCK, DEVELOPMENT_LOCK] if _is_for_developers(words) else [LOCK]
    stale = [lock for lock in locks if not _is_installed(lock)]
    fetch = needs_broker(words, os.environ) and find_broker() is None
    if not stale and not fetch:
        return
    _look_for_trouble(stale)
    with ThreadPoolExecutor() as pool:
        fetched: Future[object] | None = None
        if fetch:
            speech.say("RabbitMQ is fetched into the cache, once for all checkouts.")
            fetched = pool.submit(fetch_broker, lambda what: speech.say(f"RabbitMQ: {what}"))
        for lock in stale:
            install(lock, speech)
        if fetched:
            fetched.result()
            speech.say("RabbitMQ is unpacked.")


def install(lock: Path, speech: Speech) -> None:
    """Bring .venv to what this lock says."""
    if not _venv_fits():
        speech.say("Making .venv …")
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)], NO_VENV)
    packages = _split(lock.read_text())
    speech.say(f"Installing {len(packages)} Python packages ({lock.name}) …")
    if not _installed_by_uv(lock):
        _install_in_shares(packages, speech)
    if lock == LOCK:
        editable = [word for member in members() for word in ("-e", str(member))]
        _pip(["--no-build-isolation", *editable])
    _stamp(lock).write_text(_fingerprint(lock))
    speech.say("The Python packages are installed.")


def members() -> list[Path]:
    """The folders of our own packages."""
    found = (path for pattern in MEMBERS for path in sorted(ROOT.glob(pattern)))
    return [path for path in found if (path / "pyproject.toml").exists()]


def _is_for_developers(words: Sequence[str]) -> bool:
    return any(word in DEVELOPERS for word in words[:1]) or "containers" in words


def _is_installed(lock: Path) -> bool:
    stamp = _stamp(lock)
    return stamp.exists() and stamp.read_text() == _fingerprint(lock) and PYTHON.exists()


def _stamp(lock: Path) -> Path:
    return VENV / (".lock-hash" if lock == LOCK else ".dev-lock-hash")


def _fingerprint(lock: Path) -> str:
    """What an installation depends on: the lock, this Python, our packages and where they lie."""
    if not lock.exists():
        raise Failure(f"{lock.name} is missing.", "Take it from the repository again.")
    projects = [path / "pyproject.toml" for path in members()]
    parts = [platform.python_version(), sys.executable, str(ROOT), lock.read_text()]
    parts += [path.read_text() for path in projects]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _venv_fits() -> bool:
    settings = VENV / "pyvenv.cfg"
    if not settings.exists() or not (VENV / "bin" / "pip").exists():
        return False
    return platform.python_version() in settings.read_text() and PYTHON.exists()


def _look_for_trouble(stale: Sequence[Path]) -> None:
    if stale and not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Failure(NO_VENV, VENV_WAY_OUT, code=UNAVAILABLE)
    folder = next(path for path in (cache(), *cache().parents) if path.exists())
    for place in {ROOT, folder}:
        free = shutil.disk_usage(place).free
        if free < ROOM:
            raise Failure(
                f"The disk of {place} is full: {free >> 20} MB are left, {ROOM >> 20} are needed.",
                "Free some space, then run the same command again.",
            )


def _installed_by_uv(lock: Path) -> bool:
    # uv does not read pip's configuration: where it cannot reach its index, pip still may.
    if not (uv := shutil.which("uv")):
        return False
    command = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--no-deps"]
    done = subprocess.run(
        [*command, "--require-hashes", "-r", str(lock)], capture_output=True, check=False
    )
    return done.returncode == 0


def _split(lock: str) -> list[str]:
    """The entries of a lock: each a name, a version and its hashes."""
    return re.split(r"\n(?=\S)", lock.strip())


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


def _run(command: list[str], trouble: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        output = done.stdout + done.stderr
        raise reason(output) or Failure(trouble, last_lines(output), code=UNAVAILABLE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
