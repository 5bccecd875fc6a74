"""Who speaks: in public those who agreed to be named; and whose session a caller runs."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from pdu_bookings.programme.reading import learning_event
from pdu_bookings.rules.programme import State
from pdu_shared.access import Caller
from pdu_shared.contracts.bookings.topic_words import SpeakerRole
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Now, Store

router = APIRouter(tags=["speakers"])


class Speaker(BaseModel):
    """Somebody who agreed to be named."""

    session_id: UUID
    role: SpeakerRole
    name: str
    organisation: str | None


class Speakers(BaseModel):
    """Who speaks at a learning event or runs it, in the order in which they were asked."""

    items: list[Speaker]


@router.get("/learning-events/{learning_event_id}/speakers")
async def speakers(learning_event_id: UUID, database: Store, now: Now) -> Speakers:
    """Those who said yes and agreed to be named. Others may come, too."""
    async with database.pool.acquire(timeout=5) as conn:
        event = await learning_event(conn, learning_event_id, now=now)
        if event.state is State.DRAFT:
            raise NotFound
        rows = await conn.fetch(
            """
            SELECT session_id, role, published_name AS name, organisation
              FROM assignment JOIN session USING (session_id)
             WHERE learning_event_id = $1
               AND assignment.state = 'confirmed' AND published_name IS NOT NULL
             ORDER BY assignment_id
            """,
            learning_event_id,
        )
    return Speakers(items=[Speaker(**row) for row in rows])


async def assigned(conn: Conn, caller: Caller, session_id: UUID) -> bool:
    """Whether the caller said yes to speaking at this session or running it."""
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM assignment
                        WHERE session_id = $1 AND person_id = $2 AND state = 'confirmed')
        """,
        session_id,
        caller.sub,
    )
    return found
