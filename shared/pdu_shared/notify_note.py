"""Hands text messages and letters on paper to a provider with the interface of GOV.UK Notify."""

from typing import Any, Literal

from pdu_shared.handover import Mark, Outcome
from pdu_shared.note import Note
from pdu_shared.notify import Provider

MOST_LINES = 7
"""Of a postal address, as the provider takes them."""


class NotifyNotes:
    """Notes through a provider, by the template that it has for their kind.

    That of text messages is `((body))`; that of letters has `((subject))` as its heading, too.
    """

    def __init__(self, provider: Provider, kind: Literal["sms", "letter"], template: str) -> None:
        self._provider = provider
        self._kind = kind
        self._template = template

    async def send(self, note: Note, *, before_data: Mark) -> Outcome:
        """Hand the note over."""
        await before_data()
        return await self._provider.hand_over(self._kind, self._asked(note))

    async def has_gone(self, note: Note) -> bool | None:
        """Ask the provider for our reference; None when it does not answer."""
        found = await self._provider.found(reference=note.reference)
        return None if found is None else bool(found)

    async def close(self) -> None:
        """Close the connections."""
        await self._provider.close()

    def _asked(self, note: Note) -> dict[str, Any]:
        asked: dict[str, Any] = {"template_id": self._template, "reference": note.reference}
        if self._kind == "sms":
            return {**asked, "phone_number": note.to, "personalisation": {"body": note.body}}
        lines = note.to.split("\n")[:MOST_LINES]
        address = {f"address_line_{at}": line for at, line in enumerate(lines, start=1)}
        said = {**address, "subject": note.subject, "body": note.body}
        return {**asked, "personalisation": said}
