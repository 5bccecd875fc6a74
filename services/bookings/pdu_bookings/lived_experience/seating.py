"""Who sits where in a session, with notes of who is better kept apart: private, and without why."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from pdu_bookings.lived_experience.auditing import note_read
from pdu_bookings.rules.seating import Pair, WhyNot, seating
from pdu_shared.access import Role, Who
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.problems import Conflict, Fault, NotFound, Refused
from pdu_shared.runtime import Now, Store

router = APIRouter(prefix="/sessions/{session_id}", tags=["lived experience"])

MOST_PAIRS = 200
_WORDS = {
    WhyNot.TOO_FEW_SEATS: "There are more people than seats.",
    WhyNot.TOO_MANY_APART: "There is no way to keep all of these apart: add a table.",
}


class KeepApart(Form):
    """Two people who are better not at one table, such as an expert and their support worker."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "one_id": "5b8a2f64-7a0e-4c1d-9a55-1d2f3c4b5a69",
                    "other_id": "0194c000-0000-7000-8000-000000000301",
                }
            ]
        }
    )

    one_id: UUID = Field(description="A booking or an engagement")
    other_id: UUID = Field(description="Another booking or engagement")


class Tables(Form):
    """How many tables there are, and how many sit at each."""

    tables: int = Field(ge=1, le=200)
    seats: int = Field(ge=2, le=100)


class Apart(BaseModel):
    """Two people who are better not at one table."""

    one_id: UUID
    other_id: UUID


class Seating(BaseModel):
    """A proposal of who sits where: bookings and engagements, by their ids."""

    session_id: UUID
    tables: list[list[UUID]]
    apart: list[Apart]


@router.put("/keep-apart", status_code=204)
async def keep_apart(session_id: UUID, form: KeepApart, database: Store) -> None:
    """Note that two people are better not at one table. Twice is once."""
    async with transaction(database) as conn:
        people = await _people(conn, session_id)
        faults = [
            Fault(f"/{name}", "not-there", "Nobody comes to this session under this id.")
            for name, one in (("one_id", form.one_id), ("other_id", form.other_id))
            if one not in people
        ]
        if form.one_id == form.other_id:
            faults.append(Fault("/other_id", "same", "Nobody is kept apart from themselves."))
        if faults:
            raise Refused(errors=faults)
        if len(await _apart(conn, session_id)) >= MOST_PAIRS:
            raise Conflict("These are more notes than a room has use for.")
        await _insert(conn, session_id, Pair(*sorted((form.one_id, form.other_id))))


@router.delete("/keep-apart/{one_id}/{other_id}", status_code=204)
async def keep_apart_no_more(
    session_id: UUID, one_id: UUID, other_id: UUID, database: Store
) -> None:
    """Take such a note away. Twice is once."""
    async with transaction(database) as conn:
        await _delete(conn, session_id, Pair(*sorted((one_id, other_id))))


@router.get("/seating")
async def propose_seating(
    session_id: UUID,
    room: Annotated[Tables, Query()],
    database: Store,
    caller: Who,
    now: Now,
) -> Seating:
    """Propose tables for all who are expected. That a coordinator looked is written down."""
    async with transaction(database) as conn:
        people = await _people(conn, session_id)
        apart = await _apart(conn, session_id)
        if not caller.has(Role.BENEFICIARY_AMBASSADOR):
            await note_read(conn, caller, kind="keep_apart", of_id=session_id, now=now)
    tables = seating(people, apart, tables=room.tables, seats=room.seats)
    if isinstance(tables, WhyNot):
        raise Conflict(_WORDS[tables])
    return Seating(
        session_id=session_id,
        tables=tables,
        apart=[Apart(one_id=pair.one_id, other_id=pair.other_id) for pair in apart],
    )


async def _people(conn: Conn, session_id: UUID) -> list[UUID]:
    """Who is expected: bookings that hold a place, and experts. Raises NotFound."""
    rows = await conn.fetch(
        """
        SELECT booking_id AS one_id
          FROM session LEFT JOIN place
               ON place.session_id = session.session_id AND place.state = 'confirmed'
         WHERE session.session_id = $1
     UNION ALL
        SELECT engagement_id
          FROM session JOIN lived_experience.involvement USING (learning_event_id)
         WHERE session_id = $1 AND withdrawn_at IS NULL
         ORDER BY one_id
        """,
        session_id,
    )
    if not rows:
        raise NotFound
    return [row["one_id"] for row in rows if row["one_id"]]


async def _apart(conn: Conn, session_id: UUID) -> list[Pair]:
    rows = await conn.fetch(
        """
        SELECT one_id, other_id
          FROM lived_experience.keep_apart
         WHERE session_id = $1
         ORDER BY one_id, other_id
        """,
        session_id,
    )
    return [Pair(**row) for row in rows]


async def _insert(conn: Conn, session_id: UUID, pair: Pair) -> None:
    await conn.execute(
        """
        INSERT INTO lived_experience.keep_apart (session_id, one_id, other_id) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
        """,
        session_id,
        pair.one_id,
        pair.other_id,
    )


async def _delete(conn: Conn, session_id: UUID, pair: Pair) -> None:
    await conn.execute(
        """
        DELETE FROM lived_experience.keep_apart
         WHERE session_id = $1 AND one_id = $2 AND other_id = $3
        """,
        session_id,
        pair.one_id,
        pair.other_id,
    )
