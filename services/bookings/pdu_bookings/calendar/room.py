"""Calendars to subscribe to, and what machines read about learning events."""

from pdu_bookings.calendar import (
    feed,
    holdings,
    own,
    schema_org,
)
from pdu_shared.access import PUBLIC
from pdu_shared.service import Room

ROOM = Room(
    routes=(feed.router, own.router, schema_org.router),
    access={
        "GET /calendar.ics": PUBLIC,
        "GET /learning-events/{learning_event_id}/calendar.ics": PUBLIC,
        "GET /learning-events/{learning_event_id}/schema.json": PUBLIC,
        "GET /b/{token}/calendar.ics": PUBLIC,  # whoever holds the link of a letter
        "POST /b/{token}/calendar-feed": PUBLIC,
        "DELETE /b/{token}/calendar-feed": PUBLIC,
        "GET /calendars/{feed}/calendar.ics": PUBLIC,  # whoever was given the secret address
    },
    holdings=holdings.HOLDINGS,
)
