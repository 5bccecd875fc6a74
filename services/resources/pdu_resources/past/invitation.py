"""Invitations to surveys as records of the past have them."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from pdu_resources.past.survey import Named, know_surveys
from pdu_resources.rules.invitation import expires_at
from pdu_resources.survey.invitation import told_of
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.survey import SurveyInvitationBounced, SurveyInvitationSent
from pdu_shared.contracts.vocabulary import InvitationState
from pdu_shared.database import Conn
from pdu_shared.forms import EmailAddress, LocalMoment, OneLine
from pdu_shared.identity import derived_id
from pdu_shared.outbox import Promise
from pdu_shared.persons import persons_of
from pdu_shared.rows import Row
from pdu_shared.runtime import Runtime

BECAME = {"true": InvitationState.SENT, "false": InvitationState.BOUNCED}
TELLS = {
    InvitationState.SENT: SurveyInvitationSent,
    InvitationState.BOUNCED: SurveyInvitationBounced,
}


class InvitationRow(Row):
    """One invitation, and whether it came back."""

    invitation_key: OneLine
    survey_key: Named
    wave: Code
    event_key: OneLine | None = None
    person_email: EmailAddress
    sent_at: LocalMoment
    delivered: Literal["true", "false"]

    @property
    def key(self) -> str:
        """What the records call it."""
        return self.invitation_key


async def take_invitations(conn: Conn, rows: Sequence[InvitationRow], here: Runtime) -> int:
    """Write invitations down as the rows have them, and tell what is new or another."""
    surveys = await know_surveys(conn, {row.survey_key for row in rows})
    people = await persons_of(conn, here.person_key, [row.person_email for row in rows])
    changed = await _upsert(conn, rows, people)
    await outbox.add(conn, *surveys, *changed)
    return len(changed)


def learning_event_id(event_key: str | None) -> UUID | None:
    """The learning event that an import knows by this key."""
    return derived_id("learning_event", event_key) if event_key else None


async def _upsert(
    conn: Conn, rows: Sequence[InvitationRow], people: Sequence[UUID]
) -> list[Promise]:
    """What is told of those that were new or stood otherwise."""
    columns: list[list[Any]] = [
        [derived_id("invitation", row.invitation_key) for row in rows],
        [row.survey_key for row in rows],
        [row.wave for row in rows],
        [learning_event_id(row.event_key) for row in rows],
        list(people),
        [BECAME[row.delivered] for row in rows],
        [row.sent_at for row in rows],
        [expires_at(row.sent_at) for row in rows],
    ]
    changed = await conn.fetch(
        """
        INSERT INTO invitation AS kept (invitation_id, survey_key, wave, learning_event_id,
                                        person_id, state, invited_at, expires_at, imported)
        SELECT *, true
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[],
                      $7::timestamptz[], $8::timestamptz[])
               AS told (invitation_id)
         ORDER BY invitation_id
            ON CONFLICT (invitation_id) DO UPDATE
           SET survey_key = excluded.survey_key, wave = excluded.wave,
               learning_event_id = excluded.learning_event_id, person_id = excluded.person_id,
               state = excluded.state, invited_at = excluded.invited_at,
               expires_at = excluded.expires_at
         WHERE (kept.survey_key, kept.wave, kept.learning_event_id, kept.person_id, kept.state,
                kept.invited_at)
               IS DISTINCT FROM
               (excluded.survey_key, excluded.wave, excluded.learning_event_id,
                excluded.person_id, excluded.state, excluded.invited_at)
        RETURNING invitation_id, survey_key, wave, learning_event_id, person_id, state, invited_at
        """,
        *columns,
    )
    return [
        Promise(TELLS[InvitationState(row["state"])](**told_of(row)), happened_at=row["invited_at"])
        for row in changed
    ]
