"""What somebody did, as rows: what they learned and came to, and what else there is of them."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from pdu_resources.rules.learning_record import Entry, Kind
from pdu_shared.database import Conn

MOST = 1000


async def entries_of(conn: Conn, person_ids: Sequence[UUID]) -> list[Entry]:
    """What somebody learned and came to, the newest first: at most 1000 entries."""
    rows = await conn.fetch(
        """
        SELECT 'module' AS kind, module_key AS ref, module_version.title, started_at, completed_at,
               module_version.minutes::integer AS minutes, code
          FROM module_progress
          JOIN module USING (module_id)
          JOIN module_version ON module_version.module_id = module_progress.module_id
                             AND module_version.version = module_progress.version
          LEFT JOIN module_certificate USING (progress_id)
         WHERE person_id = ANY ($1::uuid[])
         UNION ALL
        SELECT 'pathway', pathway_key, pathway.title, started_at, completed_at, NULL, code
          FROM enrolment JOIN pathway USING (pathway_id) LEFT JOIN badge USING (enrolment_id)
         WHERE person_id = ANY ($1::uuid[])
         UNION ALL
        SELECT 'learning_event', came.learning_event_id::text, hub_event.title,
               (SELECT min(starts_at) FROM hub_session
                 WHERE hub_session.learning_event_id = came.learning_event_id),
               (SELECT max(ends_at) FROM hub_session
                 WHERE hub_session.learning_event_id = came.learning_event_id),
               (SELECT (max(hours) * 60)::integer FROM my_event_certificate AS held
                 WHERE held.learning_event_id = came.learning_event_id
                   AND held.person_id = ANY ($1::uuid[]) AND holds),
               NULL
          FROM (SELECT DISTINCT learning_event_id FROM attendance
                 WHERE person_id = ANY ($1::uuid[]) AND came) AS came
          JOIN hub_event ON hub_event.learning_event_id = came.learning_event_id
         ORDER BY completed_at DESC NULLS FIRST, ref
         LIMIT $2
        """,
        list(person_ids),
        MOST,
    )
    return [Entry(**{**row, "kind": Kind(row["kind"])}) for row in rows]


async def bookings_of(conn: Conn, person_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """Somebody's bookings, those that begin last first; 100 at most."""
    return await conn.fetch(
        """
        SELECT booking_id, my_booking.learning_event_id, title, my_booking.state, booked_on,
               hub_event.state AS event_state,
               (SELECT min(starts_at) FROM hub_session
                 WHERE hub_session.learning_event_id = my_booking.learning_event_id) AS starts_at,
               EXISTS (SELECT FROM attendance
                        WHERE attendance.learning_event_id = my_booking.learning_event_id
                          AND attendance.person_id = ANY ($1::uuid[]) AND came) AS came
          FROM my_booking LEFT JOIN hub_event USING (learning_event_id)
         WHERE person_id = ANY ($1::uuid[])
         ORDER BY starts_at DESC NULLS FIRST, booking_id
         LIMIT 100
        """,
        list(person_ids),
    )


async def looked_at(conn: Conn, person_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """What somebody looked at or took along of late: each thing once, 20 at most."""
    return await conn.fetch(
        """
        SELECT item_key, title, type, max(happened_at) AS last_at
          FROM activity JOIN item USING (item_id) LEFT JOIN library_item USING (item_key)
         WHERE person_id = ANY ($1::uuid[]) AND action IN ('viewed', 'downloaded')
         GROUP BY item_key, title, type
         ORDER BY last_at DESC
         LIMIT 20
        """,
        list(person_ids),
    )
