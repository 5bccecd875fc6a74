"""After an event: who was missed, who gets handouts, the hub and more, each once and if true."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from notifications.after import attended, corrected, days_later, planned, was
from notifications.office import letters_of, office, tell
from notifications.told import Story
from pdu_notifications.postman import deliver_next
from pdu_notifications.wording import Content
from pdu_shared.contracts.bookings.material import MaterialAdded, MaterialRemoved
from pdu_shared.contracts.resources.library import (
    RecordingPublished,
    RecordingWithdrawn,
    ResourceArchived,
    ResourcePublished,
)
from pdu_shared.contracts.resources.member import (
    MemberClosed,
    MemberProfileChanged,
    MemberRegistered,
    PersonMerged,
)
from pdu_shared.contracts.resources.voice import WeDidReported
from pdu_shared.identity import uuid7


@pytest.fixture
def story():
    return Story(starts_at=datetime.now(UTC) + timedelta(hours=20))


async def kinds(database, story):
    return [
        letter["kind"]
        for letter in await letters_of(database, story)
        if letter["kind"] not in {"booking_confirmation", "reminder"}
    ]


async def content_of(database, story, kind):
    [found] = [one for one in await letters_of(database, story) if one["kind"] == kind]
    return Content.model_validate_json(found["content"])


def material(story, **changes):
    return MaterialAdded(
        **{
            "material_id": uuid7(),
            "learning_event_id": story.learning_event_id,
            "kind": "slides",
            "title": "The first visit, step by step",
            "url": "https://slides.example.org/first-visit.pdf",
            **changes,
        }
    )


def item(number=1, **changes):
    return ResourcePublished(
        **{
            "item_id": uuid4(),
            "item_key": f"item-{number}",
            "type": "toolkit",
            "workstreams": ("housing",),
            "title": f"Toolkit {number}",
            "members_only": False,
            "published_on": datetime.now(UTC).date(),
            **changes,
        }
    )


def registered(story):
    profile = story.booked
    return MemberRegistered(
        person_id=story.person_id,
        sector=profile.sector,
        work_field=profile.work_field,
        role_level=profile.role_level,
        area=profile.area,
        registered_on=datetime.now(UTC).date(),
    )


async def test_each_letter_after_an_event_is_in_the_calendar_with_its_reason(
    database, story, sealer
):
    await attended(database, story, sealer=sealer)
    assert {reason.partition(":")[0] for _, reason in await planned(database, story)} == {
        "2 days after the event",
        "2 weeks after the event",
        "6 weeks after the event",
        "12 weeks after the event",
    }


async def test_who_was_missed_hears_so_the_next_day_and_nothing_else(database, story, sealer):
    await attended(database, story, material(story), state="absent_no_show", sealer=sealer)
    assert [kind for kind, _ in await planned(database, story)] == ["missed"]
    await days_later(database, 90)
    assert await kinds(database, story) == ["missed"]


@pytest.mark.parametrize(
    ("states", "kind"),
    [
        (("absent_no_show", "present"), "handouts"),
        (("present", "absent_no_show"), "missed"),
    ],
)
async def test_a_register_put_right_puts_the_letters_right(database, story, sealer, states, kind):
    first, then = states
    await attended(database, story, state=first, sealer=sealer)
    await tell(database, material(story), corrected(story, then), registered(story))
    await days_later(database, 3)
    assert [one for one in await kinds(database, story) if one != "hub_welcome"] == [kind]


async def test_who_was_in_one_of_two_sessions_was_there(database, sealer):
    story = Story(sessions=2, starts_at=datetime.now(UTC) + timedelta(hours=20))
    await attended(database, story, was(story, "absent_apologies", 1), sealer=sealer)
    assert "missed" not in {kind for kind, _ in await planned(database, story)}
    await tell(database, corrected(story, "absent_no_show"))
    assert {kind for kind, _ in await planned(database, story)} == {"missed"}


async def test_handouts_go_out_when_there_are_some_and_once(database, story, sealer):
    await attended(database, story, sealer=sealer)
    await days_later(database, 3)
    assert "handouts" not in await kinds(database, story)
    toolkit = item(7)
    await tell(database, toolkit)
    await tell(database, material(story), material(story, url=None, item_id=toolkit.item_id))
    await days_later(database, 4)
    await tell(database, material(story))
    await days_later(database, 5)
    content = await content_of(database, story, "handouts")
    assert [page for _, page in content.sections[0].pages] == [
        "https://slides.example.org/first-visit.pdf",
        "library/item-7",
    ]


async def test_what_was_taken_off_the_page_is_not_handed_out(database, story, sealer):
    slides = material(story)
    gone = MaterialRemoved(
        material_id=slides.material_id, learning_event_id=story.learning_event_id
    )
    await attended(database, story, slides, gone, sealer=sealer)
    await days_later(database, 3)
    assert "handouts" not in await kinds(database, story)


async def test_a_guest_is_invited_to_the_hub_once_and_a_member_never(database, story, sealer):
    member = Story(
        learning_event_id=story.learning_event_id, first_session_id=story.first_session_id
    )
    again = Story(person_id=story.person_id)
    await attended(database, story, sealer=sealer)
    await tell(
        database,
        member.link,
        member.booked,
        was(member, "present"),
        registered(member),
        sealer=sealer,
    )
    await days_later(database, 3)
    await attended(database, again, sealer=sealer)
    await days_later(database, 4)
    assert await kinds(database, story) == ["hub_invitation"]
    assert await kinds(database, member) == ["hub_welcome"]


async def test_who_is_a_member_under_another_id_is_not_invited(database, story, sealer):
    kept = Story()
    merged = PersonMerged(kept_id=kept.person_id, merged_id=story.person_id, basis="same_address")
    await attended(database, story, registered(kept), merged, sealer=sealer)
    await days_later(database, 3)
    assert "hub_invitation" not in await kinds(database, story)


@pytest.mark.parametrize(("back", "invited"), [(False, True), (True, False)])
async def test_who_left_the_hub_is_a_guest_until_they_are_back(
    database, story, sealer, back, invited
):
    today = datetime.now(UTC).date()
    told = [registered(story), MemberClosed(person_id=story.person_id, closed_on=today)]
    if back:
        profile = registered(story).model_dump(exclude={"registered_on"})
        told.append(MemberProfileChanged(**profile, changed_on=today))
    await attended(database, story, *told, sealer=sealer)
    await days_later(database, 3)
    assert ("hub_invitation" in await kinds(database, story)) is invited


async def test_related_resources_come_at_intervals_and_never_the_same_twice(
    database, story, sealer
):
    shelf = [item(number) for number in range(5)]
    other = item(9, workstreams=("women",))
    of_the_event = item(8, workstreams=(), learning_event_id=story.learning_event_id)
    archived = ResourceArchived(item_id=shelf[0].item_id, item_key="item-0", reason_code="outdated")
    await attended(database, story, *shelf, other, of_the_event, archived, sealer=sealer)
    sent = []
    for weeks in (2, 6, 12):
        await days_later(database, 7 * weeks)
        letters = [one for one in await letters_of(database, story) if "related" in one["kind"]]
        if len(letters) > len(sent):
            content = Content.model_validate_json(letters[-1]["content"])
            sent.append([page for _, page in content.sections[0].pages])
    assert sent[0][0] == "library/item-8"
    assert [len(pages) for pages in sent] == [3, 2]
    assert len({page for pages in sent for page in pages}) == 5
    assert "library/item-9" not in sent[0] + sent[1]


async def test_a_recording_is_announced_to_those_who_booked_or_waited_until_it_is_withdrawn(
    database, story, sealer
):
    waits, left = (
        Story(learning_event_id=story.learning_event_id, first_session_id=story.first_session_id)
        for _ in range(2)
    )
    recording = RecordingPublished(
        item_id=uuid4(),
        item_key="recording-1",
        title="Hoarding: the recording",
        learning_event_id=story.learning_event_id,
        captions="captioned",
    )
    await attended(database, story, state="absent_no_show", sealer=sealer)
    everybody = (waits.link, waits.waitlisted, left.link, left.booked, left.cancelled)
    await tell(database, *everybody, sealer=sealer)
    for _ in range(2):
        await tell(database, recording)
    assert ("recording", "the recording can be watched now") in await planned(database, story)
    await days_later(database, 1)
    assert "recording" in await kinds(database, story)
    assert "recording" in await kinds(database, waits)
    assert "recording" not in await kinds(database, left)
    withdrawn = RecordingWithdrawn(
        item_id=recording.item_id, item_key="recording-1", reason_code="consent_withdrawn"
    )
    await tell(database, withdrawn)
    states = {one["kind"]: one["state"] for one in await letters_of(database, story)}
    assert states["recording"] == "cancelled"
    told = await database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = 'notifications.MessageSuppressed'"
    )
    assert len([one for one in told if "recording_withdrawn" in one["body"]]) == 2


@pytest.mark.parametrize(
    ("state", "letters"), [("done", 1), ("in_progress", 0), ("not_done_with_reason", 1)]
)
async def test_who_was_there_hears_what_came_of_what_was_said(
    database, story, sealer, state, letters
):
    did = WeDidReported(
        item_id=uuid4(),
        state=state,
        learning_event_id=story.learning_event_id,
        said_on=datetime.now(UTC).date(),
        changed_on=datetime.now(UTC).date(),
    )
    await attended(database, story, sealer=sealer)
    for _ in range(2):
        await tell(database, did)
    assert (await kinds(database, story)).count("we_did") == letters


async def test_an_import_of_the_past_plans_and_writes_nothing(database, story, sealer):
    await tell(database, *story.announced, story.link, story.booked, sealer=sealer)
    late = [material(story), item(learning_event_id=story.learning_event_id)]
    await tell(database, was(story, "present"), registered(story), *late, origin="import")
    assert await planned(database, story) == []
    assert await kinds(database, story) == []


async def test_who_came_without_an_address_is_not_planned_in_vain(database, story):
    await tell(database, *story.announced, material(story), was(story, "present"))
    await days_later(database, 90)
    assert await letters_of(database, story) == []
    assert await planned(database, story) == []


async def test_what_follows_is_stopped_by_a_no_and_what_is_booked_is_not(
    database, story, sealer, post_box
):
    box = await post_box()
    await attended(database, story, material(story), sealer=sealer)
    await database.pool.execute(
        "INSERT INTO subscriber VALUES ($1, $1, '{}', now())", story.person_id
    )
    await database.pool.execute(
        """
        INSERT INTO subscription VALUES ($1, $1, 'after_events', 'unsubscribed', 'soft_opt_in', 1,
                                         NULL, now())
        """,
        story.person_id,
    )
    await days_later(database, 3)
    while await deliver_next(office(database, box)):
        pass
    states = {
        one["kind"]: (one["state"], one["reason"]) for one in await letters_of(database, story)
    }
    assert states["handouts"] == ("suppressed", "unsubscribed")
    assert states["booking_confirmation"] == ("sent", "accepted")
