"""What the programme offers, and to whom."""

from pdu_bookings.programme import (
    change,
    copies,
    editing,
    learning_event,
    lifecycle,
    material,
    moving,
    near_miss,
    recording,
    review,
    series,
    venue,
    whats_on,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)
_SHOWS = allow(Role.COORDINATOR, Role.COP_CONVENOR)

ROOM = Room(
    routes=(
        whats_on.router,
        near_miss.router,
        learning_event.router,
        editing.router,
        review.router,
        lifecycle.router,
        moving.router,
        copies.router,
        series.router,
        venue.router,
        material.router,
        change.router,
    ),
    access={
        "GET /learning-events": PUBLIC,
        "GET /learning-events/{learning_event_id}": PUBLIC,
        "GET /near-misses": PUBLIC,
        "POST /learning-events": _COORDINATOR,
        "PATCH /learning-events/{learning_event_id}": _COORDINATOR,
        "POST /learning-events/{learning_event_id}/publish": _COORDINATOR,
        "PUT /learning-events/{learning_event_id}/review": _COORDINATOR,
        "DELETE /learning-events/{learning_event_id}/review": _COORDINATOR,
        "POST /learning-events/{learning_event_id}/cancellation": _COORDINATOR,
        "POST /learning-events/{learning_event_id}/postponement": _COORDINATOR,
        "POST /learning-events/{learning_event_id}/archiving": _COORDINATOR,
        "PUT /learning-events/{learning_event_id}/booking-closed": _COORDINATOR,
        "DELETE /learning-events/{learning_event_id}/booking-closed": _COORDINATOR,
        "PATCH /sessions/{session_id}": _COORDINATOR,
        "POST /learning-events/{learning_event_id}/copies": _COORDINATOR,
        "GET /learning-events/{learning_event_id}/changes": _COORDINATOR,
        "GET /templates": _COORDINATOR,
        "POST /templates": _COORDINATOR,
        "POST /templates/{template_id}/learning-events": _COORDINATOR,
        "GET /series": PUBLIC,
        "GET /series/{key}": PUBLIC,
        "PUT /series/{key}": _COORDINATOR,
        "GET /learning-events/{learning_event_id}/materials": PUBLIC,
        "POST /learning-events/{learning_event_id}/materials": _SHOWS,
        "DELETE /learning-events/{learning_event_id}/materials/{material_id}": _SHOWS,
        "GET /venues": PUBLIC,
        "POST /venues": _COORDINATOR,
        "PUT /venues/{venue_id}": _COORDINATOR,
    },
    listeners=(recording.keep_recording,),
)
