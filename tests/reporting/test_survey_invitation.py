"""Invitations to surveys: how far each came, by the newest message about it."""

from datetime import date
from uuid import uuid4

import telling
from bus import arrived
from pdu_shared.contracts.resources.survey import (
    SurveyInvitationBounced,
    SurveyInvitationRequested,
    SurveyInvitationSent,
)


def steps(**details):
    """An invitation on its way: requested, sent, bounced."""
    requested = telling.invitation(**details)
    return [
        arrived(telling.invitation(kind, **requested.model_dump()))
        for kind in (SurveyInvitationRequested, SurveyInvitationSent, SurveyInvitationBounced)
    ]


async def test_an_invitation_says_who_is_asked_what(take, kept):
    asked = telling.invitation(learning_event_id=uuid4(), invited_on=date(2198, 7, 8))
    await take(asked)
    assert await kept("survey_invitation", invitation_id=asked.invitation_id) == [
        {
            "invitation_id": asked.invitation_id,
            "survey_key": "core",
            "wave": "2199",
            "learning_event_id": asked.learning_event_id,
            "person_id": asked.person_id,
            "state": "requested",
            "invited_on": date(2198, 7, 8),
            "sequence": 1,
        }
    ]


async def test_an_invitation_is_as_far_as_its_newest_message_says(take, kept):
    invitation_id = uuid4()
    requested, sent, bounced = steps(invitation_id=invitation_id)
    states = []
    for step in (sent, requested, bounced, sent):
        await take(step)
        states += [
            row["state"] for row in await kept("survey_invitation", invitation_id=invitation_id)
        ]
    assert states == ["sent", "sent", "bounced", "bounced"]
