"""Runs the resources service: `python -m pdu_resources [serve | migrate | replay | parked]`."""

from pdu_resources.app import service
from pdu_shared.running import main

if __name__ == "__main__":
    main(service)
