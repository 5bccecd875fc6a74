"""What somebody may see of what they did, and take with them."""

from pdu_resources.my_activity import hearing, holdings, record, view
from pdu_resources.usage.room import LEARNERS
from pdu_shared.service import Room

ROOM = Room(
    routes=(view.router, record.router),
    access={"GET /my-activity": LEARNERS, "GET /learning-record": LEARNERS},
    listeners=(hearing.learn_booking, hearing.learn_certificate),
    holdings=holdings.HOLDINGS,
)
