"""Communities of Practice that may not last: what gives it away."""

from datetime import UTC, date, datetime
from uuid import uuid4

import telling
import telling_community

TODAY = {"as_of": "2199-06-01"}


def met(event, day, people):
    """One session of a community and so many people in it."""
    session = uuid4()
    return [
        telling.attendance(
            session_id=session,
            held_on=day,
            learning_event_id=event.learning_event_id,
            event_kind="cop_session",
        )
        for _ in range(people)
    ]


async def signals(figure, community):
    rows = await figure("community_signals", series=community.key, **TODAY)
    return {row["signal"] for row in rows if row["value"]}


async def a_community(take, **details):
    community = telling_community.community(**details)
    event = telling.published(kind="cop_session", series=community.key)
    await take(community, event)
    return community, event


async def test_a_new_community_has_neither_a_convenor_nor_a_date(take, figure):
    community, _ = await a_community(take)
    assert await signals(figure, community) == {"no_convenor", "no_next_date"}


async def test_a_convenor_is_one_until_the_day_that_was_promised(take, figure):
    community, _ = await a_community(take)
    promise = telling_community.convenor(community, date(2199, 5, 31))
    await take(promise)
    assert "no_convenor" in await signals(figure, community)
    await take(promise.model_copy(update={"convenor_until": date(2199, 6, 1)}))
    assert "no_convenor" not in await signals(figure, community)


async def test_a_date_that_was_called_off_is_none(take, figure):
    community, event = await a_community(take)
    later = datetime(2199, 6, 2, 10, tzinfo=UTC)
    await take(telling.scheduled(learning_event_id=event.learning_event_id, starts_at=later))
    assert "no_next_date" not in await signals(figure, community)
    await take(telling_community.called_off(event))
    assert "no_next_date" in await signals(figure, community)


async def test_turnout_falls_when_two_sessions_have_fewer_than_the_one_before(take, figure):
    community, event = await a_community(take)
    await take(*met(event, date(2199, 3, 1), 3), *met(event, date(2199, 4, 1), 2))
    assert "falling_turnout" not in await signals(figure, community)
    await take(*met(event, date(2199, 5, 1), 2), *met(event, date(2199, 7, 1), 9))
    assert "falling_turnout" in await signals(figure, community)


async def test_a_community_that_was_closed_gives_no_signs(take, figure):
    community, _ = await a_community(take)
    await take(telling_community.closed(community))
    assert await signals(figure, community) == set()
    rows = await figure("communities", series=community.key, by="community_state")
    assert rows == [{"community_state": "closed", "value": 1}]
