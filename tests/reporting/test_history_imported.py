"""Files of records that have been taken, as the service that took each of them told."""

import pytest

import telling
from bus import arrived
from pdu_shared.contracts.bookings import past
from pdu_shared.contracts.resources import past as resources


@pytest.mark.parametrize("kind", [past.HistoryImported, resources.HistoryImported])
async def test_a_file_says_what_it_had_and_who_took_it(take, kept, kind):
    closed = telling.imported(kind, file="events", rows=12, messages=30)
    await take(arrived(closed, origin="import", batch_id=closed.batch_id))
    assert await kept("history_imported", batch_id=closed.batch_id) == [
        {
            "batch_id": closed.batch_id,
            "service": kind.service(),
            "file": "events",
            "rows": 12,
            "messages": 30,
            "sequence": 1,
        }
    ]


async def test_a_file_that_is_closed_again_has_what_it_had_last(take, kept):
    closed = telling.imported(messages=30)
    first = arrived(closed)
    second = arrived(closed.model_copy(update={"messages": 31}))
    await take(second)
    await take(first)
    [row] = await kept("history_imported", batch_id=closed.batch_id)
    assert row["messages"] == 31
