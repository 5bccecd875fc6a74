"""Runs the resources service: `python -m pdu_resources [serve | migrate | replay | parked]`."""

import pdu_shared.lean  # noqa: F401 - before all that it spares
from pdu_resources.app import service
from pdu_shared.running import main

if __name__ == "__main__":
    main(service)
