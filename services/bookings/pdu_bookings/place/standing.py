"""The bookings that people have already, as the answers that they were given."""

from collections.abc import Collection

from pdu_bookings.place.asking import BookingAnswer, Claim, PlaceGiven, note
from pdu_shared.database import Conn


async def standing(conn: Conn, claims: Collection[Claim]) -> dict[Claim, BookingAnswer]:
    """The active bookings of these people, each named once, as they stand."""
    if not claims:
        return {}
    rows = await conn.fetch(
        """
        SELECT booking.booking_id, booking.learning_event_id, claim.person_id, booking.state,
               booking.offer_expires_at, place.session_id, waiting_position(booking) AS position,
               booking.outside
          FROM unnest($1::uuid[], $2::uuid[]) AS claim (learning_event_id, person_id)
          JOIN booking ON booking.learning_event_id = claim.learning_event_id
                      AND coalesce(booking.kept_as, booking.person_id) = claim.person_id
                      AND booking.active
          JOIN place USING (booking_id)
         ORDER BY place.session_id
        """,
        [learning_event_id for learning_event_id, _ in claims],
        [person_id for _, person_id in claims],
    )
    found: dict[Claim, BookingAnswer] = {}
    for row in rows:
        answer = found.setdefault(
            (row["learning_event_id"], row["person_id"]),
            BookingAnswer(
                booking_id=row["booking_id"],
                learning_event_id=row["learning_event_id"],
                state=row["state"],
                places=[],
                offer_expires_at=row["offer_expires_at"],
                note=note(row["outside"]),
            ),
        )
        answer.places.append(
            PlaceGiven(session_id=row["session_id"], state=row["state"], position=row["position"])
        )
    return found
