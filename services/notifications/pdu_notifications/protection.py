"""What notifications keep about people, for how long, and how it is forgotten."""

from datetime import datetime, timedelta

from pdu_shared.database import Conn
from pdu_shared.holding import Holding
from pdu_shared.local_time import local_day
from pdu_shared.retention import Retention

LETTERS_KEPT_FOR = timedelta(days=400)
PRESENCE_KEPT_FOR = timedelta(days=400)
WAYS_KEPT_FOR = timedelta(days=28)


async def forget_words(conn: Conn, now: datetime) -> int:
    """Forget what letters said that were dealt with long ago; how many. That they went, stays."""
    done: str = await conn.execute(
        """
        UPDATE letter SET content = ''
         WHERE changed_at <= $1 AND content <> ''
           AND state NOT IN ('queued', 'sending', 'in_doubt', 'deferred', 'held', 'by_hand')
        """,
        now - LETTERS_KEPT_FOR,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def forget_ways(conn: Conn, now: datetime) -> int:
    """Forget how to reach those of whom we know no e-mail address, when all is told; how many.

    Whoever has one keeps the way that they chose for as long as the address is known.
    """
    done: str = await conn.execute(
        """
        DELETE FROM contact_way
         WHERE kept_at <= $1
           AND NOT EXISTS (SELECT FROM contact_point
                            WHERE contact_point.person_id = contact_way.person_id)
           AND NOT EXISTS (SELECT FROM due WHERE due.person_id = contact_way.person_id)
           AND NOT EXISTS (SELECT FROM letter
                            WHERE letter.person_id = contact_way.person_id
                              AND (changed_at > $1 OR state IN ('queued', 'sending', 'in_doubt',
                                                                'deferred', 'held', 'by_hand')))
           AND NOT EXISTS (SELECT FROM booking JOIN session USING (learning_event_id)
                            WHERE booking.person_id = contact_way.person_id
                              AND state <> 'cancelled' AND ends_at > $1)
        """,
        now - WAYS_KEPT_FOR,
    )
    return int(done.rsplit(maxsplit=1)[-1])


async def forget_presence(conn: Conn, now: datetime) -> int:
    """Forget who was where, when no letter follows from it any more; how many."""
    done: str = await conn.execute(
        "DELETE FROM presence WHERE held_on <= $1", local_day(now - PRESENCE_KEPT_FOR)
    )
    return int(done.rsplit(maxsplit=1)[-1])


HOLDINGS = (
    Holding(
        table="link",
        words="The links in your letters",
        forget="""
            DELETE FROM link
             WHERE related_id IN (SELECT related_id FROM letter WHERE person_id = ANY ($1::uuid[])
                                   UNION ALL
                                  SELECT booking_id FROM booking
                                   WHERE person_id = ANY ($1::uuid[]))
            """,
    ),
    Holding(
        table="module_wish",
        words="Modules that you asked to be reminded of",
        copy="""
            SELECT title FROM module_wish WHERE person_id = ANY ($1::uuid[]) ORDER BY title
            """,
        forget="DELETE FROM module_wish WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="due",
        words="Letters that were planned for you",
        copy="""
            SELECT kind, due_at, reason FROM due WHERE person_id = ANY ($1::uuid[]) ORDER BY due_at
            """,
        forget="DELETE FROM due WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="letter",
        words="Letters to you",
        copy="""
            SELECT letter_id, kind, state, posted_at, changed_at, content
              FROM letter
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY letter_id
            """,
        forget="""
            UPDATE letter
               SET content = '', reached = NULL, changed_at = now(),
                   reason = CASE WHEN state IN ('queued', 'sending', 'in_doubt', 'deferred',
                                                'held', 'by_hand')
                                 THEN 'person_erased' ELSE reason END,
                   state = CASE WHEN state IN ('queued', 'sending', 'in_doubt', 'deferred',
                                               'held', 'by_hand')
                                THEN 'cancelled' ELSE state END
             WHERE person_id = ANY ($1::uuid[]) AND content <> ''
            """,
        stays="That a letter of this kind was sent, without what it said.",
        also=("booking",),
    ),
    Holding(
        table="bounce",
        words="Letters to you that came back",
        copy="SELECT status, at FROM bounce WHERE person_id = ANY ($1::uuid[]) ORDER BY at",
        forget="DELETE FROM bounce WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="suppression",
        words="That your address takes no letters",
        copy="SELECT reason, since FROM suppression WHERE person_id = ANY ($1::uuid[])",
        forget="DELETE FROM suppression WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="contact_point",
        words="Your name and address",
        copy="""
            SELECT name, address, verified FROM contact_point WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM contact_point WHERE person_id = ANY ($1::uuid[])",
        also=("person_alias",),
    ),
    Holding(
        table="contact_way",
        words="How you wish to hear from us, and where that leads",
        copy="""
            SELECT name, wishes, phone, through, postal_address
              FROM contact_way
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM contact_way WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="presence",
        words="Which sessions you were at, for the letters that follow them",
        copy="""
            SELECT learning_event_id, came, held_on
              FROM presence
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY held_on
            """,
        forget="DELETE FROM presence WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="hub_member",
        words="That you have an account of the hub",
        forget="DELETE FROM hub_member WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="community_member",
        words="The communities that you belong to",
        copy="""
            SELECT community.title
              FROM community_member JOIN community USING (community_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM community_member WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="support",
        words="The events at which you support somebody",
        copy="""
            SELECT learning_event_id FROM support WHERE ambassador_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM support WHERE ambassador_id = ANY ($1::uuid[])",
    ),
)

SCHEDULE = (
    Retention(
        data_class="notifications.letter",
        keeps="What letters said",
        kept_for=LETTERS_KEPT_FOR,
        counted_from="sending them",
        apply=forget_words,
    ),
    Retention(
        data_class="notifications.contact_way",
        keeps="Telephone numbers and postal addresses of people without an e-mail address",
        kept_for=WAYS_KEPT_FOR,
        counted_from="their last session and the last word to them",
        apply=forget_ways,
    ),
    Retention(
        data_class="notifications.presence",
        keeps="Who was at which session, for the letters that follow",
        kept_for=PRESENCE_KEPT_FOR,
        counted_from="the day of the session",
        apply=forget_presence,
    ),
)
