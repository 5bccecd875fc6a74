"""What leaves another way than by e-mail: text messages, and letters on paper.

Two things take them: a provider (`notify_note.py`) and a folder (`note_folder.py`).
"""

from dataclasses import dataclass
from typing import Protocol

from pdu_shared.handover import Mark, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What one person receives on their telephone or through their door."""

    to: str
    """A number as +447700900123, or the lines of a postal address with the name on the first."""
    reference: str
    """By this we and whoever takes it know it: the same at every attempt."""
    subject: str
    body: str


class NoteSink(Protocol):
    """Where notes are handed over. Whatever takes them can be asked what it took."""

    async def send(self, note: Note, *, before_data: Mark) -> Outcome:
        """Hand the note over; `before_data` runs just before, as for letters by e-mail."""

    async def has_gone(self, note: Note) -> bool | None:
        """Whether it was taken over at an earlier attempt; None when nobody says."""

    async def close(self) -> None:
        """Let go of what is kept open."""
