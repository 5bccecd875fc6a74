"""An ambassador is asked to prepare an expert before an event, and how it was after it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from notifications.office import letters_of, tell
from notifications.told import Story
from pdu_notifications.diary import post_next
from pdu_shared.contracts.bookings.lived_experience import (
    ExpertBriefed,
    ExpertContributed,
    ExpertDebriefed,
    ExpertSupported,
    ExpertWithdrew,
)


class Part:
    """Somebody takes part in an event, whom an ambassador supports: the story's person."""

    def __init__(self):
        self.story = Story()
        self.about = {
            "engagement_id": uuid4(),
            "learning_event_id": self.story.learning_event_id,
        }

    def supported(self, by=None):
        ambassador = (by or self.story).person_id
        return ExpertSupported(**self.about, ambassador_id=ambassador)

    @property
    def briefed(self):
        return ExpertBriefed(**self.about, on_time=True)

    @property
    def withdrew(self):
        return ExpertWithdrew(**self.about, opportunity_id=uuid4())

    @property
    def contributed(self):
        return ExpertContributed(**self.about, role="panel", arnstein_level="partnership")

    @property
    def debriefed(self):
        return ExpertDebriefed(**self.about, on_time=True)


async def planned(database, story):
    rows = await database.pool.fetch(
        "SELECT kind, due_at FROM due WHERE person_id = $1 ORDER BY due_at", story.person_id
    )
    return [(row["kind"], row["due_at"]) for row in rows]


@pytest.fixture
async def part(database, sealer):
    it = Part()
    await tell(database, *it.story.announced, it.supported(), sealer=sealer)
    return it


async def test_a_briefing_is_asked_for_two_weeks_before_and_says_nothing_of_whom(database, part):
    [(kind, due_at)] = await planned(database, part.story)
    assert kind == "ambassador_briefing"
    ahead = part.story.starts_at - due_at
    assert timedelta(days=13, hours=22) < ahead < timedelta(days=14, hours=2)
    assert await post_next(database, now=due_at + timedelta(minutes=1))
    [letter] = await letters_of(database, part.story)
    assert f"takes part in {part.story.title}" in letter["content"]
    assert letter["list"] is None


@pytest.mark.parametrize("done", ["briefed", "withdrew"])
async def test_it_is_not_asked_for_once_it_has_been_or_nobody_comes(database, part, done):
    await tell(database, getattr(part, done))
    assert await planned(database, part.story) == []


async def test_a_debrief_is_asked_for_on_the_day_after_until_it_has_been(database, part):
    await tell(database, part.contributed)
    [(kind, due_at)] = await planned(database, part.story)
    assert kind == "ambassador_debrief"
    ends_at = part.story.scheduled[0].ends_at
    assert timedelta(0) < due_at - ends_at < timedelta(days=2)
    assert await post_next(database, now=due_at)
    await tell(database, part.debriefed)
    [letter] = await letters_of(database, part.story)
    assert "how it was" in letter["content"]


async def test_the_task_goes_over_to_another_ambassador_and_moves_with_the_event(
    database, part, sealer
):
    other = Story()
    await tell(database, part.supported(other), sealer=sealer)
    assert await planned(database, part.story) == []
    [(_, before)] = await planned(database, other)
    await tell(database, part.story.moved(part.story.starts_at + timedelta(days=3)))
    [(_, after)] = await planned(database, other)
    assert timedelta(days=2, hours=22) < after - before < timedelta(days=3, hours=2)
    assert after > datetime.now(UTC)
