"""Somebody who was asked to speak will not, or not any more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from pdu_bookings.rules.speaker import AssignmentState
from pdu_shared import outbox
from pdu_shared.contracts.bookings.topic import SpeakerWithdrew
from pdu_shared.contracts.bookings.topic_words import RecordingConsent, SpeakerRole
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["speakers"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An assignment as it stands."""

    assignment_id: UUID
    session_id: UUID
    learning_event_id: UUID
    ends_at: datetime
    role: SpeakerRole
    state: AssignmentState
    recording_consent: RecordingConsent
    offer_id: UUID | None
    organisation_id: UUID | None

    def as_told(self) -> dict[str, Any]:
        """What others hear of it: no name, and not who."""
        return {
            "assignment_id": self.assignment_id,
            "session_id": self.session_id,
            "learning_event_id": self.learning_event_id,
            "role": self.role,
            "offer_id": self.offer_id,
            "organisation_id": self.organisation_id,
        }


@router.put("/assignments/{assignment_id}/withdrawal", status_code=204)
async def take_back(assignment_id: UUID, database: Store) -> Response:
    """Take an invitation back, or write down that somebody said no. They are not written to."""
    async with transaction(database) as conn:
        await withdraw(conn, await lock_assignment(conn, assignment_id))
    return Response(status_code=204)


async def withdraw(conn: Conn, standing: Standing) -> None:
    """End an assignment, and take the name off the page. Doing it twice is doing it once."""
    if standing.state is AssignmentState.WITHDRAWN:
        return
    await conn.execute(
        """
        UPDATE assignment SET state = 'withdrawn', published_name = NULL WHERE assignment_id = $1
        """,
        standing.assignment_id,
    )
    await outbox.add(conn, SpeakerWithdrew(**standing.as_told()))


async def lock_assignment(conn: Conn, assignment_id: UUID) -> Standing:
    """An assignment, locked until the transaction ends. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT assignment_id, session_id, learning_event_id, ends_at, role,
               assignment.state, recording_consent, offer_id, organisation_id
          FROM assignment JOIN session USING (session_id)
         WHERE assignment_id = $1
           FOR UPDATE OF assignment
        """,
        assignment_id,
    )
    if row is None:
        raise NotFound
    return Standing(
        **{
            **row,
            "role": SpeakerRole(row["role"]),
            "state": AssignmentState(row["state"]),
            "recording_consent": RecordingConsent(row["recording_consent"]),
        }
    )
