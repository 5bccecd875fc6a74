"""`./pdu test`: all tests, on whatever real servers are at hand."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pdu_local.choice import AMQP_URL, DATABASE_URL, choose
from pdu_local.paths import ROOT

LONG = "not chroot and not campaign"
TWO = ("-n", "2", "--cache-clear")
# Whoever chooses tests, or wants to look into one, is served by one process.
ALONE = ("-k", "-m", "-n", "-s", "--numprocesses", "--capture", "--pdb", "--trace")
FAILED = 1
FEW = 3
"""More failures than that are no accident."""


def test(words: Sequence[str]) -> int:
    """Run pytest; its exit code. What fails of the whole suite is asked once more, alone."""
    choose()  # says at once when the wish in PDU_TEST_INFRA cannot be met
    os.chdir(ROOT)
    told = told_to_pytest(words, os.environ)
    code = _pytest(told)
    shared = set(TWO) <= set(told)
    failed = failed_in(ROOT) if shared and code == FAILED else []
    if not 0 < len(failed) <= FEW:
        return code
    _say(f"{len(failed)} failed while two workers shared the machine. Once more, alone:", failed)
    if code := _pytest(["-m", LONG, *failed]):
        return code
    _say("SHAKY: these failed above and passed alone. Somebody has to find out why:", failed)
    return 0


def told_to_pytest(words: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The long programmes run when asked for by `-m`; all the others are shared by two workers."""
    chosen = [] if any(word.startswith("-m") for word in words) else ["-m", LONG]
    alone = any(word.startswith(ALONE) or _is_path(word) for word in words)
    # Servers that are given would have to serve two houses at once.
    given = environ.get(AMQP_URL) or environ.get(DATABASE_URL)
    return [*chosen, *(() if alone or given else TWO), *words]


def failed_in(folder: Path) -> list[str]:
    """The tests that failed in the last run there, as pytest remembers them."""
    kept = folder / ".pytest_cache" / "v" / "cache" / "lastfailed"
    return sorted(json.loads(kept.read_text())) if kept.exists() else []


def _pytest(told: Sequence[str]) -> int:
    # pytest hears Ctrl-C itself, and needs its time to stop the servers that it started.
    running = subprocess.Popen([sys.executable, "-m", "pytest", *told])
    signal.signal(signal.SIGTERM, lambda *_: running.terminate())
    while True:
        try:
            return running.wait()
        except KeyboardInterrupt:
            continue


def _say(what: str, tests: Sequence[str]) -> None:
    sys.stderr.write("\n".join(("", what, *(f"  {one}" for one in tests), "")))
    sys.stderr.flush()


def _is_path(word: str) -> bool:
    return (ROOT / word.partition("::")[0]).exists()
