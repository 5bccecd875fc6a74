"""What one city has otherwise than another, and who may change it."""

from pdu_resources.setting import instance
from pdu_shared.access import Role, allow
from pdu_shared.holding import Holding
from pdu_shared.service import Room

_ADMINISTERS = allow(Role.COORDINATOR, Role.OPERATOR)

ROOM = Room(
    routes=(instance.router,),
    holdings=(
        Holding(
            table="setting",
            words="Settings that you changed",
            copy="SELECT name, changed_at FROM setting WHERE changed_by = ANY ($1::uuid[])",
            stays="Evidence of who changed what, under an id that no longer leads to anybody.",
        ),
    ),
    access={
        "GET /settings": _ADMINISTERS,
        "PUT /settings/{name}": _ADMINISTERS,
        "PUT /vocabulary/{scheme}/{code}": _ADMINISTERS,
        "PUT /project-years/{code}": _ADMINISTERS,
        "GET /instance": _ADMINISTERS,
        "PUT /instance": _ADMINISTERS,
    },
)
