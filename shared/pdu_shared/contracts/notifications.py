"""What notifications tells: letters on their way, and lists. Who gets them stays at home."""

from datetime import date
from uuid import UUID

from pdu_shared.contracts.ledger import _Counted
from pdu_shared.contracts.message import Code, Message
from pdu_shared.contracts.protection import _Applied, _Erased, _Gathered
from pdu_shared.contracts.vocabulary import Channel, MailingList, SubscriptionBasis


class _Letter(Message):
    about = "letter"

    letter_id: UUID
    template: Code
    channel: Channel
    related_id: UUID


class MessageQueued(_Letter):
    """A letter was written and waits to be sent."""


class MessageSent(_Letter):
    """A letter was accepted by the mail server."""


class MessageFailed(_Letter):
    """A letter could not be sent."""

    reason: Code


class MessageSuppressed(_Letter):
    """A letter was not sent, on purpose."""

    reason: Code


class LedgerCounted(_Counted):
    """How many messages of each kind a service has told in a span of time."""


class PersonErased(_Erased):
    """A service keeps nothing any more by which a person could be known."""


class PersonalDataGathered(_Gathered):
    """What a service keeps about a person who asked for it."""


class RetentionApplied(_Applied):
    """Data was deleted because its time had come."""


class _Subscription(Message):
    about = "subscription"

    subscription_id: UUID
    list: MailingList
    basis: SubscriptionBasis
    source: Code | None = None
    """Through what they came to the list, such as the code of a link."""


class SubscriptionStarted(_Subscription):
    """Somebody asked for a list. Until they confirm it, nothing is sent to them."""


class SubscriptionConfirmed(_Subscription):
    """Somebody gets a list from now on."""


class SubscriptionEnded(_Subscription):
    """Somebody does not get a list any more."""


class BulletinIssued(Message):
    """An issue of the bulletin, or of another list, has been sent; everybody may read it."""

    about = "issue"
    public = True

    issue_id: UUID
    issue_key: Code
    list: MailingList
    topics: tuple[Code, ...] = ()
    """Only those got it who chose one of these, or none at all."""
    sections: tuple[Code, ...]
    entries: int
    """How much of what others told is in it."""
    recipients: int
    sent: int
    """How many of them a mail server took."""
    issued_on: date
