"""What is kept about experts by experience: their copy of it, and how it is forgotten."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pdu_bookings.lived_experience.withdrawal import withdraw_from_all
from pdu_shared.database import Conn
from pdu_shared.holding import Holding


async def withdraw(conn: Conn, person_ids: Sequence[UUID], now: datetime) -> int:
    """Withdraw whoever is forgotten from all that is still to come."""
    rows = await conn.fetch(
        """
        SELECT expert_id
          FROM lived_experience.expert
         WHERE person_id = ANY ($1::uuid[]) AND withdrawn_at IS NULL
         ORDER BY expert_id
           FOR UPDATE
        """,
        person_ids,
    )
    for row in rows:
        await withdraw_from_all(conn, row["expert_id"], now=now)
    return len(rows)


HOLDINGS = (
    Holding(
        table="lived_experience.action_commented",
        words="Which actions of organisations you commented on; not what you said",
        copy="""
            SELECT action_id
              FROM lived_experience.action_commented
              JOIN lived_experience.expert USING (expert_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM lived_experience.action_commented USING lived_experience.expert
             WHERE expert.expert_id = action_commented.expert_id
               AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="lived_experience.private_text",
        words="What is private between you and whoever supports you",
        copy="""
            SELECT engagement_id, kind, text, written_at
              FROM lived_experience.private_text
              JOIN lived_experience.engagement USING (engagement_id)
              JOIN lived_experience.expert USING (expert_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM lived_experience.private_text
             USING lived_experience.engagement JOIN lived_experience.expert USING (expert_id)
             WHERE engagement.engagement_id = private_text.engagement_id
               AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="lived_experience.training",
        words="The trainings you took as an expert by experience",
        copy="""
            SELECT kind, taken_on
              FROM lived_experience.training JOIN lived_experience.expert USING (expert_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM lived_experience.training USING lived_experience.expert
             WHERE expert.expert_id = training.expert_id AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="lived_experience.engagement",
        words="The learning events you take part in as an expert by experience",
        copy="""
            SELECT engagement_id, learning_event.title AS learning_event,
                   role, involvement, opted_in_on,
                   briefed_on, pre_meeting_at, pre_meeting_place, contributed_on, arnstein_level,
                   debriefed_on, thanked_on, expenses_pence, minutes_given, feedback_given_on,
                   closed_at, engagement.withdrawn_at
              FROM lived_experience.engagement
              JOIN lived_experience.opportunity USING (opportunity_id)
              JOIN lived_experience.expert USING (expert_id)
              JOIN learning_event USING (learning_event_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget=withdraw,
        stays="That somebody contributed, and when. Nothing leads to who it was.",
        also=("lived_experience.notice", "lived_experience.private_read"),
    ),
    Holding(
        table="lived_experience.keep_apart",
        words="Somebody who is not to sit at your table",
        copy="""
            SELECT starts_at AS session
              FROM lived_experience.keep_apart JOIN session USING (session_id)
             WHERE one_id = ANY ($1::uuid[]) OR other_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM lived_experience.keep_apart
             WHERE one_id = ANY ($1::uuid[]) OR other_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="lived_experience.expert",
        words="That you are an expert by experience, and how to reach you",
        copy="""
            SELECT expert_id, preferred_name, contact_way, reach, registered_at, withdrawn_at
              FROM lived_experience.expert
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            UPDATE lived_experience.expert
               SET withdrawn_at = coalesce(withdrawn_at, now()), person_id = NULL,
                   preferred_name = NULL, reach = NULL
             WHERE person_id = ANY ($1::uuid[])
            """,
    ),
)
