"""What the hub heard from bookings about somebody: their copy of it, and how it is forgotten."""

from pdu_shared.holding import Holding

HOLDINGS = (
    Holding(
        table="my_booking",
        words="Your bookings, as the hub heard of them",
        copy="""
            SELECT learning_event_id, state, booked_on
              FROM my_booking
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM my_booking WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="my_event_certificate",
        words="Your certificates of attendance, as the hub heard of them",
        copy="""
            SELECT learning_event_id, hours, holds
              FROM my_event_certificate
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM my_event_certificate WHERE person_id = ANY ($1::uuid[])",
    ),
)
