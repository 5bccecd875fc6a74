"""What bookings keep about people: how they get a copy of it, and how it is forgotten."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pdu_bookings.place.cancellation import cancel
from pdu_shared.contracts.vocabulary import CancelledBy
from pdu_shared.database import Conn
from pdu_shared.holding import Holding

REASON = "person_erased"
PSEUDONYM = "Under an id that no longer leads to anybody, so that figures stay as they were."


async def give_back_what_is_to_come(conn: Conn, person_ids: Sequence[UUID], now: datetime) -> int:
    """Give back the places of whoever is forgotten: nobody could tell them anything any more."""
    rows = await conn.fetch(
        """
        SELECT booking_id
          FROM booking
         WHERE person_id = ANY ($1::uuid[]) AND active
           AND $2 < (SELECT min(starts_at)
                       FROM session
                      WHERE session.learning_event_id = booking.learning_event_id)
         ORDER BY booking_id
        """,
        person_ids,
        now,
    )
    for row in rows:
        await cancel(conn, row["booking_id"], by=CancelledBy.PERSON, reason=REASON, now=now)
    return len(rows)


HOLDINGS = (
    Holding(
        table="member_profile",
        words="What the online hub told us of you, so that you are not asked twice",
        copy="""
            SELECT sector, work_field, role_level, area, organisation_id
              FROM member_profile
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM member_profile WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="booking",
        words="Your bookings, and how you described yourself when you made them",
        copy="""
            SELECT booking_id, learning_event.title AS learning_event,
                   booking.state, organisation, sector,
                   work_field, role_level, area, heard_about, channel, booked_at, ended_at,
                   agreement_accepted.version AS agreement_accepted
              FROM booking JOIN learning_event USING (learning_event_id)
              LEFT JOIN agreement_accepted USING (booking_id)
             WHERE person_id = ANY ($1::uuid[])
             ORDER BY booking_id
            """,
        forget=give_back_what_is_to_come,
        stays=PSEUDONYM,
        also=(
            "place",
            "agreement_accepted",
            "asked_for",
            "person_alias",
            "admission",
            "charge_waiver",
        ),
    ),
    Holding(
        table="booking.organisation",
        words="The organisation as you typed it",
        forget="""
            UPDATE booking SET organisation = NULL
             WHERE person_id = ANY ($1::uuid[]) AND organisation IS NOT NULL
            """,
    ),
    Holding(
        table="booking_text",
        words="What you wrote in answer to questions at booking",
        copy="""
            SELECT booking_id, booking_question.wording AS question, words
              FROM booking_text JOIN booking USING (booking_id)
              LEFT JOIN booking_question USING (learning_event_id, code)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM booking_text USING booking
             WHERE booking.booking_id = booking_text.booking_id
               AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="booking_choice",
        words="What you chose in answer to questions at booking",
        copy="""
            SELECT booking_id, booking_question.wording AS question, choice
              FROM booking_choice JOIN booking USING (booking_id)
              LEFT JOIN booking_question USING (learning_event_id, code)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM booking_choice USING booking
             WHERE booking.booking_id = booking_choice.booking_id
               AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="other_word",
        words="Your own words where none of ours fitted",
        copy="""
            SELECT booking_id, field, words
              FROM other_word JOIN booking USING (booking_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM other_word USING booking
             WHERE booking.booking_id = other_word.booking_id AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="contact",
        words="How to reach you about a booking, and what you need there",
        copy="""
            SELECT booking_id, name, address, reach, purge_on, access, dietary, support,
                   sharing.booking_id IS NOT NULL AS shares_name
              FROM contact JOIN booking USING (booking_id)
              LEFT JOIN need USING (booking_id)
              LEFT JOIN sharing USING (booking_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM contact USING booking
             WHERE booking.booking_id = contact.booking_id AND person_id = ANY ($1::uuid[])
            """,
        also=("need", "sharing"),
    ),
    Holding(
        table="need_reading",
        words="Who read what you need",
        copy="""
            SELECT booking_id, read_at
              FROM need_reading JOIN booking USING (booking_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays="Evidence of who read what is kept; it does not say what it was.",
    ),
    Holding(
        table="nomination",
        words="Learning events for which you were nominated, or nominated somebody",
        copy="""
            SELECT nomination_id, learning_event.title AS learning_event,
                   nomination.state, nominated_at,
                   nominated_by = ANY ($1::uuid[]) AS by_you
              FROM nomination JOIN learning_event USING (learning_event_id)
             WHERE person_id = ANY ($1::uuid[]) OR nominated_by = ANY ($1::uuid[])
            """,
        stays=PSEUDONYM,
        also=("follow_up_invitation", "put_first"),
    ),
)
