"""Bookings at a glance: learning events, who has a place at them, and who came."""

from pdu_bookings import cancellation, category, desk, learning_event, programme, purge, register
from pdu_bookings.access import ACCESS
from pdu_shared.service import Service

service = Service(
    name="bookings",
    routes=[
        programme.router,
        learning_event.router,
        desk.router,
        cancellation.router,
        register.router,
    ],
    access=ACCESS,
    listeners=[category.learn_category],
    workers=[desk.serve, purge.forget_contacts],
)
