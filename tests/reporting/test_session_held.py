"""Sessions that took place: what was said last counts, in whatever order it is heard."""

from datetime import date

import telling
from bus import arrived


async def test_a_session_that_was_held_has_its_day(take, kept):
    held = telling.held(held_on=date(2198, 3, 4))
    await take(held)
    assert await kept("session_held", session_id=held.session_id) == [
        {
            "session_id": held.session_id,
            "learning_event_id": held.learning_event_id,
            "held": True,
            "held_on": date(2198, 3, 4),
            "sequence": 1,
        }
    ]


async def test_a_session_that_was_not_held_after_all_is_not_held(take, kept):
    held = telling.held()
    first, second = arrived(held), arrived(telling.withdrawn(held))
    await take(second)
    await take(first)
    [row] = await kept("session_held", session_id=held.session_id)
    assert (row["held"], row["held_on"]) == (False, None)


async def test_a_session_can_be_held_again(take, kept):
    held = telling.held()
    await take(held, telling.withdrawn(held), held)
    assert [row["held"] for row in await kept("session_held", session_id=held.session_id)] == [True]
