"""A month by a simulated clock: each letter at its time, not at night, not too many, not twice."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

from notifications.after import was
from notifications.office import Clock, office, tell
from notifications.told import Story
from pdu_notifications.diary import post_next
from pdu_notifications.postman import deliver_next
from pdu_notifications.rules.courtesy import Quiet
from pdu_shared.contracts.bookings.material import MaterialAdded
from pdu_shared.contracts.resources.library import RecordingPublished, ResourcePublished
from pdu_shared.contracts.resources.survey import SurveyLinkIssued
from pdu_shared.identity import uuid7
from pdu_shared.local_time import HOME, local_day

NIGHT = Quiet(time(20), time(8))
PEOPLE, DAYS = 8, 36
HOUR = timedelta(hours=1)


class Month:
    """The service with its postman, and a clock that goes hour by hour."""

    def __init__(self, database, box):
        self.database, self.clock = database, Clock()
        self.place = replace(office(database, box, clock=self.clock), quiet=NIGHT)
        self.began = datetime.now(UTC)

    async def until(self, moment):
        while self.clock() < moment:
            self.clock.forward(hours=1)
            while await post_next(self.database, now=self.clock(), quiet=NIGHT):
                pass
            while await deliver_next(self.place):
                pass

    async def went(self, person_id=None):
        """(person, kind, list, moment) of what was sent, in the order of time."""
        return await self.database.pool.fetch(
            """
            SELECT person_id, kind, list, changed_at AS at, key FROM letter
             WHERE state = 'sent' AND person_id = coalesce($1, person_id)
             ORDER BY changed_at, letter_id
            """,
            person_id,
        )


def survey(story):
    return SurveyLinkIssued(
        invitation_id=uuid4(),
        person_id=story.person_id,
        survey_title="After the event",
        learning_event_id=story.learning_event_id,
        token=f"1{uuid4().hex}",
        kind="post_event",
    )


def found_in_the_hub(event):
    ours = {"item_id": uuid4(), "title": "Hoarding", "learning_event_id": event.learning_event_id}
    return [
        MaterialAdded(
            material_id=uuid7(),
            learning_event_id=event.learning_event_id,
            kind="slides",
            title="Step by step",
            url="https://slides.example.org/steps.pdf",
        ),
        RecordingPublished(**ours, item_key="recording", captions="captioned"),
        ResourcePublished(
            **{**ours, "item_id": uuid4()},
            item_key="toolkit",
            type="toolkit",
            workstreams=("housing",),
            members_only=False,
            published_on=datetime.now(UTC).date(),
        ),
    ]


async def test_a_month_of_cadence(database, sealer, post_box):
    box = await post_box()
    month = Month(database, box)
    evening = (month.began + timedelta(days=9)).replace(hour=19, minute=0, second=0, microsecond=0)
    first = Story(starts_at=evening, mode="online")
    people = [first] + [
        replace(first, person_id=uuid4(), booking_id=uuid4()) for _ in range(PEOPLE - 1)
    ]
    cancels, *others = people
    absent, *present = others
    await tell(database, *first.announced, sealer=sealer)
    for one in people:
        await tell(database, one.link, one.booked, sealer=sealer)
    await month.until(evening - timedelta(days=3))
    await tell(database, cancels.cancelled)
    await month.until(evening + timedelta(hours=3))
    held = {"held_on": local_day(evening)}
    for one in present:
        await tell(database, was(one, "present").model_copy(update=held))
    await tell(database, was(absent, "absent_no_show").model_copy(update=held))
    await month.until(evening + timedelta(days=4))
    await tell(database, *found_in_the_hub(first))
    await month.until(evening + timedelta(days=14))
    await tell(database, *(survey(one) for one in present), sealer=sealer)
    await month.until(month.began + timedelta(days=DAYS))

    went = await month.went()
    assert len({row["key"] for row in went}) == len(went) == len(box.copies)
    assert {kind for _, kind in told_to(went, cancels)} == {
        "booking_confirmation",
        "booking_cancellation",
        "reminder",
    }
    assert [kind for _, kind in told_to(went, absent) if kind != "reminder"] == [
        "booking_confirmation",
        "missed",
        "recording",
    ]
    for one in present:
        told = told_to(went, one)
        reminders = [evening - at for at, kind in told if kind == "reminder"]
        assert [
            ahead <= days + HOUR and ahead > days - 13 * HOUR
            for ahead, days in zip(
                reminders, (timedelta(days=7), timedelta(days=1), HOUR), strict=True
            )
        ] == [True] * 3
        assert sorted(kind for _, kind in told if kind != "reminder") == [
            "booking_confirmation",
            "handouts",
            "hub_invitation",
            "recording",
            "related_resources",
            "survey_invitation",
        ]
    for row in went:
        if row["list"]:
            assert NIGHT.over_at(row["at"]) == row["at"], row
    for one in people:
        theirs = await month.went(one.person_id)
        courtesies = [row["at"] for row in theirs if row["list"]]
        for earlier, later in zip(courtesies, courtesies[2:], strict=False):
            assert later - earlier >= timedelta(days=7)
    assert all(earlier["at"] <= later["at"] for earlier, later in pairwise(went))


def told_to(went, story):
    return [
        (row["at"].astimezone(ZoneInfo(HOME)), row["kind"])
        for row in went
        if row["person_id"] == story.person_id
    ]
