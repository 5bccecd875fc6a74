"""What is kept about subscribers, and when it is forgotten."""

from datetime import datetime, timedelta

from pdu_shared.database import Conn
from pdu_shared.holding import Holding
from pdu_shared.retention import Retention

UNCONFIRMED_FOR = timedelta(days=14)


async def forget_unconfirmed(conn: Conn, now: datetime) -> int:
    """Forget who never confirmed that it was they who asked; how many.

    Their address goes too, unless they are known for another reason.
    """
    forgotten = await conn.fetch(
        """
        DELETE FROM subscriber
         WHERE asked_at <= $1
           AND NOT EXISTS (SELECT FROM subscription
                            WHERE subscription.subscriber_id = subscriber.subscriber_id
                              AND state <> 'pending_confirmation')
        RETURNING person_id, subscriber_id
        """,
        now - UNCONFIRMED_FOR,
    )
    persons = [row["person_id"] for row in forgotten]
    subscribers = [row["subscriber_id"] for row in forgotten]
    await conn.execute("DELETE FROM link WHERE related_id = ANY ($1::uuid[])", subscribers)
    await conn.execute(
        """
        DELETE FROM contact_point
         WHERE person_id = ANY ($1::uuid[]) AND NOT verified AND name = ''
           AND NOT EXISTS (SELECT FROM letter
                            WHERE letter.person_id = contact_point.person_id
                              AND related_id <> ALL ($2::uuid[]))
        """,
        persons,
        subscribers,
    )
    return len(forgotten)


HOLDINGS = (
    Holding(
        table="subscriber",
        words="The lists that you asked for, with every change",
        copy="""
            SELECT subscription.list, step.state, step.basis, step.wording, step.how, step.at,
                   subscriber.topics
              FROM subscriber
              JOIN subscription USING (subscriber_id)
              JOIN subscription_step AS step USING (subscription_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY step_id
            """,
        forget="DELETE FROM subscriber WHERE person_id = ANY ($1::uuid[])",
        also=("subscription", "subscription_step"),
    ),
)

SCHEDULE = (
    Retention(
        data_class="notifications.unconfirmed",
        keeps="Addresses for which a list was asked for and never confirmed",
        kept_for=UNCONFIRMED_FOR,
        counted_from="asking for it",
        apply=forget_unconfirmed,
    ),
)
