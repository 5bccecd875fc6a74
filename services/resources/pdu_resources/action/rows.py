"""Rows of actions, and what is told of them."""

from uuid import UUID

import asyncpg

from pdu_shared.access import Caller, Role
from pdu_shared.contracts.resources.steering import ActionOf, SteeringActionSet, UndertakingState
from pdu_shared.database import Conn
from pdu_shared.problems import NotFound


async def action_set(conn: Conn, action_id: UUID) -> SteeringActionSet:
    """What is told of an action as it stands. Of a seat or a member, not who it is."""
    row = await conn.fetchrow(
        """
        SELECT action_id, action.organisation_id, action.set_on, action.due_on, action.state,
               coalesce(plan.workstream, working_group.workstream) AS workstream,
               CASE WHEN meeting_id IS NOT NULL THEN 'steering_group'
                    WHEN action.group_id IS NOT NULL THEN 'working_group'
                    ELSE plan.kind END AS of
          FROM action
          LEFT JOIN objective USING (objective_id)
          LEFT JOIN plan USING (plan_id)
          LEFT JOIN working_group ON working_group.group_id = action.group_id
         WHERE action_id = $1
        """,
        action_id,
    )
    assert row is not None, "actions are never deleted"
    of, state = ActionOf(row["of"]), UndertakingState(row["state"])
    return SteeringActionSet(**{**row, "of": of, "state": state})


async def lock_own_action(conn: Conn, action_id: UUID, caller: Caller) -> asyncpg.Record:
    """An action that the caller may report on, locked. Raises NotFound for all others.

    Those are whoever it is for, the leads of a working group that set it, and a coordinator.
    """
    row = await conn.fetchrow(
        """
        SELECT action_id, action.due_on, action.state, percent, note, action.version,
               coalesce(seat.person_id = $2, false)
               OR coalesce(member.person_id = $2 AND member.left_on IS NULL, false)
               OR coalesce(action.organisation_id = $3, false)
               OR EXISTS (SELECT
                            FROM working_group_member AS lead
                           WHERE lead.group_id = action.group_id AND lead.person_id = $2
                             AND leads AND lead.left_on IS NULL) AS own
          FROM action
          LEFT JOIN seat USING (seat_id)
          LEFT JOIN working_group_member AS member USING (membership_id)
         WHERE action_id = $1
           FOR UPDATE OF action
        """,
        action_id,
        caller.sub,
        caller.organisation_id if caller.has(Role.ORGANISATION_LEAD) else None,
    )
    if row is None or not (row["own"] or caller.has(Role.COORDINATOR)):
        raise NotFound
    return row
