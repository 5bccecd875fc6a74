"""Runs the reporting service: `python -m pdu_reporting [serve | migrate | rebuild | …]`."""

import pdu_shared.lean  # noqa: F401 - before all that it spares
from pdu_reporting.app import service
from pdu_shared.running import main

if __name__ == "__main__":
    main(service)
