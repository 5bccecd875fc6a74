"""Inviting people to answer a survey: a coordinator does, or the day does that was planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.member.merge import kept_ids
from pdu_resources.rules.invitation import expires_at
from pdu_resources.rules.project_year import local_date
from pdu_resources.survey import due
from pdu_resources.survey.answer_form import Wave
from pdu_resources.survey.invitation import hash_of, told_of
from pdu_resources.survey.link import Purpose, token_for
from pdu_resources.survey.response import present_wave
from pdu_resources.survey.survey_rows import SurveySeen, survey
from pdu_shared import outbox
from pdu_shared.contracts.resources.survey import SurveyInvitationRequested, SurveyLinkIssued
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form
from pdu_shared.identity import uuid7
from pdu_shared.outbox import Promise
from pdu_shared.problems import Conflict, Fault, Refused
from pdu_shared.runtime import Here, Now, Runtime

log = structlog.get_logger()
router = APIRouter(tags=["surveys"])


class InviteToSurvey(Form):
    """Who is invited: all who came to a learning event, who came in a time, or who steer.

    Say one of the three. The wave is the present month unless given.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"came_from": "2026-04-01", "came_to": "2026-09-30", "wave": "2026-10"}]
        }
    )

    learning_event_id: UUID | None = None
    came_from: Day | None = None
    came_to: Day | None = None
    steering_group: Annotated[bool, Field(strict=True)] = False
    wave: Wave | None = None


class Invited(BaseModel):
    """How many were invited now; those who had been invited before are not among them."""

    survey_key: str
    learning_event_id: UUID | None
    wave: str
    invited: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What people are asked about, and when."""

    survey: SurveySeen
    learning_event_id: UUID | None
    wave: str
    now: datetime


@router.post("/surveys/{survey_key}/invitations")
async def invite(survey_key: str, form: InviteToSurvey, here: Here, now: Now) -> Invited:
    """Invite everybody who came, or who steers. Whoever was invited to this is not asked again."""
    if faults := _faults(form):
        raise Refused(errors=faults)
    wave = form.wave or present_wave(now)
    async with transaction(here.database) as conn:
        occasion = Occasion(
            survey=await survey(conn, survey_key),
            learning_event_id=form.learning_event_id,
            wave=wave,
            now=now,
        )
        if form.steering_group and occasion.survey.kind.tells_who_is_asked:
            raise Conflict("Who steers is asked by surveys of the kind steering_group only.")
        people = await _whom(conn, form, now)
        invited = await invite_people(conn, here, occasion, people)
    log.info("invited", survey_key=survey_key, wave=wave, invitations=invited)
    return Invited(
        survey_key=survey_key,
        learning_event_id=form.learning_event_id,
        wave=wave,
        invited=invited,
    )


async def invite_people(
    conn: Conn, here: Runtime, occasion: Occasion, people: Sequence[UUID]
) -> int:
    """Invite these, each of them once: by a link of their own, with reminders planned."""
    before = await _asked_before(conn, occasion)
    kept = await kept_ids(conn, [*people, *before])
    asked = {kept[one] for one in people} - {kept[one] for one in before}
    ids = {uuid7(): person_id for person_id in sorted(asked)}
    tokens = {one: token_for(here, Purpose.INVITATION, one) for one in ids}
    invitations = await _insert(conn, occasion, ids, tokens)
    promises: list[Promise] = []
    for invitation in invitations:
        link = SurveyLinkIssued(
            invitation_id=invitation["invitation_id"],
            person_id=invitation["person_id"],
            survey_title=occasion.survey.title,
            learning_event_id=occasion.learning_event_id,
            token=tokens[invitation["invitation_id"]],
            kind=occasion.survey.kind,
            closes_at=expires_at(occasion.now),
        )
        if occasion.survey.kind.tells_who_is_asked:
            promises.append(Promise(SurveyInvitationRequested(**invitation)))
        promises.append(outbox.sealed(link, here.sealer))
    await outbox.add(conn, *promises)
    await due.plan_reminders(conn, invitations, now=occasion.now)
    return len(invitations)


async def _insert(
    conn: Conn, occasion: Occasion, ids: dict[UUID, UUID], tokens: dict[UUID, str]
) -> list[dict[str, Any]]:
    """What is told of the invitations that are new: of two who invite at once, one does."""
    rows = await conn.fetch(
        """
        INSERT INTO invitation (invitation_id, survey_key, wave, learning_event_id, person_id,
                                state, invited_at, expires_at, token_hash)
        SELECT invitation_id, $3, $4, $5, person_id, 'planned', $6, $7, token_hash
          FROM unnest($1::uuid[], $2::uuid[], $8::bytea[])
               AS asked (invitation_id, person_id, token_hash)
            ON CONFLICT DO NOTHING
        RETURNING invitation_id, survey_key, wave, learning_event_id, person_id, invited_at
        """,
        list(ids),
        list(ids.values()),
        occasion.survey.survey_key,
        occasion.wave,
        occasion.learning_event_id,
        occasion.now,
        expires_at(occasion.now),
        [hash_of(token) for token in tokens.values()],
    )
    return [told_of(row) for row in rows]


def _faults(form: InviteToSurvey) -> list[Fault]:
    window = form.came_from is not None or form.came_to is not None
    if (form.learning_event_id is not None) + window + form.steering_group != 1:
        detail = "Say one of these: a learning event, a time in which they came, or who steers."
        return [Fault("/learning_event_id", "contradiction", detail)]
    if window and (form.came_from is None or form.came_to is None or form.came_to < form.came_from):
        return [Fault("/came_to", "out-of-bounds", "A time has a first day, and a last one.")]
    return []


async def _whom(conn: Conn, form: InviteToSurvey, now: datetime) -> Sequence[UUID]:
    rows = await conn.fetch(
        """
        SELECT person_id FROM attendance WHERE learning_event_id = $1 AND came
         UNION
        SELECT person_id FROM attendance WHERE held_on BETWEEN $2 AND $3 AND came
         UNION
        SELECT person_id
          FROM seat
         WHERE $4 AND $5 BETWEEN starts_on AND coalesce(ends_on, 'infinity')
           AND person_id IS NOT NULL
        """,
        form.learning_event_id,
        form.came_from,
        form.came_to,
        form.steering_group,
        local_date(now),
    )
    return [row["person_id"] for row in rows]


async def _asked_before(conn: Conn, occasion: Occasion) -> Sequence[UUID]:
    rows = await conn.fetch(
        """
        SELECT person_id FROM invitation
         WHERE survey_key = $1 AND wave = $2 AND learning_event_id IS NOT DISTINCT FROM $3
        """,
        occasion.survey.survey_key,
        occasion.wave,
        occasion.learning_event_id,
    )
    return [row["person_id"] for row in rows]
