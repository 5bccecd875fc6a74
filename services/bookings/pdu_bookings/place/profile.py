"""What members told the hub of themselves: a copy, so that nobody is asked twice."""

from dataclasses import dataclass
from uuid import UUID

from pdu_shared.contracts.resources.member import (
    MemberClosed,
    MemberProfileChanged,
    MemberRegistered,
)
from pdu_shared.database import Conn
from pdu_shared.listening import AlsoOfThePast


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who somebody is, as far as they told the hub or said when they last booked."""

    sector: str | None = None
    work_field: str | None = None
    role_level: str | None = None
    area: str | None = None
    organisation: str | None = None
    organisation_id: UUID | None = None


async def keep_profile(
    conn: Conn, message: AlsoOfThePast[MemberRegistered | MemberProfileChanged | MemberClosed]
) -> None:
    """Keep what a member is now; of somebody who left the hub, nothing."""
    if isinstance(message, MemberClosed):
        await conn.execute("DELETE FROM member_profile WHERE person_id = $1", message.person_id)
        return
    await conn.execute(
        """
        INSERT INTO member_profile (person_id, sector, work_field, role_level, area,
                                    organisation_id)
        VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (person_id) DO UPDATE
           SET sector = excluded.sector, work_field = excluded.work_field,
               role_level = excluded.role_level, area = excluded.area,
               organisation_id = excluded.organisation_id
        """,
        message.person_id,
        message.sector,
        message.work_field,
        message.role_level,
        message.area,
        message.organisation_id,
    )


async def profile_of(conn: Conn, person_id: UUID | None) -> Profile:
    """What is known of a person: of the hub first, else as they were when they last booked.

    The name of an organisation is known from a booking, or from the registry; its id from the hub.
    """
    row = await conn.fetchrow(
        """
        SELECT coalesce(member.sector, last.sector) AS sector,
               coalesce(member.work_field, last.work_field) AS work_field,
               coalesce(member.role_level, last.role_level) AS role_level,
               coalesce(member.area, last.area) AS area,
               CASE WHEN member.organisation_id IS NULL
                      OR member.organisation_id = last.organisation_id
                    THEN last.organisation
                    ELSE (SELECT canonical_name
                            FROM organisation
                            LEFT JOIN organisation_alias ON merged_id = member.organisation_id
                           WHERE organisation.organisation_id
                                 = coalesce(kept_id, member.organisation_id))
                END AS organisation,
               coalesce(member.organisation_id, last.organisation_id) AS organisation_id
          FROM (SELECT $1::uuid AS person_id) AS asked
          LEFT JOIN member_profile AS member USING (person_id)
          LEFT JOIN LATERAL (
               SELECT sector, work_field, role_level, area, organisation, organisation_id
                 FROM booking
                WHERE booking.person_id = $1
                ORDER BY booking_id DESC
                LIMIT 1) AS last ON true
        """,
        person_id,
    )
    assert row is not None, "an answer without a table has one row"
    return Profile(**row)
