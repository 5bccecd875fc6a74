"""Runs bookings: `python -m pdu_bookings [serve | migrate | replay | parked]`."""

from pdu_bookings.app import service
from pdu_shared.running import main

if __name__ == "__main__":
    main(service)
