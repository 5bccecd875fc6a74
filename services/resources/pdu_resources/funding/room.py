"""Who says who pays for the unit, and who takes everything along when that ends."""

from pdu_resources.funding import handover, period, seeds
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(period.router, handover.router),
    access={
        "GET /programme-periods": PUBLIC,
        "PUT /programme-periods/{code}": _COORDINATOR,
        "GET /handover": _COORDINATOR,
    },
    seeds=(seeds.seed,),
)
