"""What organisations do with collections: take them for their own staff, and pass them on."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.library.collection import CollectionListed
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.local_time import local_day
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["collections"])


class Share(Form):
    """To whom it was passed on: a code such as `front_line_staff`, `team_meeting` or `managers`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"audience": "team_meeting"}]})

    audience: Annotated[Code, Field(description="Of the list of audiences of dissemination")]


class Passed(BaseModel):
    """It is counted."""

    share_id: UUID


class Shared(BaseModel):
    """How often a collection was passed on, and to whom."""

    total: int
    audiences: dict[str, int]


class ForStaff(BaseModel):
    """What an organisation has taken for its staff."""

    organisation_id: UUID
    collections: list[CollectionListed]


@router.put("/collections/{collection_key}/adoption", status_code=204)
async def adopt(collection_key: Code, database: Store, caller: Who, now: Now) -> None:
    """Take a collection for your own staff, such as a pack for new colleagues. Twice is once."""
    organisation_id = _organisation(caller)
    async with transaction(database) as conn:
        await _published(conn, collection_key)
        await conn.execute(
            """
            INSERT INTO collection_adoption (collection_key, organisation_id, adopted_at)
            VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
            """,
            collection_key,
            organisation_id,
            now,
        )


@router.delete("/collections/{collection_key}/adoption", status_code=204)
async def give_up(collection_key: Code, database: Store, caller: Who) -> None:
    """Use a collection no more. Twice is once."""
    organisation_id = _organisation(caller)
    async with transaction(database) as conn:
        await conn.execute(
            """
            DELETE FROM collection_adoption WHERE collection_key = $1 AND organisation_id = $2
            """,
            collection_key,
            organisation_id,
        )


@router.get("/library/for-my-staff")
async def for_staff(database: Store, caller: Who) -> ForStaff:
    """What your organisation has taken for its staff: to be read, not to be changed."""
    organisation_id = _organisation(caller)
    rows = await database.pool.fetch(
        """
        SELECT collection_key::text, kind, title, summary,
               (SELECT count(*) FROM collection_item JOIN library_item USING (item_id)
                 WHERE collection_item.collection_key = collection.collection_key
                   AND state = 'published') AS items
          FROM collection_adoption JOIN collection USING (collection_key)
         WHERE organisation_id = $1 AND published
         ORDER BY title, collection_key
        """,
        organisation_id,
    )
    return ForStaff(
        organisation_id=organisation_id, collections=[CollectionListed(**row) for row in rows]
    )


@router.post("/collections/{collection_key}/shares", status_code=201, response_model=Passed)
async def share(
    collection_key: Code, form: Share, database: Store, asked: Asked, now: Now
) -> Response:
    """Say that you passed this on to somebody. It is counted; who did it is not kept."""
    use_case = partial(_share, collection_key=collection_key, form=form, day=local_day(now))
    return await once(database, asked, use_case)


@router.get("/collections/{collection_key}/shares")
async def shares(collection_key: Code, database: Store) -> Shared:
    """How often a collection was passed on, and to whom."""
    async with database.pool.acquire(timeout=5) as conn:
        await _published(conn, collection_key)
        rows = await conn.fetch(
            """
            SELECT audience, count(*) AS times FROM collection_share
             WHERE collection_key = $1 GROUP BY audience ORDER BY audience
            """,
            collection_key,
        )
    told = {row["audience"]: row["times"] for row in rows}
    return Shared(total=sum(told.values()), audiences=told)


async def _share(conn: Conn, *, collection_key: str, form: Share, day: date) -> Answer:
    await _published(conn, collection_key)
    share_id = uuid7()
    await conn.execute(
        """
        INSERT INTO collection_share (share_id, collection_key, audience, shared_on)
        VALUES ($1, $2, $3, $4)
        """,
        share_id,
        collection_key,
        form.audience,
        day,
    )
    return Answer.of(Passed(share_id=share_id))


def _organisation(caller: Caller) -> UUID:
    if caller.organisation_id is None:
        raise Conflict("Your sign-in does not say for which organisation you speak.")
    return caller.organisation_id


async def _published(conn: Conn, collection_key: str) -> None:
    if not await conn.fetchval(
        "SELECT published FROM collection WHERE collection_key = $1", collection_key
    ):
        raise NotFound
