"""Who may call which route of bookings."""

from pdu_shared.access import PUBLIC, Role, allow

_COORDINATOR = allow(Role.COORDINATOR)
_AT_THE_DOOR = allow(Role.COORDINATOR, Role.FACILITATOR_SPEAKER)

ACCESS = {
    "GET /learning-events": PUBLIC,
    "GET /learning-events/{learning_event_id}": PUBLIC,
    "POST /learning-events": _COORDINATOR,
    "POST /learning-events/{learning_event_id}/publish": _COORDINATOR,
    "POST /learning-events/{learning_event_id}/bookings": PUBLIC,
    "GET /b/{token}": PUBLIC,  # whoever holds the link of a letter
    "POST /b/{token}/cancellation": PUBLIC,
    "POST /bookings/{booking_id}/cancellation": allow(Role.COORDINATOR, Role.MEMBER),
    "GET /sessions/{session_id}/register": _AT_THE_DOOR,
    "PUT /sessions/{session_id}/attendance": _AT_THE_DOOR,
}
