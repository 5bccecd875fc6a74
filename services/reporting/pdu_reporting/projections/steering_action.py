"""What somebody is to do, and how far they have come."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.steering import SteeringActionSet

STEERING_ACTION = Projection(
    name="steering_action",
    hears=(SteeringActionSet,),
    table="""
        CREATE TABLE steering_action (
            action_id       uuid   PRIMARY KEY,
            of              text   NOT NULL,
            workstream      text,
            organisation_id uuid,
            set_on          date   NOT NULL,
            due_on          date   NOT NULL,
            state           text   NOT NULL,
            sequence        bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO steering_action AS kept (
               action_id, of, workstream, organisation_id, set_on, due_on, state,
               sequence)
        SELECT DISTINCT ON (action_id)
               action_id, of, workstream, organisation_id, set_on, due_on, state,
               sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (action_id uuid, of text, workstream text,
                        organisation_id uuid, set_on date, due_on date, state
                        text)
         ORDER BY action_id, sequence DESC
            ON CONFLICT (action_id) DO UPDATE
           SET of              = excluded.of,
               workstream      = excluded.workstream,
               organisation_id = excluded.organisation_id,
               set_on          = excluded.set_on,
               due_on          = excluded.due_on,
               state           = excluded.state,
               sequence        = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
