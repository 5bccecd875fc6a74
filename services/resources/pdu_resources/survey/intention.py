"""What people say they want to change, played back to them later, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from pdu_resources.member.same_person import ids_of
from pdu_resources.rules.cadence import request_after_intention
from pdu_resources.rules.intention import INTENDS, Reported, intends, reported
from pdu_resources.rules.project_year import local_date
from pdu_resources.rules.survey import Answer
from pdu_resources.survey import due
from pdu_resources.survey.response_rows import Submitted
from pdu_shared import outbox
from pdu_shared.contracts.resources.change import ActionState
from pdu_shared.contracts.resources.impact import (
    ActionIntended,
    ActionReported,
    ActionWithdrawn,
)
from pdu_shared.contracts.resources.survey import SurveyKind
from pdu_shared.database import Conn
from pdu_shared.identity import uuid7

PLAYED_BACK = frozenset({SurveyKind.FOLLOW_UP, SurveyKind.OUTCOME})


class Intention(BaseModel):
    """What somebody said they wanted to change, in their own words."""

    action_id: UUID
    learning_event_id: UUID | None
    said: str | None
    intended_on: date


async def of_invited(conn: Conn, invitation: asyncpg.Record, kind: SurveyKind) -> list[Intention]:
    """What somebody meant to do, for a survey that asks what came of it: of those linked only."""
    if kind not in PLAYED_BACK:
        return []
    person_ids = await ids_of(conn, invitation["person_id"])
    rows = await conn.fetch(
        """
        SELECT action_id, intended_action.learning_event_id, said, intended_on
          FROM intended_action
          LEFT JOIN answer_text ON answer_text.response_id = intended_action.response_id
                               AND question_code = $3
         WHERE person_id = ANY ($1::uuid[])
           AND intended_action.learning_event_id
               IS NOT DISTINCT FROM coalesce($2, intended_action.learning_event_id)
         ORDER BY intended_on DESC, action_id
         LIMIT 5
        """,
        person_ids,
        invitation["learning_event_id"],
        f"{INTENDS}.what",
    )
    return [Intention(**row) for row in rows]


async def learn(conn: Conn, response: Submitted, answers: Sequence[Answer]) -> None:
    """Keep what a response says somebody wants to do, or what it says became of that."""
    if intends(answers):
        await _intend(conn, response)
    else:
        await forget(conn, response.response_id, now=response.submitted_at)
    said = reported(answers)
    if said is not None and response.respondent.person_id and response.learning_event_id:
        await _report(conn, response, said)


async def forget(conn: Conn, response_id: UUID, *, now: datetime) -> None:
    """Somebody did not mean to change anything after all, or took their answers back."""
    row = await conn.fetchrow(
        """
        DELETE FROM intended_action WHERE response_id = $1
        RETURNING action_id, person_id, learning_event_id, state, intended_on
        """,
        response_id,
    )
    if row is not None:
        told = _told({**row, "state": ActionState.NO_ANSWER, "person_id": None})
        await outbox.add(conn, ActionWithdrawn(**told, withdrawn_on=local_date(now)))


async def _intend(conn: Conn, response: Submitted) -> None:
    person_id = response.respondent.person_id
    row = await conn.fetchrow(
        """
        INSERT INTO intended_action AS kept (action_id, response_id, person_id, learning_event_id,
                                             state, intended_on)
        VALUES ($1, $2, $3, $4, 'intended', $5)
            ON CONFLICT (response_id) DO UPDATE SET person_id = excluded.person_id
        RETURNING action_id, person_id, learning_event_id, state, intended_on
        """,
        uuid7(),
        response.response_id,
        person_id,
        response.learning_event_id,
        local_date(response.submitted_at),
    )
    assert row is not None
    told = _told(row)
    await outbox.add(conn, ActionIntended(**told, intended_on=row["intended_on"]))
    if person_id and response.learning_event_id:
        request = request_after_intention(response.submitted_at)
        await due.plan(conn, person_id, response.learning_event_id, [request])


async def _report(conn: Conn, response: Submitted, said: Reported) -> None:
    assert response.respondent.person_id is not None
    rows = await conn.fetch(
        """
        UPDATE intended_action
           SET state = $3, outcome_code = $4, reported_on = $5
         WHERE person_id = ANY ($1::uuid[]) AND learning_event_id = $2
        RETURNING action_id, person_id, learning_event_id, state, intended_on
        """,
        await ids_of(conn, response.respondent.person_id),
        response.learning_event_id,
        said.state,
        said.outcome_code,
        local_date(response.submitted_at),
    )
    for row in rows:
        report = ActionReported(
            **_told(row),
            outcome_code=said.outcome_code,
            intended_on=row["intended_on"],
            reported_on=local_date(response.submitted_at),
        )
        await outbox.add(conn, report)


def _told(row: Mapping[str, Any] | asyncpg.Record) -> dict[str, Any]:
    return {name: row[name] for name in ("action_id", "person_id", "learning_event_id", "state")}
