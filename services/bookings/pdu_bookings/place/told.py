"""What is told of those who booked: that they hold a place or wait, and their link, sealed."""

from datetime import datetime

from pdu_bookings.place.asking import Booked, Keys, Person
from pdu_bookings.place.link import token_for
from pdu_shared import outbox
from pdu_shared.contracts.bookings.place import (
    BookingLinkIssued,
    BookingRequested,
    BookingWaitlisted,
    ContactPoint,
    EventBooked,
)
from pdu_shared.contracts.vocabulary import Channel, PlaceState
from pdu_shared.local_time import local_day
from pdu_shared.outbox import Promise


def promises(booked: Booked, keys: Keys, *, now: datetime) -> list[Promise]:
    """What is promised of one booking: that it is, and how to reach whoever it is for."""
    told = Promise(_fact(booked, now=now), booked.thread)
    points = _points(booked.person)
    if not points:
        return [told]
    first, *others = points
    link = BookingLinkIssued(
        booking_id=booked.booking_id,
        person_id=booked.person_id,
        channel=first.channel,
        address=first.address,
        name=booked.person.name,
        token=token_for(keys.link, booked.booking_id),
        also=tuple(others),
        arranged_by=booked.also.asked_by,
    )
    return [outbox.sealed(link, keys.sealer, thread=booked.thread), told]


def _points(person: Person) -> list[ContactPoint]:
    """How to reach somebody, in the way that they wish first."""
    known = (
        (Channel.EMAIL, person.email),
        (Channel.PHONE, person.phone),
        (Channel.PHONE, person.reach),
        (Channel.POST, person.postal_address),
    )
    points = [ContactPoint(channel=one, address=at) for one, at in known if at]
    if person.wishes is Channel.SMS and person.phone:
        points.insert(0, ContactPoint(channel=Channel.SMS, address=person.phone))
    return sorted(points, key=lambda one: one.channel is not person.wishes)


def _fact(booked: Booked, *, now: datetime) -> EventBooked | BookingWaitlisted | BookingRequested:
    match booked.given.state:
        case PlaceState.CONFIRMED:
            return _event_booked(booked, now=now)
        case PlaceState.AWAITING_APPROVAL:
            return BookingRequested(
                booking_id=booked.booking_id,
                learning_event_id=booked.learning_event_id,
                session_ids=tuple(booked.given.positions),
                person_id=booked.person_id,
            )
        case _:
            return _booking_waitlisted(booked)


def _booking_waitlisted(booked: Booked) -> BookingWaitlisted:
    return BookingWaitlisted(
        booking_id=booked.booking_id,
        learning_event_id=booked.learning_event_id,
        session_ids=tuple(booked.given.positions),
        person_id=booked.person_id,
        position=max(position or 0 for position in booked.given.positions.values()),
        reachable=bool(_points(booked.person)),
    )


def _event_booked(booked: Booked, *, now: datetime) -> EventBooked:
    return EventBooked(
        booking_id=booked.booking_id,
        learning_event_id=booked.learning_event_id,
        session_ids=tuple(booked.given.positions),
        person_id=booked.person_id,
        heard_about=booked.person.heard_about,
        booked_on=local_day(now),
        channel=booked.channel,
        on_behalf=booked.channel.on_behalf,
        reachable=bool(_points(booked.person)),
        **booked.person.as_at_the_time(),
    )
