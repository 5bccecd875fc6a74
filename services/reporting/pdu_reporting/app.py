"""The table of contents of the reporting service."""

from pdu_reporting import (
    annual,
    answering,
    behind,
    claims,
    evidence,
    extract,
    freezing,
    frozen,
    imports,
    journal,
    journal_reading,
    ledgers,
    listing,
    nightly,
    own_organisation,
    published,
    snapshot,
)
from pdu_reporting.access import ACCESS
from pdu_reporting.command import REBUILD
from pdu_reporting.consume import consume
from pdu_reporting.extract import NDJSON
from pdu_reporting.media import FORMATS
from pdu_reporting.nightly import recompute_at_night
from pdu_reporting.observing import observe
from pdu_reporting.protection import HOLDINGS
from pdu_reporting.rebuild import make_what_is_new
from pdu_reporting.reconciling import reconcile
from pdu_reporting.report import page, paper
from pdu_reporting.tally import keeping
from pdu_shared.guard import Bodies
from pdu_shared.service import Service

CLAIMS_AT_MOST = 512 * 1024

service = Service(
    name="reporting",
    routes=[
        listing.router,
        annual.router,
        answering.router,
        behind.router,
        claims.router,
        evidence.router,
        extract.router,
        freezing.router,
        frozen.router,
        snapshot.router,
        published.router,
        imports.router,
        journal_reading.router,
        ledgers.router,
        nightly.router,
        own_organisation.router,
    ],
    access=ACCESS,
    takes_everything=journal.take,
    workers=[consume, observe, reconcile, recompute_at_night, keeping.keep],
    seeds=[make_what_is_new],
    uploads={"/claims/{report}": Bodies(largest=CLAIMS_AT_MOST)},
    commands=[REBUILD, ledgers.LEDGERS],
    holdings=HOLDINGS,
    gives=[
        *dict.fromkeys(FORMATS.values()),
        NDJSON,
        page.MEDIA_TYPE,
        evidence.MEDIA_TYPE,
        paper.MEDIA_TYPE,
        "text/event-stream",
    ],
)
