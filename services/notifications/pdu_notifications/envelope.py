"""What leaves: a letter as an e-mail, as a text message, or as paper, the same at every attempt."""

from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Self
from uuid import UUID

from pdu_notifications.calendar_file import calendar_file
from pdu_notifications.delivery import PickedUp
from pdu_notifications.reader_link import link_key, one_click_path, preferences_path
from pdu_notifications.rules.greeting import greeting, one_line
from pdu_notifications.rules.text_message import text_message
from pdu_notifications.wording import PROVIDER, Content, Words, words
from pdu_shared import mail
from pdu_shared.contracts.vocabulary import Channel
from pdu_shared.note import Note
from pdu_shared.runtime import Runtime
from pdu_shared.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """What every letter has of the house: who writes, and where links lead."""

    sender: Address
    portal_url: str
    link_key: bytes
    phone: str | None = None
    """Where people ring us."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The stationery that the settings name."""
        sender = mail.address(settings.mail_from)
        return cls(
            sender=Address(PROVIDER, sender.username, sender.domain),
            portal_url=settings.portal_url.rstrip("/"),
            link_key=link_key(settings),
            phone=settings.contact_phone,
        )

    def said(self, letter: PickedUp) -> tuple[Content, Words]:
        """What a letter says, to whom it greets, with its links."""
        content = Content.model_validate_json(letter.content)
        said = words(
            content,
            greeting=greeting(letter.name or ""),
            link=self.link(letter),
            choose=self._path(preferences_path, letter.subscriber_id),
            portal=self.portal_url,
        )
        return content, said

    def link(self, letter: PickedUp) -> str | None:
        """Where its link leads."""
        return f"{self.portal_url}/{letter.link}" if letter.link else None

    def message(self, letter: PickedUp) -> EmailMessage:
        """The e-mail: the same Message-ID and date at every attempt."""
        content, said = self.said(letter)
        diary = content.diary
        return mail.compose(
            mail.Letter(
                message_id=mail.message_id(letter.sent_as, self.sender.domain),
                written_at=letter.posted_at,
                sender=self.sender,
                to=mail.address(letter.address or ""),
                subject=content.subject,
                text=said.text,
                html=said.html,
                calendar=calendar_file(
                    diary, organiser=self.sender.addr_spec, written_at=letter.posted_at
                )
                if diary
                else None,
                unsubscribe=self._path(one_click_path, letter.subscription_id),
                reference=reference(letter),
            )
        )

    def note(self, letter: PickedUp) -> Note:
        """The text message, or the letter on paper with the name above the address."""
        content, said = self.said(letter)
        to = letter.address or ""
        if letter.channel is Channel.SMS:
            body = text_message(content.short or content.subject, link=self.link(letter))
        else:
            body = self.on_paper(said)
            to = "\n".join((one_line(letter.name or ""), to))
        return Note(to=to, reference=reference(letter), subject=content.subject, body=body)

    def on_paper(self, said: Words) -> str:
        """What stands on paper: whoever cannot type a link rings."""
        if self.phone is None:
            return said.text
        return f"{said.text}\nIf you would rather talk to somebody, please ring {self.phone}.\n"

    def _path(self, path: Callable[[bytes, UUID], str], about: UUID | None) -> str | None:
        return f"{self.portal_url}/{path(self.link_key, about)}" if about else None


def stationery_of(runtime: Runtime) -> Stationery:
    """The stationery of a running service."""
    return Stationery.of(runtime.settings)


def reference(letter: PickedUp) -> str:
    """By this it is found when somebody shows it."""
    return f"{letter.letter_id}.{letter.resent}"
