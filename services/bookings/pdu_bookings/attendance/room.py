"""What those at the door may do, and what people may say of themselves."""

from pdu_bookings.attendance import (
    apologies,
    certificate,
    check_in,
    check_in_code,
    closing,
    completion,
    head_count,
    history,
    holdings,
    issuing,
    register,
    webinar,
    writing,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_AT_THE_DOOR = allow(Role.COORDINATOR, Role.FACILITATOR_SPEAKER)
_AT_THE_REGISTER = allow(Role.COORDINATOR, Role.FACILITATOR_SPEAKER, Role.COP_CONVENOR)
_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(
        register.router,
        writing.router,
        closing.router,
        history.router,
        head_count.router,
        webinar.router,
        check_in_code.router,
        apologies.router,
        check_in.router,
        completion.router,
        issuing.router,
        certificate.router,
    ),
    access={
        "GET /sessions/{session_id}/register": _AT_THE_REGISTER,
        "PUT /sessions/{session_id}/attendance": _AT_THE_REGISTER,
        "POST /sessions/{session_id}/register/closing": _AT_THE_REGISTER,
        "GET /attendances/{attendance_id}/history": _COORDINATOR,
        "PUT /sessions/{session_id}/head-count": _AT_THE_REGISTER,
        "POST /sessions/{session_id}/webinar-report": _AT_THE_DOOR,
        "GET /sessions/{session_id}/check-in-code": _AT_THE_DOOR,
        "POST /sessions/{session_id}/check-in-code": _AT_THE_DOOR,
        "GET /learning-events/{learning_event_id}/completion": PUBLIC,
        "PUT /learning-events/{learning_event_id}/completion": _COORDINATOR,
        "POST /learning-events/{learning_event_id}/certificates": _COORDINATOR,
        "GET /certificates/{code}": PUBLIC,
        # Whoever holds the link of a letter:
        "POST /b/{token}/apologies": PUBLIC,
        "POST /b/{token}/check-in": PUBLIC,
        "GET /b/{token}/certificate": PUBLIC,
        "POST /b/{token}/certificate": PUBLIC,
    },
    uploads={"/sessions/{session_id}/webinar-report": webinar.UPLOAD},
    holdings=holdings.HOLDINGS,
)
