"""Accounts of the hub, as records of the past have them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pdu_resources.member.description import Profile, faults_in, member_registered
from pdu_resources.rules.project_year import local_date
from pdu_resources.vocabulary import taxonomy
from pdu_shared import outbox
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, LocalMoment
from pdu_shared.identity import canonical_address, organisation_id
from pdu_shared.outbox import Promise
from pdu_shared.persons import persons_of
from pdu_shared.problems import Refused
from pdu_shared.rows import Row
from pdu_shared.runtime import Runtime


class MemberRow(Profile, Row):
    """One account. Their name is not told, and nobody is written to."""

    person_email: EmailAddress
    registered_at: LocalMoment

    @property
    def key(self) -> str:
        """One person, whatever letters their address is written in."""
        return canonical_address(self.person_email)


async def take_members(conn: Conn, rows: Sequence[MemberRow], here: Runtime) -> int:
    """Keep members as they were at their registration, and tell of those new or another.

    Somebody who registered here stays as they are. Raises Refused for words that are in no list.
    """
    lists = await taxonomy.codes(conn)
    for row in rows:
        if faults := faults_in(row, lists):
            raise Refused(errors=faults)
    people = await persons_of(conn, here.person_key, [row.person_email for row in rows])
    members = dict(zip(people, rows, strict=True))
    changed = await _upsert(conn, members)
    await outbox.add(conn, *(_told(person_id, members[person_id]) for person_id in changed))
    return len(changed)


def _told(person_id: UUID, row: MemberRow) -> Promise:
    registered = member_registered(row, person_id, local_date(row.registered_at))
    return Promise(registered, happened_at=row.registered_at)


async def _upsert(conn: Conn, members: dict[UUID, MemberRow]) -> list[UUID]:
    """Those that were new, or another."""
    rows: list[tuple[Any, ...]] = [
        (
            person_id,
            row.person_email,
            row.organisation,
            row.sector,
            row.work_field,
            row.role_level,
            row.area,
            row.registered_at,
            local_date(row.registered_at),
            organisation_id(row.organisation) if row.organisation else None,
        )
        for person_id, row in members.items()
    ]
    changed = await conn.fetch(
        """
        INSERT INTO member AS kept (person_id, address, organisation, sector, work_field,
                                    role_level, area, registered_at, registered_on,
                                    organisation_id)
        SELECT *
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                      $7::text[], $8::timestamptz[], $9::date[], $10::uuid[])
            ON CONFLICT (person_id) DO UPDATE
           SET organisation = excluded.organisation,
               organisation_id = excluded.organisation_id, sector = excluded.sector,
               work_field = excluded.work_field, role_level = excluded.role_level,
               area = excluded.area, registered_at = excluded.registered_at,
               registered_on = excluded.registered_on
         WHERE kept.name IS NULL
           AND (kept.organisation, kept.sector, kept.work_field, kept.role_level, kept.area,
                kept.registered_at)
               IS DISTINCT FROM (excluded.organisation, excluded.sector, excluded.work_field,
                                 excluded.role_level, excluded.area, excluded.registered_at)
        RETURNING person_id
        """,
        *[list(column) for column in zip(*rows, strict=True)],
    )
    return [row["person_id"] for row in changed]
