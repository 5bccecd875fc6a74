"""What becomes of a letter that is handed over, and what takes letters: a mail server or another.

Three things take them: SMTP (`smtp.py`), a folder (`maildir.py`) and a provider (`notify.py`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Accepted:
    """The letter has been taken over."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now: nothing was handed over, and a later attempt may do better. 0 is no answer."""

    code: int = 0
    status: str | None = None
    of_recipient: bool = field(default=False, compare=False)
    """Whether it was said of this recipient, and not of us or of the server itself."""


@dataclass(frozen=True, slots=True)
class Bounced:
    """The recipient is refused for good; `status` is such as 5.1.1 (RFC 3463)."""

    code: int
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """The letter is refused for good; its recipient may be in order."""

    code: int
    status: str | None = None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """No answer while the letter was handed over: it may have been sent or not."""


Outcome: TypeAlias = Accepted | Deferred | Bounced | Rejected | InDoubt
Mark: TypeAlias = Callable[[], Awaitable[None]]


class Sink(Protocol):
    """Where letters are handed over."""

    tells: bool
    """Whether it can be asked what it took over at an earlier attempt."""

    async def send(
        self, message: EmailMessage, *, envelope_sender: str, before_data: Mark
    ) -> Outcome:
        """Hand the message over for its one recipient.

        `before_data` runs just before the first byte of the letter goes out: whoever notes
        `in_doubt` there, and finds no outcome after a crash, knows that the letter may have been
        sent. What it raises stops the letter.
        """

    async def has_gone(self, message: EmailMessage) -> bool | None:
        """Whether this message was taken over at an earlier attempt; None when nobody says."""

    async def close(self) -> None:
        """Let go of what is kept open."""


def only_recipient(message: EmailMessage) -> str:
    """The one address that a message is for. ValueError when there are others."""
    recipients = [one for name in ("To", "Cc", "Bcc") for field in message.get_all(name, [])
                  for one in field.addresses]  # fmt: skip
    if len(recipients) != 1:
        raise ValueError("A letter has one recipient.")
    return str(recipients[0].addr_spec)
