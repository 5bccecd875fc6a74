"""Objectives of plans, and how far they have come."""

from pdu_reporting.projection import Projection
from pdu_shared.contracts.resources.steering import PlanObjectiveSet

PLAN_OBJECTIVE = Projection(
    name="plan_objective",
    hears=(PlanObjectiveSet,),
    table="""
        CREATE TABLE plan_objective (
            objective_id uuid   PRIMARY KEY,
            plan_id      uuid   NOT NULL,
            plan_kind    text   NOT NULL,
            workstream   text,
            partner_plan text,
            set_on       date   NOT NULL,
            due_on       date,
            state        text   NOT NULL,
            sequence     bigint NOT NULL
        )
        """,
    fold="""
        INSERT INTO plan_objective AS kept (
               objective_id, plan_id, plan_kind, workstream, partner_plan, set_on,
               due_on, state, sequence)
        SELECT DISTINCT ON (objective_id)
               objective_id, plan_id, plan_kind, workstream, partner_plan, set_on,
               due_on, state, sequence
          FROM heard,
               jsonb_to_record(data)
               AS told (objective_id uuid, plan_id uuid, plan_kind text,
                        workstream text, partner_plan text, set_on date, due_on
                        date, state text)
         ORDER BY objective_id, sequence DESC
            ON CONFLICT (objective_id) DO UPDATE
           SET plan_id      = excluded.plan_id,
               plan_kind    = excluded.plan_kind,
               workstream   = excluded.workstream,
               partner_plan = excluded.partner_plan,
               set_on       = excluded.set_on,
               due_on       = excluded.due_on,
               state        = excluded.state,
               sequence     = excluded.sequence
         WHERE kept.sequence < excluded.sequence
        """,
)
