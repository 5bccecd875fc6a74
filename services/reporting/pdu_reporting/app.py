"""The table of contents of the reporting service."""

from pdu_reporting import answering, journal, journal_reading
from pdu_reporting.access import ACCESS
from pdu_reporting.consume import consume
from pdu_reporting.observing import observe
from pdu_reporting.rebuild import make_what_is_new
from pdu_shared.service import Service

service = Service(
    name="reporting",
    routes=[answering.router, journal_reading.router],
    access=ACCESS,
    takes_everything=journal.take,
    workers=[consume, observe],
    seeds=[make_what_is_new],
    gives=["application/json", "text/csv", "text/event-stream"],
)
