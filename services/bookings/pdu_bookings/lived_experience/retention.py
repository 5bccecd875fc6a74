"""Forgetting: private texts after 90 days, and who somebody was who has left the register."""

from datetime import datetime, timedelta

from pdu_shared.database import Conn
from pdu_shared.retention import Retention

KEPT_FOR = timedelta(days=90)
"""After an engagement was closed, or its expert withdrew."""
KEPT_AT_MOST = timedelta(days=365)
"""After the event, for an engagement that nobody closed; after the meeting, for its outputs."""


async def delete_texts(conn: Conn, now: datetime) -> int:
    """Delete private texts that are due; how many."""
    done: str = await conn.execute(
        """
        DELETE FROM lived_experience.private_text
         USING lived_experience.engagement
          JOIN lived_experience.opportunity USING (opportunity_id)
          JOIN lived_experience.expert USING (expert_id)
         WHERE engagement.engagement_id = private_text.engagement_id
           AND (least(closed_at, engagement.withdrawn_at, expert.withdrawn_at) <= $1
                OR (SELECT max(ends_at)
                      FROM session
                     WHERE session.learning_event_id = opportunity.learning_event_id) <= $2)
        """,
        now - KEPT_FOR,
        now - KEPT_AT_MOST,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def forget_experts(conn: Conn, now: datetime) -> int:
    """Forget who the experts were who left the register long ago; how many."""
    done: str = await conn.execute(
        """
        WITH gone AS (
            UPDATE lived_experience.expert
               SET person_id = NULL, preferred_name = NULL, reach = NULL
             WHERE withdrawn_at <= $1 AND person_id IS NOT NULL
         RETURNING expert_id),
        untrained AS (
            DELETE FROM lived_experience.training USING gone
             WHERE training.expert_id = gone.expert_id)
        SELECT FROM gone
        """,
        now - KEPT_FOR,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def delete_outputs(conn: Conn, now: datetime) -> int:
    """Delete what came out of meetings long ago; how many."""
    done: str = await conn.execute(
        """
        UPDATE lived_experience.meeting SET outputs = NULL
         WHERE ends_at <= $1 AND outputs IS NOT NULL
        """,
        now - KEPT_AT_MOST,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def delete_actions(conn: Conn, now: datetime) -> int:
    """Delete actions that experts were asked about long ago, with what they said; how many."""
    done: str = await conn.execute(
        "DELETE FROM lived_experience.reported_action WHERE put_at <= $1", now - KEPT_AT_MOST
    )
    return int(done.rsplit(maxsplit=1)[-1])


SCHEDULE = (
    Retention(
        data_class="lived_experience.reported_action",
        keeps="What experts said to an action of an organisation, without whose words they are",
        kept_for=KEPT_AT_MOST,
        counted_from="putting it before them",
        apply=delete_actions,
    ),
    Retention(
        data_class="lived_experience.private_text",
        keeps="What is private between an expert and whoever supports them",
        kept_for=KEPT_FOR,
        counted_from="closing the engagement; a year after the event where nobody closed it",
        apply=delete_texts,
    ),
    Retention(
        data_class="lived_experience.expert",
        keeps="Who an expert by experience is, and their trainings",
        kept_for=KEPT_FOR,
        counted_from="leaving the register",
        apply=forget_experts,
    ),
    Retention(
        data_class="lived_experience.meeting",
        keeps="What came out of a meeting of experts",
        kept_for=KEPT_AT_MOST,
        counted_from="the meeting",
        apply=delete_outputs,
    ),
)
