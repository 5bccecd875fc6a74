"""What a coordinator finds, and takes away as a file."""

from pdu_bookings.listing import bookings, learning_events, overview, registers
from pdu_shared.access import Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(learning_events.router, bookings.router, registers.router, overview.router),
    access={
        "GET /coordinator/overview": _COORDINATOR,
        "GET /coordinator/learning-events": _COORDINATOR,
        "GET /coordinator/learning-events/file": _COORDINATOR,
        "GET /coordinator/bookings": _COORDINATOR,
        "GET /coordinator/bookings/file": _COORDINATOR,
        "POST /coordinator/bookings/search": _COORDINATOR,
        "GET /coordinator/registers": _COORDINATOR,
        "GET /coordinator/registers/{session_id}/file": _COORDINATOR,
    },
)
