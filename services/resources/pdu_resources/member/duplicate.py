"""Accounts that may be of one person: found with reasons, and set aside when they are not."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from pdu_resources.member.listing import KIND
from pdu_resources.rules.likeness import Known, Reason, reasons
from pdu_shared import reads
from pdu_shared.access import Who
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["persons"])

CANDIDATES = 500


class Account(BaseModel):
    """One of two accounts, and how much hangs on it."""

    person_id: UUID
    name: str
    address: str
    organisation: str | None
    registered_at: datetime
    activities: int
    invitations: int
    attendances: int


class Standing(Account):
    """An account as it is judged."""

    organisation_id: UUID | None

    def known(self) -> Known:
        """What it is judged by."""
        organisation = str(self.organisation_id) if self.organisation_id else None
        return Known(name=self.name, address=self.address, organisation=organisation)


class Pair(BaseModel):
    """Two accounts that may be of one person: to be merged, or set aside."""

    older: Account
    younger: Account
    reasons: list[Reason] = Field(description="The strongest first")


class Pairs(BaseModel):
    """Pairs of accounts, those with most reasons first."""

    items: list[Pair]


@router.get("/coordinator/duplicates")
async def duplicates(
    database: Store,
    caller: Who,
    now: Now,
    of: Annotated[UUID | None, Query(description="Only those with this account")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Pairs:
    """Accounts that may be of one person, and why. Whose were read, and by whom, is kept."""
    async with transaction(database) as conn:
        pairs = [pair for row in await _candidates(conn, of) if (pair := _judged(row)).reasons]
        pairs.sort(key=lambda pair: (-len(pair.reasons), list(Reason).index(pair.reasons[0])))
        shown = {one.person_id for pair in pairs[:limit] for one in (pair.older, pair.younger)}
        await reads.note(conn, caller, kind=KIND, of_ids=sorted(shown), why="duplicates", now=now)
    return Pairs(items=pairs[:limit])


@router.put("/coordinator/duplicates/{one_id}/{other_id}/set-aside", status_code=204)
async def set_aside(one_id: UUID, other_id: UUID, database: Store, now: Now) -> None:
    """Take two accounts for those of two persons: they are not shown as a pair any more."""
    if one_id == other_id:
        raise Conflict("Name two accounts.")
    try:
        await database.pool.execute(
            """
            INSERT INTO not_the_same_person (one_id, other_id, said_at)
            VALUES (least($1::uuid, $2), greatest($1, $2::uuid), $3)
                ON CONFLICT DO NOTHING
            """,
            one_id,
            other_id,
            now,
        )
    except asyncpg.ForeignKeyViolationError:
        raise NotFound from None


def _judged(row: asyncpg.Record) -> Pair:
    older, younger = (Standing.model_validate_json(row[which]) for which in ("older", "younger"))
    return Pair(
        older=Account(**older.model_dump(exclude={"organisation_id"})),
        younger=Account(**younger.model_dump(exclude={"organisation_id"})),
        reasons=reasons(older.known(), younger.known()),
    )


async def _candidates(conn: Conn, of: UUID | None) -> list[asyncpg.Record]:
    """Pairs that are worth a look: with a name, or a part of the address, in common."""
    return await conn.fetch(
        """
        WITH RECURSIVE up (name_id, organisation_id, merged_into) AS (
            SELECT name_id, organisation_id, merged_into
              FROM organisation_name JOIN organisation USING (organisation_id)
             UNION ALL
            SELECT name_id, organisation.organisation_id, organisation.merged_into
              FROM up JOIN organisation ON organisation.organisation_id = up.merged_into),
        kept (person_id, kept_id) AS (
            SELECT merged_id, kept_id FROM person_merge
             UNION
            SELECT kept.person_id, person_merge.kept_id
              FROM kept JOIN person_merge ON merged_id = kept.kept_id),
        last AS (
            SELECT person_id, kept_id FROM kept
             WHERE kept_id NOT IN (SELECT merged_id FROM person_merge)),
        account AS (
            SELECT member.person_id, name, address, organisation, registered_at,
                   coalesce(up.organisation_id, member.organisation_id) AS organisation_id,
                   coalesce(last.kept_id, member.person_id) AS kept_id,
                   replace(split_part(lower(address), '@', 1), '.', '') AS local_part,
                   (SELECT string_agg(word, ' ' ORDER BY word)
                      FROM regexp_split_to_table(
                           regexp_replace(normalize(lower(name), NFKD), '[^[:alnum:][:space:]]',
                                          '', 'g'), '[[:space:]]+') AS word
                     WHERE word <> '') AS words
              FROM member
              LEFT JOIN up ON name_id = member.organisation_id AND up.merged_into IS NULL
              LEFT JOIN last ON last.person_id = member.person_id
             WHERE name IS NOT NULL AND closed_at IS NULL),
        -- Only those that have something in common are compared: all with all takes too long.
        common AS (
            SELECT person_id, 'words' AS what, words AS key FROM account
             UNION ALL
            SELECT person_id, 'local part', local_part FROM account
             UNION ALL
            SELECT person_id, 'begins', left(local_part, 8) FROM account
             UNION ALL
            SELECT person_id, 'ends', right(local_part, 8) FROM account),
        pair AS (
            SELECT DISTINCT least(one.person_id, other.person_id) AS one_id,
                   greatest(one.person_id, other.person_id) AS other_id
              FROM common AS one JOIN common AS other USING (what, key)
             WHERE one.person_id <> other.person_id AND ($1::uuid IS NULL OR one.person_id = $1)),
        chosen AS (
            SELECT older.person_id AS older_id, younger.person_id AS younger_id,
                   younger.registered_at
              FROM pair
              JOIN account AS older ON older.person_id IN (one_id, other_id)
              JOIN account AS younger
                ON younger.person_id IN (one_id, other_id)
               AND (older.registered_at, older.person_id)
                   < (younger.registered_at, younger.person_id)
             WHERE older.kept_id <> younger.kept_id
               AND NOT EXISTS (SELECT FROM not_the_same_person AS apart
                                WHERE (apart.one_id, apart.other_id)
                                      = (pair.one_id, pair.other_id))
             ORDER BY younger.registered_at DESC, younger_id, older_id
             LIMIT $2),
        described AS (
            SELECT account.*,
                   (SELECT count(*) FROM activity WHERE person_id = account.person_id)
                   AS activities,
                   (SELECT count(*) FROM invitation WHERE person_id = account.person_id)
                   AS invitations,
                   (SELECT count(*) FROM attendance WHERE came AND person_id = account.person_id)
                   AS attendances
              FROM account
             WHERE person_id IN (SELECT older_id FROM chosen UNION SELECT younger_id FROM chosen))
        SELECT to_jsonb(older)::text AS older, to_jsonb(younger)::text AS younger
          FROM chosen
          JOIN described AS older   ON older.person_id = older_id
          JOIN described AS younger ON younger.person_id = younger_id
         ORDER BY chosen.registered_at DESC, younger_id, older_id
        """,
        of,
        CANDIDATES,
    )
