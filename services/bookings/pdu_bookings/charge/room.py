"""Who may say what a place costs, and who hears it."""

from pdu_bookings.charge import figures, price
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(price.router, figures.router),
    access={
        "PUT /learning-events/{learning_event_id}/price": _COORDINATOR,
        "GET /learning-events/{learning_event_id}/cost": PUBLIC,
        "GET /learning-events/{learning_event_id}/charges": _COORDINATOR,
        "PUT /bookings/{booking_id}/charge-waiver": _COORDINATOR,
        "DELETE /bookings/{booking_id}/charge-waiver": _COORDINATOR,
    },
)
