"""Runs the notifications service: `python -m pdu_notifications [serve | migrate | replay | …]`."""

import pdu_shared.lean  # noqa: F401 - before all that it spares
from pdu_notifications.app import service
from pdu_shared.running import main

if __name__ == "__main__":
    main(service)
