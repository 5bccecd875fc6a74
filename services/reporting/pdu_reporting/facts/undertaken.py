"""What was taken on: actions, objectives of plans, and commitments of organisations."""

from pdu_reporting.figure import PROJECT_YEAR, WORKSTREAM, Dimension, Fact
from pdu_shared.contracts.resources.steering import (
    ActionOf,
    CommitmentKind,
    PlanKind,
    UndertakingState,
)

STATE = Dimension("state", codes=tuple(UndertakingState))
ORGANISATION = Dimension("organisation_id", scheme="committed")

SET = """
    set_action AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN year.code  END,
                     CASE WHEN $1 ? 'set_in'              THEN of         END,
                     CASE WHEN $1 ? 'workstream'          THEN workstream END,
                     CASE WHEN $1 ? 'state'               THEN state      END
               ] AS cut,
               state, due_on
          FROM steering_action
          LEFT JOIN LATERAL (SELECT code
                               FROM project_year
                              WHERE due_on BETWEEN starts_on AND ends_on
                              ORDER BY starts_on DESC
                              LIMIT 1) AS year
            ON $1 ? 'project_year' OR $2 ? 'project_year'
         WHERE ($2::jsonb -> 'project_year' IS NULL OR $2 -> 'project_year' ? year.code)
           AND ($2 -> 'set_in'     IS NULL OR $2 -> 'set_in'     ? of)
           AND ($2 -> 'workstream' IS NULL OR $2 -> 'workstream' ? workstream)
           AND ($2 -> 'state'      IS NULL OR $2 -> 'state'      ? state)
           AND due_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

WANTED = """
    wanted AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'plan_kind' THEN plan_kind    END,
                     CASE WHEN $1 ? 'workstream'       THEN workstream   END,
                     CASE WHEN $1 ? 'partner_plan'     THEN partner_plan END,
                     CASE WHEN $1 ? 'state'            THEN state        END
               ] AS cut,
               state
          FROM plan_objective
         WHERE ($2::jsonb -> 'plan_kind' IS NULL OR $2 -> 'plan_kind'    ? plan_kind)
           AND ($2 -> 'workstream'       IS NULL OR $2 -> 'workstream'   ? workstream)
           AND ($2 -> 'partner_plan'     IS NULL OR $2 -> 'partner_plan' ? partner_plan)
           AND ($2 -> 'state'            IS NULL OR $2 -> 'state'        ? state)
           AND set_on BETWEEN coalesce($3::date, '-infinity') AND coalesce($4::date, 'infinity')
    )
    """

PROMISED = """
    promised AS (
        SELECT ARRAY[CASE WHEN $1::jsonb ? 'project_year' THEN project_year          END,
                     CASE WHEN $1 ? 'commitment_kind'     THEN kind                  END,
                     CASE WHEN $1 ? 'organisation_id'     THEN organisation_id::text END,
                     CASE WHEN $1 ? 'state'               THEN state                 END
               ] AS cut,
               state, promised, kept
          FROM commitment
         WHERE ($2::jsonb -> 'project_year'  IS NULL OR $2 -> 'project_year'    ? project_year)
           AND ($2 -> 'commitment_kind'      IS NULL OR $2 -> 'commitment_kind' ? kind)
           AND ($2 -> 'organisation_id' IS NULL OR $2 -> 'organisation_id' ? organisation_id::text)
           AND ($2 -> 'state'                IS NULL OR $2 -> 'state'           ? state)
           AND $3::date IS NULL AND $4::date IS NULL
    )
    """

ACTION = Fact(
    tables=("project_year", "steering_action"),
    dimensions=(PROJECT_YEAR, Dimension("set_in", codes=tuple(ActionOf)), WORKSTREAM, STATE),
    queries=(SET,),
)
"""By the project year in which they are due."""

OBJECTIVE = Fact(
    tables=("plan_objective",),
    dimensions=(
        Dimension("plan_kind", codes=tuple(PlanKind)), WORKSTREAM, Dimension("partner_plan"), STATE,
    ),
    queries=(WANTED,),
)  # fmt: skip

COMMITMENT = Fact(
    tables=("commitment",),
    dimensions=(
        PROJECT_YEAR, Dimension("commitment_kind", codes=tuple(CommitmentKind)), ORGANISATION,
        STATE,
    ),
    queries=(PROMISED,),
)  # fmt: skip
"""By the project year that they are for."""
