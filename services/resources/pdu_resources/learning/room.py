"""What people may do with e-learning modules."""

from pdu_resources.learning import (
    archive,
    certificate,
    holdings,
    progress,
    publishing,
    reading,
    reminder,
    seeds,
    suite,
)
from pdu_resources.usage.room import LEARNERS
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(
        suite.router,
        publishing.router,
        progress.router,
        reading.router,
        reminder.router,
        certificate.router,
    ),
    access={
        "GET /modules": PUBLIC,
        "POST /modules": _COORDINATOR,
        "GET /modules/{module_key}": PUBLIC,
        "DELETE /modules/{module_key}": _COORDINATOR,
        "GET /modules/{module_key}/progress": LEARNERS,
        "PUT /modules/{module_key}/progress": LEARNERS,
        "PUT /modules/{module_key}/completion": LEARNERS,
        "GET /modules/{module_key}/reminder": LEARNERS,
        "PUT /modules/{module_key}/reminder": LEARNERS,
        "DELETE /modules/{module_key}/reminder": LEARNERS,
        "GET /modules/{module_key}/pages/{page}": LEARNERS,
        "GET /modules/{module_key}/certificate": LEARNERS,
        "PUT /modules/{module_key}/certificate": LEARNERS,
        "GET /modules/{module_key}/certificate/paper": LEARNERS,
        "GET /certificates/{code}": PUBLIC,
        "PUT /modules/{module_key}/answers/{question_code}": LEARNERS,
    },
    seeds=(seeds.seed,),
    holdings=holdings.HOLDINGS,
    uploads={"/modules": archive.UPLOAD},
)
