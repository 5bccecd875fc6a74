"""By which way somebody hears from us: the one they chose, else one that reaches them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.phone import number, takes_texts

EMAIL, SMS, POST, PHONE = Channel.EMAIL, Channel.SMS, Channel.POST, Channel.PHONE
ORDER = {
    EMAIL: (EMAIL, SMS, PHONE, POST),
    # Where no text messages are sent, somebody rings: that is nearer to them than a letter.
    SMS: (SMS, PHONE, EMAIL, POST),
    PHONE: (PHONE, SMS, EMAIL, POST),
    POST: (POST, EMAIL, SMS, PHONE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How somebody can be reached, as far as we know."""

    wishes: Channel = EMAIL
    email: str | None = None
    email_stopped: bool = False
    """Whether letters came back from there for good."""
    phone: str | None = None
    texts_stopped: bool = False
    through: str | None = None
    """Through whom, in words for a person."""
    postal_address: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """A way to somebody, and whether a person has to go it."""

    channel: Channel
    to: str
    by_hand: bool = False


def way_to(reach: Reach, *, machines: Collection[Channel], mail_only: bool = False) -> Way | None:
    """The way that a letter goes; None for somebody who cannot be reached.

    `machines` are the ways besides e-mail for which there is one; people go the others. What nobody
    waits for, and what proves that a mailbox is somebody's, goes by e-mail or not at all.
    """
    for channel in (EMAIL,) if mail_only else ORDER[reach.wishes]:
        for way in _ways(reach, channel, machines):
            return way
    # Why nothing goes there is said of the letter.
    return Way(EMAIL, reach.email) if reach.email else None


def _ways(reach: Reach, channel: Channel, machines: Collection[Channel]) -> Iterator[Way]:
    match channel:
        case Channel.EMAIL if reach.email and not reach.email_stopped:
            yield Way(EMAIL, reach.email)
        case Channel.SMS if SMS in machines and reach.phone and takes_texts(reach.phone):
            if not reach.texts_stopped:
                yield Way(SMS, number(reach.phone))
        case Channel.PHONE if reach.phone or reach.through:
            yield Way(PHONE, reach.phone or reach.through or "", by_hand=True)
        case Channel.POST if reach.postal_address:
            yield Way(POST, reach.postal_address, by_hand=POST not in machines)
        case _:
            return
