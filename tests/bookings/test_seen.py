"""A person looks at their booking: all that they read belongs to one moment."""

import asyncio

import places
from eventually import until

BLOCKED = """
    SELECT EXISTS (SELECT FROM pg_locks
                    WHERE relation = 'learning_event'::regclass AND NOT granted
                      AND mode = 'AccessShareLock')
"""
HAS_A_PLACE = """
    UPDATE booking SET state = 'offered', offer_expires_at = now() + interval '1 hour'
     WHERE booking_id = $1::text::uuid
"""


async def test_a_booking_that_changes_while_somebody_looks_is_seen_as_it_was(
    bookings_http, bookings_database, token, link
):
    _, waits, _ = await places.three_who_asked(bookings_http, token("coordinator"))
    async with bookings_database.pool.acquire() as conn:
        async with conn.transaction():
            # Who looks has read the booking, and waits for its learning event.
            await conn.execute("LOCK TABLE learning_event IN ACCESS EXCLUSIVE MODE")
            looking = asyncio.create_task(bookings_http.get(f"/b/{link(waits)}"))
            await until(lambda: bookings_database.pool.fetchval(BLOCKED))
            await conn.execute(HAS_A_PLACE, waits["booking_id"])
        seen = (await looking).json()
    assert (seen["state"], seen["position"]) == ("waitlisted", 1)
    after = (await bookings_http.get(f"/b/{link(waits)}")).json()
    assert (after["state"], after["position"]) == ("offered", None)
