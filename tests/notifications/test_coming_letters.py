"""A coordinator sees what somebody will receive: when, why, and what keeps it back."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from notifications.after import corrected, was
from notifications.office import tell
from notifications.told import Story
from pdu_notifications.rules.courtesy import Quiet, goes_at
from pdu_shared.contracts.bookings.lived_experience import ExpertNoticeIssued
from pdu_shared.contracts.bookings.material import MaterialAdded
from pdu_shared.contracts.resources.survey import SurveyLinkIssued
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.identity import uuid7

NIGHT = Quiet.of("20:00-08:00")


def apart(story):
    """Its event in a work stream of its own, about which no other test told anything."""
    stream = f"stream_{uuid4().hex[:12]}"
    for one in story.announced:
        changes = {"workstreams": (stream,)} if hasattr(one, "workstreams") else {}
        yield one.model_copy(update=changes)


@pytest.fixture
async def story(notifications_database, sealer):
    """Somebody who came to one event, and has booked another."""
    it = Story()
    coming = Story(person_id=it.person_id)
    slides = MaterialAdded(
        material_id=uuid7(),
        learning_event_id=it.learning_event_id,
        kind="slides",
        title="Step by step",
        url="https://slides.example.org/steps.pdf",
    )
    told = [*apart(it), it.link, it.booked, was(it, "present"), slides]
    told += [*apart(coming), coming.booked]
    await tell(notifications_database, *told, sealer=sealer)
    return it


@pytest.fixture
def ask(notifications_http, token):
    async def asked(person_id, role="coordinator", **params):
        path = f"/persons/{person_id}/coming-letters"
        return await notifications_http.get(path, headers=token(role), params=params)

    return asked


async def test_it_says_when_and_why_and_what_each_is_called(story, ask):
    answer = await ask(story.person_id)
    assert answer.status_code == 200, answer.text
    items = {(one["kind"], one["reason"]): one for one in answer.json()["items"]}
    handouts = items["handouts", "2 days after the event: handouts and slides"]
    assert handouts["subject"] == f"Handouts from {story.title}"
    assert handouts["list"] == "after_events"
    assert handouts["kept_back"] is None
    assert items["reminder", "1 day before the session"]["list"] is None
    nothing = [one for one in items.values() if one["kind"] == "related_resources"]
    assert {one["kept_back"] for one in nothing} == {"nothing_to_say"}
    dates = [one["due_at"] for one in answer.json()["items"]]
    assert dates == sorted(dates)
    assert story.address not in answer.text
    assert story.name not in answer.text


def is_planned_after(moment, item):
    return item["reason"] != "posted" and datetime.fromisoformat(item["due_at"]) > moment


async def test_looking_changes_nothing_and_is_written_down(story, ask, notifications_database):
    planned = "SELECT key, due_at FROM due WHERE person_id = $1 AND due_at > $2 ORDER BY key"
    # Of what is due by now, the service that we ask writes letters meanwhile, and posts them.
    later = story.person_id, datetime.now(UTC) + timedelta(minutes=1)
    before = await notifications_database.pool.fetch(planned, *later)
    looks = [(await ask(story.person_id)).json()["items"] for _ in range(2)]
    once, twice = (
        [one["subject"] for one in items if is_planned_after(later[1], one)] for items in looks
    )
    assert once == twice
    assert len(once) == len(before) > 0
    assert await notifications_database.pool.fetch(planned, *later) == before
    posted = "SELECT count(*) FROM letter WHERE key = ANY ($1::text[])"
    keys = [one["key"] for one in before]
    assert await notifications_database.pool.fetchval(posted, keys) == 0
    read = await notifications_database.pool.fetchval(
        "SELECT count(*) FROM sensitive_read WHERE of_id = $1", story.person_id
    )
    assert read == 2


async def test_it_says_what_keeps_letters_back(story, ask, notifications_database):
    pool = notifications_database.pool
    await pool.execute("INSERT INTO subscriber VALUES ($1, $1, '{}', now())", story.person_id)
    await pool.execute(
        """
        INSERT INTO subscription VALUES ($1, $1, 'after_events', 'unsubscribed', 'soft_opt_in', 1,
                                         NULL, now())
        """,
        story.person_id,
    )
    items = (await ask(story.person_id)).json()["items"]
    stops = {one["kind"]: one["kept_back"] for one in items}
    assert (stops["handouts"], stops["reminder"]) == ("unsubscribed", None)
    await pool.execute(
        "INSERT INTO suppression VALUES ($1, $2, '5.1.1', now())", story.address, story.person_id
    )
    items = (await ask(story.person_id)).json()["items"]
    assert {one["kept_back"] for one in items} == {"address_suppressed", "nothing_to_say"}
    await tell(notifications_database, corrected(story, "absent_no_show"))
    assert "handouts" not in {one["kind"] for one in (await ask(story.person_id)).json()["items"]}


async def test_that_somebody_takes_part_as_an_expert_is_not_shown(
    story, ask, notifications_database, sealer
):
    reader = {"person_id": story.person_id, "learning_event_id": story.learning_event_id}
    notice = ExpertNoticeIssued(
        **reader,
        notice_id=uuid7(),
        channel="email",
        address=story.address,
        name=story.name,
        template="expert_opted_in",
    )
    reflection = SurveyLinkIssued(
        **reader,
        invitation_id=uuid7(),
        survey_title="How it was for you",
        token="1a",
        kind="expert_reflection",
    )
    await tell(notifications_database, notice, reflection, sealer=sealer)
    answer = await ask(story.person_id)
    kinds = {one["kind"]: one["subject"] for one in answer.json()["items"]}
    assert "taking_part" not in kinds
    assert kinds["survey_invitation"] == "An invitation to a survey"
    assert "for you" not in answer.text


@pytest.mark.parametrize(("role", "status"), [("member", 403), ("operator", 403)])
async def test_others_do_not_see_it(ask, role, status):
    assert (await ask(uuid4(), role)).status_code == status


async def test_who_is_not_known_receives_nothing(ask):
    answer = await ask(uuid4())
    assert (answer.status_code, answer.json()) == (200, {"items": []})
    assert (await ask(uuid4(), limit=0)).status_code == 422
    assert (await ask("alan@example.org")).status_code == 404


def test_one_after_the_other_two_a_week_and_not_at_night():
    due_at = datetime(2027, 1, 14, 21, tzinfo=UTC)
    sent = []
    for _ in range(4):
        at = goes_at(MailingList.AFTER_EVENTS, "handouts", sent, due_at=due_at, quiet=NIGHT)
        sent.append((MailingList.AFTER_EVENTS, at))
    days = [(at - due_at) // timedelta(hours=1) for _, at in sent]
    assert days == [11, 11, 11 + 7 * 24, 11 + 7 * 24]
