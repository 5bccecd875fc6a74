"""The outcomes map as it is kept."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pdu_shared.database import Conn
from pdu_shared.identity import uuid7


async def upsert_partner(
    conn: Conn, partner_id: UUID, partner: str, columns: Mapping[str, Any]
) -> None:
    """Keep what the map shows of a partner; columns in the order of the form."""
    await conn.execute(
        """
        INSERT INTO boundary_partner (partner_id, partner, label, kind, reached_through, outcome,
                                      mechanism, valid_from, valid_to)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (partner_id) DO UPDATE
           SET label = excluded.label, kind = excluded.kind,
               reached_through = excluded.reached_through, outcome = excluded.outcome,
               mechanism = excluded.mechanism, valid_from = excluded.valid_from,
               valid_to = excluded.valid_to
        """,
        partner_id,
        partner,
        *columns.values(),
    )


async def keep_markers(conn: Conn, partner_id: UUID, markers: Sequence[tuple[str, str]]) -> None:
    """Keep the markers (level, wording) of a partner; others are used no more."""
    await conn.execute(
        "UPDATE progress_marker SET retired = true WHERE partner_id = $1", partner_id
    )
    await conn.executemany(
        """
        INSERT INTO progress_marker (marker_id, partner_id, level, wording, place)
        VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (partner_id, wording) DO UPDATE
           SET level = excluded.level, place = excluded.place, retired = false
        """,
        [
            (uuid7(), partner_id, level, wording, place)
            for place, (level, wording) in enumerate(markers, start=1)
        ],
    )


async def partners_of(conn: Conn) -> list[dict[str, Any]]:
    """Every partner with the markers that are in use, and what was seen of each."""
    rows = await conn.fetch("""
        SELECT partner_id, partner, label, kind, reached_through, outcome, mechanism, valid_from,
               valid_to,
               coalesce((SELECT jsonb_agg(jsonb_build_object(
                                   'marker_id', marker_id, 'level', level, 'wording', wording,
                                   'seen', found.seen, 'not_seen', found.not_seen,
                                   'last_observed_on', found.last_on) ORDER BY place)
                           FROM progress_marker AS marker
                          CROSS JOIN LATERAL (
                                SELECT count(*) FILTER (WHERE seen)     AS seen,
                                       count(*) FILTER (WHERE NOT seen) AS not_seen,
                                       max(observed_on)                 AS last_on
                                  FROM marker_observation
                                 WHERE marker_observation.marker_id = marker.marker_id) AS found
                          WHERE marker.partner_id = boundary_partner.partner_id
                            AND NOT retired), '[]') AS markers
          FROM boundary_partner
         ORDER BY partner
        """)
    return [{**row, "markers": json.loads(row["markers"])} for row in rows]
