"""Runs bookings: `python -m pdu_bookings [serve | migrate | replay | parked]`."""

import pdu_shared.lean  # noqa: F401 - before all that it spares
from pdu_bookings.app import service
from pdu_shared.running import main

if __name__ == "__main__":
    main(service)
