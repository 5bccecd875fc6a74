"""A community meets: its session is written down, published and filled with members at once."""

from datetime import datetime
from functools import partial
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ConfigDict, Field, model_validator

from pdu_bookings.community import rows
from pdu_bookings.community.convening import admit
from pdu_bookings.community.directory import CommunityKey
from pdu_bookings.place.asking import Keys
from pdu_bookings.programme.change import Hand
from pdu_bookings.programme.description import AnnounceSession
from pdu_bookings.programme.learning_event import make_public, meeting_of
from pdu_bookings.programme.public import LearningEvent
from pdu_bookings.programme.reading import learning_event
from pdu_bookings.programme.rows import insert_learning_events
from pdu_bookings.programme.session_rows import insert_sessions, office_hours
from pdu_bookings.rules.community import why_it_does_not_meet
from pdu_bookings.rules.description import Announced
from pdu_bookings.rules.programme import State
from pdu_shared.access import Caller, Who
from pdu_shared.contracts.vocabulary import EventKind, Level
from pdu_shared.database import Conn
from pdu_shared.forms import PublishedLine
from pdu_shared.idempotency import Answer, Asked, once
from pdu_shared.identity import uuid7
from pdu_shared.problems import Conflict
from pdu_shared.runtime import Here, Now, Runtime

EVENT_TYPE = "community_of_practice"

router = APIRouter(tags=["communities"])


class OpenSession(AnnounceSession):
    """When and where a community meets; what is not said comes from the community."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "starts_at": "2027-03-04T10:00",
                    "ends_at": "2027-03-04T12:00",
                    "mode": "in_person",
                    "place": "Sneinton Hermitage",
                    "capacity": 30,
                }
            ]
        }
    )

    purpose: Annotated[
        PublishedLine | None, Field(description="What this session is for; else the community's")
    ] = None
    level: Level = Level.INTRODUCTORY
    open: Annotated[bool, Field(description="Whether people may come who do not belong")] = False

    @model_validator(mode="after")
    def _has_one_kind_of_place(self) -> Self:
        if self.online_capacity is not None:
            msg = "Members come as they like: give one capacity for all of them."
            raise ValueError(msg)
        if self.parallel is not None:
            msg = "Members come to all of it: plan sessions apart."
            raise ValueError(msg)
        return self


@router.post("/communities/{key}/sessions", status_code=201, response_model=LearningEvent)
async def open_session(  # noqa: PLR0913 - each is asked for by its type
    *, key: CommunityKey, form: OpenSession, here: Here, caller: Who, asked: Asked, now: Now
) -> Response:
    """Open a session of a community: it is published, and every active member has a place.

    409 when the community does not meet at the moment, or has more members than places.
    """
    use_case = partial(_open, key=key, form=form, here=here, caller=caller, now=now)
    return await once(here.database, asked, use_case)


async def _open(  # noqa: PLR0913 - as above
    conn: Conn, *, key: str, form: OpenSession, here: Runtime, caller: Caller, now: datetime
) -> Answer:
    community = await rows.lock(conn, key)
    await admit(conn, caller, community, now=now)
    if trouble := why_it_does_not_meet(community.state):
        raise Conflict(trouble)
    learning_event_id = uuid7()
    announced = _announced(learning_event_id, community, form)
    await insert_learning_events(conn, [announced], now)
    await insert_sessions(conn, [meeting_of(learning_event_id, form, await office_hours(conn))])
    await make_public(conn, learning_event_id, Keys.of(here), Hand.of(caller, now))
    return Answer.of(await learning_event(conn, learning_event_id, now=now))


def _announced(learning_event_id: UUID, community: rows.Community, form: OpenSession) -> Announced:
    purpose = form.purpose or community.purpose
    return Announced(
        learning_event_id=learning_event_id,
        title=form.title or community.name,
        kind=EventKind.COP_SESSION,
        event_type=EVENT_TYPE,
        purpose=purpose,
        outcomes=(purpose,),
        level=form.level,
        audience=("any",) if form.open else ("cop_members",),
        workstreams=(community.workstream,),
        series=community.key,
        members_only=not form.open,
        state=State.DRAFT,
    )
