"""Make .venv from the lock while RabbitMQ is fetched, then hand over: standard library only."""

import fcntl
import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pdu_local.broker import fetch_broker, find_broker
from pdu_local.choice import needs_broker
from pdu_local.failure import UNAVAILABLE, Failure, explain
from pdu_local.installing import (
    DEVELOPMENT_LOCK,
    LOCK,
    NO_VENV,
    PYTHON,
    VENV_WAY_OUT,
    install,
    is_installed,
)
from pdu_local.paths import ROOT, STATE, cache
from pdu_local.speech import STARTED, Speech

DEVELOPERS = {"test", "lint", "lock", "bench", "pictures"}
ROOM = 700 * 1024 * 1024
# Somebody else's PYTHONPATH must not reach into our programs. And where bytecode is not written, as
# in many containers, every program would compile our modules again at each start.
NOT_FOR_US = {"PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"}


def main(words: Sequence[str]) -> int:
    """Prepare what this command needs, then become it."""
    os.environ.setdefault(STARTED, str(time.time()))
    try:
        STATE.folder.mkdir(parents=True, exist_ok=True)
        with (STATE.folder / "install.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            prepare(words, Speech())
        return hand_over(words)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return failure.code
    except OSError as error:
        print(explain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; run the same command to go on.", file=sys.stderr)
        return 130


def prepare(words: Sequence[str], speech: Speech) -> None:
    """Install the locked packages and fetch the broker, at the same time."""
    for_developers = (words[:1] and words[0] in DEVELOPERS) or "containers" in words
    locks = [LOCK, DEVELOPMENT_LOCK] if for_developers else [LOCK]
    stale = [lock for lock in locks if not is_installed(lock)]
    fetch = needs_broker(words, os.environ) and find_broker() is None
    if not stale and not fetch:
        return
    look_for_trouble(stale)
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


def look_for_trouble(stale: Sequence[Path]) -> None:
    """Say at once what would otherwise fail halfway."""
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


def hand_over(words: Sequence[str]) -> NoReturn:
    """Become `python -m pdu_local`."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_FOR_US}
    os.execve(PYTHON, [str(PYTHON), "-P", "-m", "pdu_local", *words], environment)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
