"""`./pdu up --detach`: the same in the background; we stay until it is healthy."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import IO

from pdu_local.failure import Failure
from pdu_local.paths import ROOT, STATE, State
from pdu_local.running import current_run

BEGINNING = "PDU_STARTED"


def up_detached(words: Sequence[str], state: State = STATE) -> None:
    """Start `up` in a session of its own and relay what it says until all is healthy."""
    if current_run(state):
        # The refusal is `up`'s own, and leaves the log of the one that runs alone.
        os.execv(sys.executable, [*_command(words)])  # noqa: S606
    state.logs.mkdir(parents=True, exist_ok=True)
    log = state.logs / "up.log"
    with log.open("wb") as output:
        background = subprocess.Popen(
            _command(words),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            start_new_session=True,
        )
    try:
        with log.open() as said:
            _relay(said, background, state)
    except KeyboardInterrupt:
        background.send_signal(signal.SIGTERM)
        background.wait()
        raise


def _relay(said: IO[str], background: "subprocess.Popen[bytes]", state: State) -> None:
    while True:
        ended = background.poll()
        run = current_run(state)
        is_up = run is not None and run.pid == background.pid and run.state == "running"
        sys.stdout.write(said.read())
        sys.stdout.flush()
        if ended is not None:
            raise Failure("It did not start.", f"What it said is in {said.name}.", code=ended or 1)
        if is_up:
            return
        time.sleep(0.05)


def _command(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-P", "-m", "pdu_local", "up", *words]
