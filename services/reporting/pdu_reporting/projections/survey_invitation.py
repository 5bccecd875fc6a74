"""Invitations to surveys, and how far each of them came: the newest message decides."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.survey import (
    SurveyInvitationBounced,
    SurveyInvitationRequested,
    SurveyInvitationSent,
)

SURVEY_INVITATION = Projection(
    name="survey_invitation",
    hears=(SurveyInvitationRequested, SurveyInvitationSent, SurveyInvitationBounced),
    table="""
        CREATE TABLE survey_invitation (
            invitation_id     uuid   PRIMARY KEY,
            survey_key        text   NOT NULL,
            wave              text   NOT NULL,
            learning_event_id uuid,
            person_id         uuid   NOT NULL,
            state             text   NOT NULL,
            invited_on        date   NOT NULL,
            sequence          bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO survey_invitation AS kept (
               invitation_id, survey_key, wave, learning_event_id, person_id, state, invited_on,
               sequence)
        SELECT DISTINCT ON (invitation_id)
               invitation_id, survey_key, wave, learning_event_id, person_id,
               CASE routing_key WHEN 'resources.SurveyInvitationRequested' THEN 'requested'
                                WHEN 'resources.SurveyInvitationSent'      THEN 'sent'
                                WHEN 'resources.SurveyInvitationBounced'   THEN 'bounced' END,
               invited_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (invitation_id uuid, survey_key text, wave text, learning_event_id uuid,
                        person_id uuid, invited_on date)
         ORDER BY invitation_id, sequence DESC
            ON CONFLICT (invitation_id) DO UPDATE
           SET survey_key        = excluded.survey_key,
               wave              = excluded.wave,
               learning_event_id = excluded.learning_event_id,
               person_id         = excluded.person_id,
               state             = excluded.state,
               invited_on        = excluded.invited_on,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
