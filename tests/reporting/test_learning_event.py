"""Learning events and their sessions are kept as they were told last."""

from datetime import timedelta

import telling
from pdu_shared.contracts.bookings.programme import EventUpdated, SessionRescheduled


async def test_a_learning_event_belongs_to_its_series_or_to_none(take, kept):
    alone = telling.published()
    one_of_many = telling.published(kind="cop_session", series="cop-housing")
    await take(alone, one_of_many)
    series = [
        row["series"]
        for told in (alone, one_of_many)
        for row in await kept("learning_event", learning_event_id=told.learning_event_id)
    ]
    assert series == [None, "cop-housing"]


async def test_a_learning_event_is_what_it_was_described_as_last(take, kept):
    first = telling.published(workstreams=("housing",))
    said = {**first.model_dump(), "title": "Hoarding, again", "workstreams": ("pie",)}
    await take(first, EventUpdated(**said, changed_fields=("title", "workstreams")))
    [row] = await kept("learning_event", learning_event_id=first.learning_event_id)
    assert (row["title"], row["workstreams"]) == ("Hoarding, again", ["pie"])


async def test_a_session_is_on_the_day_to_which_it_was_moved(take, kept):
    first = telling.scheduled()
    week = timedelta(days=7)
    before = {
        "previous_starts_at": first.starts_at,
        "previous_ends_at": first.ends_at,
        "previous_place": first.place,
    }
    said = {
        **first.model_dump(),
        "starts_at": first.starts_at + week,
        "ends_at": first.ends_at + week,
    }
    await take(first, SessionRescheduled(**said, **before))
    [row] = await kept("session", session_id=first.session_id)
    assert row["starts_on"] == (first.starts_at + week).date()
