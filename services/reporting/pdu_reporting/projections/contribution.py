"""What speakers, facilitators and experts by experience give: roles, and never who."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.bookings.lived_experience import ExpertContributed
from pdu_shared.contracts.bookings.topic import SpeakerConfirmed, SpeakerWithdrew

CONTRIBUTION = Projection(
    name="contribution",
    hears=(SpeakerConfirmed, SpeakerWithdrew, ExpertContributed),
    table="""
        CREATE TABLE contribution (
            contribution_id   uuid    PRIMARY KEY,
            cohort            text    NOT NULL,
            role              text    NOT NULL,
            learning_event_id uuid    NOT NULL,
            session_id        uuid,
            withdrawn         boolean NOT NULL,
            sequence          bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO contribution AS kept (
               contribution_id, cohort, role, learning_event_id, session_id, withdrawn, sequence)
        SELECT DISTINCT ON (contribution_id)
               coalesce(assignment_id, engagement_id) AS contribution_id,
               CASE WHEN engagement_id IS NULL THEN 'speakers' ELSE 'experts' END AS cohort, role,
               learning_event_id, session_id,
               routing_key = 'bookings.SpeakerWithdrew' AS withdrawn, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (assignment_id uuid, engagement_id uuid, role text, learning_event_id uuid,
                        session_id uuid)
         ORDER BY contribution_id, sequence DESC
            ON CONFLICT (contribution_id) DO UPDATE
           SET cohort            = excluded.cohort,
               role              = excluded.role,
               learning_event_id = excluded.learning_event_id,
               session_id        = excluded.session_id,
               withdrawn         = excluded.withdrawn,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
