"""Sessions as rows, and as the facts that are told of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from pdu_bookings.rules.out_of_hours import USUAL, VERSION, Office, out_of_hours
from pdu_bookings.rules.parallel import Sitting
from pdu_shared.contracts.bookings.programme import (
    SessionMovedOnline,
    SessionRescheduled,
    SessionScheduled,
)
from pdu_shared.contracts.message import Message
from pdu_shared.contracts.vocabulary import DeliveryMode
from pdu_shared.database import Conn
from pdu_shared.instance import instance
from pdu_shared.local_time import HOME


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """When and where a session is, as it is written down."""

    session_id: UUID
    learning_event_id: UUID
    title: str | None = None
    starts_at: datetime
    ends_at: datetime
    mode: DeliveryMode
    place: str
    venue_id: UUID | None = None
    capacity: int
    online_capacity: int | None = None
    joining_link: str | None = None
    recording: bool = False
    ical_sequence: int = 0
    parallel: str | None = None
    office: Office = USUAL

    @property
    def out_of_hours(self) -> bool:
        """Whether people who work office hours cannot come in them."""
        return out_of_hours(self.starts_at, self.ends_at, self.office)

    @property
    def sitting(self) -> Sitting:
        """What decides whether it can be parallel to others."""
        hybrid = self.online_capacity is not None
        return Sitting(self.starts_at, self.ends_at, self.parallel, hybrid)


_MEETINGS = TypeAdapter(list[Meeting])


def session_told(session: Meeting) -> dict[str, Any]:
    """What is told of a session."""
    return {**asdict(session), "tz": HOME, "out_of_hours": session.out_of_hours}


def session_scheduled(session: Meeting) -> SessionScheduled:
    """The fact that a session has a time and a place."""
    return SessionScheduled.model_validate(session_told(session))


def session_moved(before: Meeting, after: Meeting) -> Message:
    """The fact that a session is otherwise than before."""
    told = {**session_told(after), "previous_place": before.place}
    if after.mode is DeliveryMode.ONLINE is not before.mode:
        return SessionMovedOnline.model_validate({**told, "previous_mode": before.mode})
    return SessionRescheduled.model_validate(
        {
            **told,
            "previous_starts_at": before.starts_at,
            "previous_ends_at": before.ends_at,
        }
    )


async def office_hours(conn: Conn) -> Office:
    """When offices are open in this city."""
    heard = await instance(conn)
    return Office(
        heard.clock("office.opens", USUAL.opens), heard.clock("office.closes", USUAL.closes)
    )


async def lock_sessions(conn: Conn, learning_event_id: UUID) -> list[Meeting]:
    """The sessions of a learning event, soonest first, locked in the order of their ids."""
    rows = await conn.fetch(
        """
        SELECT session_id, learning_event_id, title, starts_at, ends_at, mode, place, venue_id,
               capacity, online_capacity, joining_link, recording, ical_sequence, parallel
          FROM session
         WHERE learning_event_id = $1
         ORDER BY session_id
           FOR NO KEY UPDATE
        """,
        learning_event_id,
    )
    office = await office_hours(conn)
    sessions = _MEETINGS.validate_python([{**row, "office": office} for row in rows])
    return sorted(sessions, key=lambda session: (session.starts_at, session.session_id))


async def insert_sessions(conn: Conn, sessions: Sequence[Meeting]) -> None:
    """Write new sessions down, in local time, too."""
    await conn.execute(
        """
        INSERT INTO session (session_id, learning_event_id, title, starts_at, ends_at, starts_local,
                             ends_local, tz, mode, place, venue_id, capacity, online_capacity,
                             joining_link, recording, out_of_hours, out_of_hours_rule, parallel)
        SELECT session_id, learning_event_id, title, starts_at, ends_at, starts_at AT TIME ZONE $1,
               ends_at AT TIME ZONE $1, $1, mode, place, venue_id, capacity, online_capacity,
               joining_link, recording, out_of_hours, $2, parallel
          FROM jsonb_to_recordset($3::text::jsonb)
               AS told (session_id uuid, learning_event_id uuid, title text, starts_at timestamptz,
                        ends_at timestamptz, mode text, place text, venue_id uuid, capacity int,
                        online_capacity int, joining_link text, recording boolean,
                        parallel text)
          JOIN unnest($4::uuid[], $5::boolean[]) AS timed (session_id, out_of_hours)
               USING (session_id)
        """,
        HOME,
        VERSION,
        _MEETINGS.dump_json(list(sessions)).decode(),
        [session.session_id for session in sessions],
        [session.out_of_hours for session in sessions],
    )


async def update_session(conn: Conn, session: Meeting) -> None:
    """Write a session down as it is now. How many places it has is not for the programme."""
    await conn.execute(
        """
        UPDATE session
           SET title = $2, starts_at = $3, ends_at = $4, starts_local = $3 AT TIME ZONE tz,
               ends_local = $4 AT TIME ZONE tz, mode = $5, place = $6, venue_id = $7,
               joining_link = $8, recording = $9, ical_sequence = $10, out_of_hours = $11,
               out_of_hours_rule = $12
         WHERE session_id = $1
        """,
        session.session_id,
        session.title,
        session.starts_at,
        session.ends_at,
        session.mode,
        session.place,
        session.venue_id,
        session.joining_link,
        session.recording,
        session.ical_sequence,
        session.out_of_hours,
        VERSION,
    )
