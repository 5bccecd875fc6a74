"""Batches of imported history: each message once, and the one that closes the file apart."""

from uuid import uuid4

import telling
from bus import arrived


async def journalled(kept, batch_id):
    """How many messages of a batch have come in."""
    rows = await kept("import_batch", batch_id=batch_id)
    return [sum(span.upper - span.lower for span in row["told"]) for row in rows]


def of_batch(batch_id, *messages):
    return [arrived(one, origin="import", batch_id=batch_id) for one in messages]


async def test_the_messages_of_a_batch_are_counted_once_each(take, kept):
    batch_id = uuid4()
    first, second, third = of_batch(batch_id, *(telling.attendance() for _ in range(3)))
    await take(first, second)
    await take(second, first, third)
    assert await journalled(kept, batch_id) == [3]


async def test_what_closes_a_file_and_what_is_told_of_today_are_not_counted(take, kept):
    batch_id = uuid4()
    await take(*of_batch(batch_id, telling.member(), telling.imported(batch_id=batch_id)))
    await take(arrived(telling.member(), batch_id=batch_id))
    assert await journalled(kept, batch_id) == [1]


async def test_two_batches_that_come_in_together_are_told_apart(take, kept):
    one, other = uuid4(), uuid4()
    mixed = zip(
        of_batch(one, *(telling.activity() for _ in range(3))),
        of_batch(other, *(telling.member() for _ in range(3))),
        strict=True,
    )
    await take(*(message for pair in mixed for message in pair))
    assert await journalled(kept, one) == await journalled(kept, other) == [3]
