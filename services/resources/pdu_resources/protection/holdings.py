"""What is kept about people's rights themselves, for how long, and how it is forgotten."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pdu_resources.protection.consent import ConsentChannel, take_back
from pdu_resources.protection.download import KEPT_FOR, forget_archives
from pdu_shared.database import Conn
from pdu_shared.holding import Holding
from pdu_shared.retention import Retention


async def withdraw_consents(conn: Conn, person_ids: Sequence[UUID], now: datetime) -> int:
    """End all that whoever is forgotten agreed to."""
    return await take_back(conn, person_ids, None, ConsentChannel.HUB, now=now)


HOLDINGS = (
    Holding(
        table="consent",
        words="What you agreed to, and in which words",
        copy="""
            SELECT purpose, version, wording, channel, given_at, withdrawn_at
              FROM consent JOIN consent_wording USING (purpose, version)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY consent_id
            """,
        forget=withdraw_consents,
        stays="Evidence that there was consent, under an id that no longer leads to anybody.",
    ),
    Holding(
        table="rights_request",
        words="What you asked us about your data",
        copy="""
            SELECT kind, state, asked_at, due_on, extended_because, refused_because, done_at
              FROM rights_request
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY request_id
            """,
        stays="Evidence that we did what you asked, under an id that no longer leads to anybody.",
        also=("archive_link",),
    ),
    Holding(
        table="rights_answer",
        words="Copies of your data that were gathered for you",
        forget="""
            UPDATE rights_answer SET content = NULL
              FROM rights_request AS request
             WHERE request.request_id = rights_answer.request_id
               AND person_id = ANY ($1::uuid[]) AND content IS NOT NULL
            """,
    ),
    Holding(
        table="erasure_hold",
        words="Why we could not forget you yet",
        copy="""
            SELECT because, reference, placed_at, released_at
              FROM erasure_hold
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays="Evidence of why an erasure had to wait.",
    ),
)

SCHEDULE = (
    Retention(
        data_class="resources.data_archive",
        keeps="Copies of somebody's data that were gathered for them",
        kept_for=KEPT_FOR,
        counted_from="gathering them",
        apply=forget_archives,
    ),
)
