"""The letter of an issue: composed once, and for each reader only what is theirs put in."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from hashlib import sha256
from uuid import UUID

from pdu_notifications.bulletin.issue import Issue
from pdu_notifications.bulletin.rendering import place_of, words_of
from pdu_notifications.reader_link import Purpose
from pdu_shared import mail
from pdu_shared.links import token_of
from pdu_shared.mail_merge import Merge

_TOKEN_LENGTH = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a copy is: where it goes, and what its links are for."""

    address: str
    subscriber_id: UUID
    subscription_id: UUID

    @property
    def domain(self) -> str:
        """Behind which mail servers they are."""
        return domain_of(self.address)


@dataclass(frozen=True, slots=True)
class Printed:
    """An issue that is ready for any number of readers."""

    issue_id: UUID
    link_key: bytes
    merge: Merge

    def copy(self, reader: Reader) -> tuple[str, bytes]:
        """The mailbox of a reader, and their letter. Raises BadAddress.

        The same at every attempt: Message-ID and date belong to the issue and the subscription.
        """
        to = mail.address(reader.address).addr_spec
        return to, self.merge.copy(
            (
                to.encode("ascii"),
                _number(self.issue_id, reader.subscription_id),
                token_of(self.link_key, Purpose.ONE_CLICK, reader.subscription_id).encode(),
                token_of(self.link_key, Purpose.PREFERENCES, reader.subscriber_id).encode(),
            )
        )


def printed(
    issue: Issue, *, sender: Address, portal_url: str, link_key: bytes, began_at: datetime
) -> Printed:
    """Compose the letter of an issue, with places for what each reader has of their own."""
    to = f"to{secrets.token_hex(12)}"
    number = secrets.token_hex(32)
    one_click, choose = _stand_in(), _stand_in()
    place = place_of(issue, portal_url)
    words = words_of(issue, issue.told, place, choose=f"{place.portal_url}/p/{choose}")
    message = mail.compose(
        mail.Letter(
            message_id=f"<{number}@{sender.domain}>",
            written_at=began_at,
            sender=sender,
            to=Address(username=to, domain="example.org"),
            subject=issue.title,
            text=words.text,
            html=words.html,
            unsubscribe=f"{place.portal_url}/u/{one_click}",
            encoding="quoted-printable",
        )
    )
    places = (f"{to}@example.org", number, one_click, choose)
    return Printed(issue.issue_id, link_key, Merge.of(message, places))


def domain_of(address: str) -> str:
    """The part of an address behind which its mail servers are."""
    return address.rpartition("@")[2].lower()


def _number(issue_id: UUID, subscription_id: UUID) -> bytes:
    return sha256(issue_id.bytes + subscription_id.bytes).hexdigest().encode()


def _stand_in() -> str:
    return secrets.token_hex(_TOKEN_LENGTH // 2)
