"""What the links in letters of bookings are for."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a link is for. The words are part of the tokens: they are never changed."""

    BOOKING = "booking"
    CALENDAR = "calendar"
    MEMBERSHIP = "membership"
    NOMINATION = "nomination"
    TOPIC = "topic"
    SPEAKER = "speaker"
