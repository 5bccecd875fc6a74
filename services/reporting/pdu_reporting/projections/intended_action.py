"""What people said they want to change, and what became of it: the newest message decides."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.impact import ActionIntended, ActionReported, ActionWithdrawn

INTENDED_ACTION = Projection(
    name="intended_action",
    hears=(ActionIntended, ActionReported, ActionWithdrawn),
    table="""
        CREATE TABLE intended_action (
            action_id         uuid    PRIMARY KEY,
            person_id         uuid,
            learning_event_id uuid,
            state             text    NOT NULL,
            outcome_code      text,
            withdrawn         boolean NOT NULL,
            intended_on       date    NOT NULL,
            sequence          bigint  NOT NULL
        )
        """,
    fold="""
        INSERT INTO intended_action AS kept (
               action_id, person_id, learning_event_id, state, outcome_code, withdrawn,
               intended_on, sequence)
        SELECT DISTINCT ON (action_id)
               action_id, person_id, learning_event_id, state, outcome_code,
               routing_key = 'resources.ActionWithdrawn' AS withdrawn,
               coalesce(intended_on, withdrawn_on) AS intended_on, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (action_id uuid, person_id uuid, learning_event_id uuid, state text,
                        outcome_code text, intended_on date, withdrawn_on date)
         ORDER BY action_id, sequence DESC
            ON CONFLICT (action_id) DO UPDATE
           SET person_id         = excluded.person_id,
               learning_event_id = excluded.learning_event_id,
               state             = excluded.state,
               outcome_code      = excluded.outcome_code,
               withdrawn         = excluded.withdrawn,
               intended_on       = excluded.intended_on,
               sequence          = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
