"""What people tell besides when they ask for a place."""

import a

TOLD = {
    "needs": {"access": "A seat near the door,\nplease.", "dietary": "q7canary7q"},
    "prior_knowledge": "some",
    "share_with_attendees": True,
    "sector_other": "A family foundation",
}


async def booked(http, token, **told):
    event = await a.published_event(http, token("coordinator"))
    answer = await a.ask_for_place(http, event, **told)
    assert answer.status_code == 201, answer.text
    return answer.json()["booking_id"]


async def test_what_is_told_besides_is_kept_with_the_booking(
    bookings_http, bookings_database, token
):
    booking_id = await booked(bookings_http, token, **TOLD)
    kept = await bookings_database.pool.fetchrow(
        """
        SELECT need.access, need.support, booking_choice.choice, other_word.words
          FROM need
          JOIN sharing USING (booking_id)
          JOIN booking_choice USING (booking_id)
          JOIN other_word USING (booking_id)
         WHERE booking_id = $1::text::uuid
        """,
        booking_id,
    )
    assert tuple(kept) == (
        "A seat near the door,\nplease.",
        None,
        "some",
        "A family foundation",
    )


async def test_nothing_that_is_told_besides_leaves_the_service(
    bookings_http, bookings_database, token
):
    booking_id = await booked(bookings_http, token, **TOLD)
    bodies = await bookings_database.pool.fetch(
        "SELECT body FROM outbox WHERE subject = $1", f"booking/{booking_id}"
    )
    assert bodies
    for word in ("q7canary7q", "seat near", "foundation", '"some"'):
        assert not [one for one in bodies if word in one["body"]]


async def test_what_cannot_be_kept_is_refused_with_its_place(bookings_http, token):
    event = await a.published_event(bookings_http, token("coordinator"))
    answer = await a.ask_for_place(
        bookings_http,
        event,
        needs={"access": "bell\x07", "diet": "none"},
        prior_knowledge="a lot",
        share_with_attendees="yes",
    )
    pointers = {one["pointer"] for one in answer.json()["errors"]}
    assert (answer.status_code, pointers) == (
        422,
        {"/needs/access", "/needs/diet", "/prior_knowledge", "/share_with_attendees"},
    )
