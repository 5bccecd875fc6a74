"""The table of contents of the reporting service."""

from pdu_reporting import answering, imports, journal, journal_reading, listing
from pdu_reporting.access import ACCESS
from pdu_reporting.command import REBUILD
from pdu_reporting.consume import consume
from pdu_reporting.observing import observe
from pdu_reporting.protection import HOLDINGS
from pdu_reporting.rebuild import make_what_is_new
from pdu_shared.service import Service

service = Service(
    name="reporting",
    routes=[listing.router, answering.router, imports.router, journal_reading.router],
    access=ACCESS,
    takes_everything=journal.take,
    workers=[consume, observe],
    seeds=[make_what_is_new],
    commands=[REBUILD],
    holdings=HOLDINGS,
    gives=["application/json", "text/csv", "text/event-stream"],
)
