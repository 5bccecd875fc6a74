"""Runs the service: `python -m pdu_reporting`."""

from pdu_reporting.app import service
from pdu_shared.running import main

if __name__ == "__main__":
    main(service)
