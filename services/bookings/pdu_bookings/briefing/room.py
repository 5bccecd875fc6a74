"""The room of briefings: its routes, who may use them, and the worker that sends digests."""

from pdu_bookings.briefing import digest, holdings, issuing, manager, reader, staff_came
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

ROOM = Room(
    routes=(manager.router, reader.router, issuing.router, staff_came.router),
    access={
        "GET /b/{token}/manager": PUBLIC,  # whoever holds the link of a letter
        "PUT /b/{token}/manager": PUBLIC,
        "DELETE /b/{token}/manager": PUBLIC,
        "POST /briefing-readers": allow(Role.COORDINATOR),
        "GET /briefing-readers": allow(Role.COORDINATOR),
        "DELETE /briefing-readers/{reader_id}": allow(Role.COORDINATOR),
        "GET /learning-events/{learning_event_id}/briefing": allow(Role.COORDINATOR),
        "PUT /learning-events/{learning_event_id}/briefing": allow(Role.COORDINATOR),
        "GET /organisation-follow-ups": allow(Role.COORDINATOR),
        "PUT /organisation-follow-ups/{learning_event_id}/{organisation_id}": allow(
            Role.COORDINATOR
        ),
    },
    workers=(digest.send_digests,),
    schedule=digest.SCHEDULE,
    holdings=holdings.HOLDINGS,
)
