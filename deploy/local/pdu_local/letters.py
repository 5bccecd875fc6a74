"""Letters in the post box: one file each, as they came over SMTP."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from pathlib import Path

STAMP = "%Y%m%dT%H%M%S.%fZ"
NAME = re.compile(r"[0-9]{8}T[0-9]{6}\.[0-9]{6}Z-[0-9a-f]{8}")
MOST = 200


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to be read."""

    letter_id: str
    arrived_at: datetime
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Its subject, or what to call it without one."""
        return str(self.message.get("subject") or "(no subject)")

    @property
    def sender(self) -> str:
        """Who it says it is from."""
        return str(self.message.get("from") or "")

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom it was delivered to, which is not always whom it names."""
        return tuple(map(str, self.message.get_all("delivered-to") or ()))

    @property
    def text(self) -> str:
        """Its plain text; empty if it has none."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """Its HTML; empty if it has none."""
        return self._body("html")

    @property
    def attachments(self) -> list[Attachment]:
        """The files that came with it."""
        return [
            Attachment(
                name=part.get_filename() or f"attachment-{number}",
                media_type=part.get_content_type(),
                content=_content(part),
            )
            for number, part in enumerate(self.message.iter_attachments(), start=1)
        ]

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        if part is None:
            return ""
        try:
            return str(part.get_content())
        except (LookupError, UnicodeError):
            return _content(part).decode(errors="replace")


def keep(folder: Path, content: bytes, recipients: list[str]) -> str:
    """Put a letter into the box and return its id."""
    letter_id = f"{datetime.now(UTC):{STAMP}}-{secrets.token_hex(4)}"
    stamps = "".join(f"Delivered-To: {address}\r\n" for address in recipients)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{letter_id}.new"
    fresh.write_bytes(stamps.encode() + content)
    fresh.rename(folder / f"{letter_id}.eml")
    return letter_id


def newest(folder: Path, to: str | None = None) -> Iterator[Letter]:
    """The letters of the box, newest first, or those to one address; at most 200."""
    found = 0
    for path in sorted(folder.glob("*.eml"), reverse=True):
        letter = find(folder, path.stem)
        if letter and (to is None or to.lower() in map(str.lower, letter.recipients)):
            yield letter
            found += 1
        if found == MOST:
            return


def find(folder: Path, letter_id: str) -> Letter | None:
    """The letter with this id; none if there is none, or somebody took it away."""
    if not NAME.fullmatch(letter_id):
        return None
    try:
        content = (folder / f"{letter_id}.eml").read_bytes()
    except FileNotFoundError:
        return None
    arrived_at = datetime.strptime(letter_id.rpartition("-")[0], STAMP).replace(tzinfo=UTC)
    message = message_from_bytes(content, EmailMessage, policy=policy.default)
    return Letter(letter_id, arrived_at, message)


def _content(part: MIMEPart) -> bytes:
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else part.as_bytes()
