"""Letters that lie in a folder of ours, of people who were forgotten since: they go as well."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_binary_file, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from uuid import UUID

import structlog

from pdu_shared.again import rounds
from pdu_shared.database import Database
from pdu_shared.identity import person_id
from pdu_shared.runtime import Runtime
from pdu_shared.settings import Settings
from pdu_shared.sinks import folder_of

log = structlog.get_logger()

LOOK_EVERY = 2.0
LATE = timedelta(days=30)
GENERATIONS = 4
"""So often an address may have been forgotten before."""


def folders_of(settings: Settings) -> list[Path]:
    """Where letters lie on this machine: the development post box, and a Maildir that we fill."""
    found = [settings.post_box] if settings.post_box else []
    if settings.mail_url and settings.mail_url.startswith("maildir:"):
        found.append(folder_of(settings.mail_url.removeprefix("maildir:"), "PDU_MAIL_URL"))
    return found


async def forget_delivered(runtime: Runtime) -> None:
    """Delete letters of people who were forgotten, for ever; nothing to do where none lie here."""
    folders = folders_of(runtime.settings)
    dealt_with: set[UUID] = set()

    async def one() -> bool:
        if folders:
            erased = await _erased(runtime.database)
            fresh = {one: at for one, at in erased.items() if one not in dealt_with}
            if fresh:
                await asyncio.to_thread(forget_in, folders, runtime.person_key, fresh)
                dealt_with.update(fresh)
        return False

    await rounds(one, name="delivered", rest=LOOK_EVERY)


def forget_in(folders: Sequence[Path], key: bytes, erased: Mapping[UUID, datetime]) -> int:
    """Delete what went to somebody before they were forgotten; how many letters.

    What came later is for whoever the address is now. A file that cannot be read is left.
    """
    gone = 0
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        try:
            came_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            theirs = [one for one in _persons(path, key) if one in erased]
        except OSError:
            continue
        if any(came_at <= erased[one] for one in theirs):
            path.unlink(missing_ok=True)
            gone += 1
    if gone:
        log.info("delivered letters of people who were forgotten are deleted", letters=gone)
    return gone


def _persons(path: Path, key: bytes) -> Iterator[UUID]:
    """Everybody to whom a letter went, as whoever they were."""
    with path.open("rb") as file:
        message = message_from_binary_file(file, EmailMessage, policy=policy.default)
    lines = [
        str(line)
        for name in ("delivered-to", "to", "x-original-to")
        for line in message.get_all(name) or ()
    ]
    for _, address in getaddresses(lines):
        for generation in range(GENERATIONS):
            try:
                yield person_id(key, address, generation)
            except ValueError:
                break


async def _erased(database: Database) -> dict[UUID, datetime]:
    rows = await database.pool.fetch(
        "SELECT person_id, erased_at FROM person_erased WHERE erased_at > $1",
        datetime.now(UTC) - LATE,
    )
    return {row["person_id"]: row["erased_at"] for row in rows}
