"""What is kept about those who steer and those in working groups, and for how long."""

from datetime import datetime

from pdu_resources.rules.steering import NAME_KEPT_FOR, name_goes_before
from pdu_shared.database import Conn
from pdu_shared.holding import Holding
from pdu_shared.local_time import local_day
from pdu_shared.retention import Retention


async def forget_names(conn: Conn, now: datetime) -> int:
    """Forget who it was whose term or membership ended a year ago; how many."""
    forgotten: int = await conn.fetchval(
        """
        WITH seats AS (UPDATE seat SET name = NULL, person_id = NULL
                        WHERE ends_on < $1 AND (name IS NOT NULL OR person_id IS NOT NULL)
                    RETURNING 1),
             groups AS (UPDATE working_group_member SET name = NULL, person_id = NULL
                         WHERE left_on < $1 AND (name IS NOT NULL OR person_id IS NOT NULL)
                     RETURNING 1)
        SELECT (SELECT count(*) FROM seats) + (SELECT count(*) FROM groups)
        """,
        name_goes_before(local_day(now)),
    )
    return forgotten


HOLDINGS = (
    Holding(
        table="action",
        words="What you were to do in the steering group or a working group",
        copy="""
            SELECT what, due_on, state, percent, note
              FROM action
              LEFT JOIN seat USING (seat_id)
              LEFT JOIN working_group_member AS member USING (membership_id)
             WHERE seat.person_id = ANY ($1::uuid[]) OR member.person_id = ANY ($1::uuid[])
             ORDER BY due_on
            """,
        # Before the seat and the membership, which lead to the person, are emptied.
        forget="""
            UPDATE action SET note = NULL
             WHERE note IS NOT NULL
               AND (seat_id IN (SELECT seat_id FROM seat WHERE person_id = ANY ($1::uuid[]))
                    OR membership_id IN (SELECT membership_id
                                           FROM working_group_member
                                          WHERE person_id = ANY ($1::uuid[])))
            """,
        stays="What was to be done, by a seat or a membership that no longer leads to anybody.",
    ),
    Holding(
        table="seat",
        words="Your seat in the steering group",
        copy="""
            SELECT kind, name, listed, organisation, sector, role_level, chairs, starts_on, ends_on
              FROM seat
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY starts_on
            """,
        forget="""
            UPDATE seat SET name = NULL, person_id = NULL WHERE person_id = ANY ($1::uuid[])
            """,
        stays="That somebody had the seat, so that the balance of the group stays as it was.",
        also=("steering_attendance",),
    ),
    Holding(
        table="working_group_member",
        words="Working groups that you belong to, or did",
        copy="""
            SELECT title, name, member.organisation, leads, joined_on, left_on
              FROM working_group_member AS member JOIN working_group USING (group_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY joined_on
            """,
        forget="""
            UPDATE working_group_member SET name = NULL, person_id = NULL
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays="That somebody belonged to the group.",
    ),
    Holding(
        table="organisation_attendance",
        words="Sessions at which you counted for your organisation",
        copy="""
            SELECT held_on, came
              FROM organisation_attendance
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY held_on
            """,
        stays="Under an id that no longer leads to anybody, so that what was kept stays counted.",
    ),
    Holding(
        table="change",
        words="Entries, plans and the like that you changed",
        copy="""
            SELECT kind, changed_at FROM change WHERE changed_by = ANY ($1::uuid[])
             ORDER BY change_id
            """,
        stays="Under an id that no longer leads to anybody.",
    ),
    Holding(
        table="steering_read",
        words="When you looked at names in the steering group that are not listed",
        copy="""
            SELECT read_at FROM steering_read WHERE reader = ANY ($1::uuid[]) ORDER BY read_id
            """,
        stays="Evidence of who looked, under an id that no longer leads to anybody.",
    ),
)

SCHEDULE = (
    Retention(
        data_class="resources.steering_name",
        keeps="Names of those who had a seat in the steering group or belonged to a working group",
        kept_for=NAME_KEPT_FOR,
        counted_from="the last day of the term or membership",
        apply=forget_names,
    ),
)
