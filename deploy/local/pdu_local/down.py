"""`./pdu down`: stop what runs in this checkout."""

import contextlib
import os
import signal
import time

from pdu_local.children import is_running
from pdu_local.failure import Failure
from pdu_local.paths import STATE, State
from pdu_local.running import current_run

PATIENCE = 60.0


def down(state: State = STATE) -> bool:
    """Stop the platform and wait until it has stopped; False when nothing ran."""
    if (run := current_run(state)) is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(run.pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while is_running(run.pid, run.began):
        if time.monotonic() > deadline:
            raise Failure(
                f"PDU (process {run.pid}) does not stop.",
                f"kill -9 {run.pid} ends it and everything it started.",
            )
        time.sleep(0.05)
    return True
