"""What people may do with pathways and badges."""

from pdu_resources.pathway import badge, enrolment, holdings, issuer, seeds, seen, settling, writing
from pdu_resources.usage.room import LEARNERS
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(
        seen.router,
        writing.router,
        enrolment.router,
        issuer.router,
        badge.router,
    ),
    access={
        "GET /start-here": PUBLIC,
        "GET /pathways": PUBLIC,
        "POST /pathways": _COORDINATOR,
        "GET /pathways/{pathway_key}": PUBLIC,
        "PUT /pathways/{pathway_key}": _COORDINATOR,
        "GET /pathways/{pathway_key}/progress": LEARNERS,
        "PUT /pathways/{pathway_key}/progress": LEARNERS,
        "GET /my-pathways": LEARNERS,
        "GET /my-badges": LEARNERS,
        "GET /badges/{code}": PUBLIC,
        "POST /badge-verifications": PUBLIC,
        "GET /badge-issuer": PUBLIC,
        "GET /badge-issuer/keys": PUBLIC,
        "GET /badge-issuer/keys/{kid}": PUBLIC,
        "GET /badge-issuer/achievements/{pathway_key}": PUBLIC,
    },
    listeners=(settling.settle_after_attendance,),
    seeds=(seeds.seed,),
    holdings=holdings.HOLDINGS,
)
