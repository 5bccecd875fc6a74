"""Whose turn it is: not too many letters to one person, however many postmen there are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pdu_notifications.manners import manners
from pdu_notifications.rules.courtesy import LONGEST_LOOK_BACK, Quiet, room_at
from pdu_notifications.same_person import ids_of
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

SOON = timedelta(minutes=1)
"""When what became of a letter that is on its way will be known."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter of a list that a postman would take."""

    letter_id: UUID
    person_id: UUID
    list: MailingList
    kind: str


async def not_before(
    conn: Conn, letter: Asked, *, now: datetime, quiet: Quiet | None
) -> tuple[str, datetime]:
    """Why and until when a letter waits; a time that is not ahead of us when it may go.

    Nobody else decides about a letter to the same person until the end of the transaction.
    """
    ids = sorted(await ids_of(conn, letter.person_id))
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 50))", str(ids[0]))
    caps, quiet = await manners(conn, quiet)
    # Only now: what another postman has just taken is seen by a statement that begins later.
    rows = await conn.fetch(
        """
        SELECT list, changed_at, state = 'sent' AS sent
          FROM letter
         WHERE person_id = ANY ($1::uuid[]) AND list IS NOT NULL AND letter_id <> $2
           AND (state = 'sent' AND changed_at > $3
                OR state IN ('sending', 'in_doubt') AND next_at > $4)
         UNION ALL
        SELECT list, bulletin_copy.changed_at, true
          FROM bulletin_copy JOIN bulletin_issue USING (issue_id)
         WHERE person_id = ANY ($1::uuid[]) AND bulletin_copy.state = 'sent'
           AND bulletin_copy.changed_at > $3
        """,
        ids,
        letter.letter_id,
        now - LONGEST_LOOK_BACK,
        now,
    )
    taken = [(MailingList(row["list"]), row["changed_at"]) for row in rows]
    gone = [one for one, row in zip(taken, rows, strict=True) if row["sent"]]
    if (room := room_at(letter.list, gone, now=now, kind=letter.kind, caps=caps)) > now:
        return "frequency_cap", room
    if room_at(letter.list, taken, now=now, kind=letter.kind, caps=caps) > now:
        return "frequency_cap", now + SOON
    return "quiet_hours", quiet.over_at(now) if quiet else now
