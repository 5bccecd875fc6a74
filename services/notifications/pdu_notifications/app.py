"""Notifications at a glance: what it knows of people and events, its letters, and its lists."""

from pdu_notifications import (
    address_book,
    after_event,
    booking,
    by_hand,
    community,
    contact_choice,
    delivered,
    diary,
    hub,
    learning_event,
    overview,
    postman,
    same_person,
    suppression,
    upcoming,
)
from pdu_notifications.access import ACCESS
from pdu_notifications.bulletin.archive import ATOM
from pdu_notifications.bulletin.room import ROOM as BULLETIN
from pdu_notifications.doctor.command import MAIL_DOCTOR
from pdu_notifications.letters import LETTERS
from pdu_notifications.protection import HOLDINGS, SCHEDULE
from pdu_notifications.returns.room import ROOM as RETURNS
from pdu_notifications.subscription.room import ROOM as SUBSCRIPTION
from pdu_notifications.webhook.room import ROOM as WEBHOOKS
from pdu_shared import instance
from pdu_shared.service import Room, Service

POST = Room(
    routes=(
        overview.router,
        upcoming.router,
        by_hand.router,
        contact_choice.router,
        suppression.router,
    ),
    access=ACCESS,
    listeners=tuple(listener for letter in LETTERS for listener in letter.LISTENERS),
    workers=(diary.post_what_is_due, postman.deliver, delivered.forget_delivered),
    holdings=HOLDINGS,
    schedule=SCHEDULE,
)

service = Service.of_rooms(
    "notifications",
    POST,
    RETURNS,
    SUBSCRIPTION,
    WEBHOOKS,
    BULLETIN,
    listeners=(
        *address_book.LISTENERS,
        same_person.keep_alias,
        instance.keep_setting,
        *learning_event.LISTENERS,
        *booking.LISTENERS,
        *after_event.LISTENERS,
        *hub.LISTENERS,
        *community.LISTENERS,
    ),
    commands=(MAIL_DOCTOR,),
    gives=("application/json", "text/html", "text/plain", "image/png", ATOM),
)
