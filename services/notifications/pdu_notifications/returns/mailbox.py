"""The mailbox to which letters come back: a Maildir folder, or a folder of an IMAP server."""

import asyncio
import imaplib
import ssl
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pdu_notifications.rules.report import LARGEST
from pdu_shared.settings import BadSettings, Settings
from pdu_shared.sinks import folder_of

SECONDS = 30
PORTS = {"imaps": 993, "imap+plain": 143}


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail in the box; of one that is too large only the beginning."""

    name: str
    raw: bytes


class Mailbox(Protocol):
    """Where mail is read, one after another."""

    async def next(self) -> Mail | None:
        """The next mail that nobody has looked at; None when there is none."""

    async def throw_away(self, mail: Mail) -> None:
        """Take it out: it was understood, and its address need not lie about."""

    async def leave(self, mail: Mail) -> None:
        """Leave it there, marked, for a person to read."""

    async def close(self) -> None:
        """Let go of what is open, until the next look."""


class MaildirBox:
    """A folder in which a mail server puts mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def next(self) -> Mail | None:
        """The mail that came first."""
        return await asyncio.to_thread(self._next)

    async def throw_away(self, mail: Mail) -> None:
        """Delete its file."""
        (self._folder / "new" / mail.name).unlink(missing_ok=True)

    async def leave(self, mail: Mail) -> None:
        """Put it among those that were seen, with a flag."""
        seen = self._folder / "cur"
        seen.mkdir(exist_ok=True, mode=0o700)
        (self._folder / "new" / mail.name).rename(seen / f"{mail.name}:2,FS")

    async def close(self) -> None:
        """Nothing is open."""

    def _next(self) -> Mail | None:
        new = self._folder / "new"
        for path in sorted(new.iterdir()) if new.is_dir() else []:
            with path.open("rb") as file:
                return Mail(path.name, file.read(LARGEST + 1))
        return None


class ImapBox:
    """A folder of an IMAP server."""

    def __init__(self, url: str, password: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or not parts.username:
            raise BadSettings("PDU_BOUNCE_MAILBOX has the form imaps://user@host/INBOX.")
        if parts.scheme == "imap+plain" and not ip_address(parts.hostname).is_loopback:
            raise BadSettings("PDU_BOUNCE_MAILBOX: imap+plain:// is for 127.0.0.1 only.")
        self._parts, self._host = parts, parts.hostname
        self._user, self._password = unquote(parts.username), password
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._open: imaplib.IMAP4 | None = None

    async def next(self) -> Mail | None:
        """The mail that came first among those that are not seen."""
        return await asyncio.to_thread(self._next)

    async def throw_away(self, mail: Mail) -> None:
        """Delete it for good."""
        await asyncio.to_thread(self._mark, mail, r"(\Seen \Deleted)")

    async def leave(self, mail: Mail) -> None:
        """Mark it as seen and flagged."""
        await asyncio.to_thread(self._mark, mail, r"(\Seen \Flagged)")

    async def close(self) -> None:
        """Delete what was marked for it, and log out."""
        if (box := self._open) is not None:
            self._open = None
            await asyncio.to_thread(_leave, box)

    def _next(self) -> Mail | None:
        if self._open is None:
            self._open = self._log_in()
        _, [found] = self._open.uid("search", "UNSEEN", "UNDELETED")
        numbers = (found or b"").split()
        if not numbers:
            return None
        number = numbers[0].decode("ascii")
        _, parts = self._open.uid("fetch", number, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), b"")
        return Mail(number, raw)

    def _mark(self, mail: Mail, flags: str) -> None:
        assert self._open is not None, "a mail is marked while its box is open"
        done, _ = self._open.uid("store", mail.name, "+FLAGS", flags)
        if done != "OK":
            raise imaplib.IMAP4.error("not marked")

    def _log_in(self) -> imaplib.IMAP4:
        if self._parts.scheme == "imaps":
            box: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                self._host,
                self._parts.port or PORTS["imaps"],
                ssl_context=ssl.create_default_context(),
                timeout=SECONDS,
            )
        else:
            box = imaplib.IMAP4(self._host, self._parts.port or PORTS["imap+plain"], SECONDS)
        box.login(self._user, self._password)
        if box.select(_quoted(self._folder))[0] != "OK":
            box.logout()
            raise imaplib.IMAP4.error("there is no such folder")
        return box


def mailbox_of(settings: Settings) -> Mailbox | None:
    """The mailbox of the settings; None when none is named."""
    url = settings.bounce_mailbox
    if url is None:
        return None
    if not settings.bounce_address:
        raise BadSettings("PDU_BOUNCE_MAILBOX is read for PDU_BOUNCE_ADDRESS, which is not set.")
    if url.startswith("maildir:"):
        return MaildirBox(folder_of(url.removeprefix("maildir:"), "PDU_BOUNCE_MAILBOX"))
    return ImapBox(url, settings.secret("bounce_password"))


def _leave(box: imaplib.IMAP4) -> None:
    try:
        box.expunge()
        box.logout()
    except (OSError, imaplib.IMAP4.error):
        box.shutdown()


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
