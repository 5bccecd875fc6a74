"""People tell people: whom to ring and what to post is a list, and what came of it is kept."""

from uuid import uuid4

import pytest

from notifications.office import letters_of, office, tell
from notifications.test_other_ways import MOBILE, ROAD, NoMail, reached_by
from notifications.test_taking_part import notice
from notifications.told import Story
from pdu_notifications.postman import deliver_next
from pdu_shared.contracts.vocabulary import Channel

DAY_CENTRE = "through the day centre"


@pytest.fixture
def booked(notifications_database, sealer):
    """Somebody who has a place, and whom people tell of it."""

    async def booked(*points, **more):
        story = Story()
        link = reached_by(story, *points, **more)
        await tell(notifications_database, *story.announced, link, story.booked, sealer=sealer)
        return story, await handed_over(notifications_database, story)

    return booked


async def handed_over(database, story):
    """The task that the postman made of their only letter."""
    [letter] = await letters_of(database, story)
    await database.pool.execute(
        "UPDATE letter SET next_at = '-infinity' WHERE letter_id = $1", letter["letter_id"]
    )
    await deliver_next(office(database, None, sink=NoMail()))
    return str(letter["letter_id"])


@pytest.fixture
def ask(notifications_http, token):
    async def asked(path="", role="coordinator", headers=None, **params):
        headers = headers or token(role)
        return await notifications_http.get(f"/contact-tasks{path}", headers=headers, params=params)

    return asked


@pytest.fixture
def note(notifications_http, token):
    async def noted(task, outcome, headers=None):
        return await notifications_http.put(
            f"/contact-tasks/{task}/outcome",
            json={"outcome": outcome},
            headers=headers or token("coordinator"),
        )

    return noted


async def listed(answer):
    assert answer.status_code == 200, answer.text
    return {one["task_id"]: one for one in answer.json()["items"]}


async def test_the_list_says_what_and_until_when_and_the_task_says_whom(
    booked, ask, notifications_database
):
    story, task = await booked(("phone", DAY_CENTRE))
    found = (await listed(await ask(channel="phone", limit=100)))[task]
    assert (found["kind"], found["about"]) == (
        "booking_confirmation",
        f"Your place at {story.title}",
    )
    assert found["until"] is not None
    assert story.name not in str(found)
    whole = (await ask(f"/{task}")).json()
    assert (whole["name"], whole["reach"]) == (story.name, DAY_CENTRE)
    assert whole["in_short"].startswith("Practice Development Unit (PDU): You have a place at")
    assert f"/b/{story.token}" in whole["letter"]
    looks = await notifications_database.pool.fetchval(
        "SELECT count(*) FROM sensitive_read WHERE of_id = $1::text::uuid", task
    )
    assert looks == 1


async def test_done_is_done_once_and_off_the_list(booked, ask, note, notifications_database):
    story, task = await booked(("post", ROAD))
    assert (await ask(f"/{task}")).json()["reach"] == ROAD
    for _ in range(2):
        assert (await note(task, "done")).status_code == 200
    [letter] = await letters_of(notifications_database, story)
    assert (letter["state"], letter["reason"]) == ("sent", "told_by_hand")
    assert (await ask(f"/{task}")).status_code == 404
    assert (await note(task, "not_reached")).status_code == 409
    told = await notifications_database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = 'notifications.MessageSent' AND body LIKE $1",
        f"%{task}%",
    )
    assert len(told) == 1
    assert '"channel":"post"' in told[0]["body"].replace(": ", ":")


async def test_not_reached_stays_on_the_list_and_given_up_does_not(booked, ask, note):
    _, task = await booked(("phone", "0115 496 0000"))
    for _ in range(2):  # twice within a minute is once
        answer = await note(task, "not_reached")
    assert answer.json()["tries"] == 1
    assert (await ask(f"/{task}")).json()["tries"] == 1
    assert (await note(task, "given_up")).status_code == 200
    assert (await ask(f"/{task}")).status_code == 404


async def test_what_is_cancelled_is_not_on_the_list_a_moment_later(
    booked, ask, notifications_database
):
    story, task = await booked(("phone", DAY_CENTRE))
    await tell(notifications_database, story.cancelled)
    assert (await ask(f"/{task}")).status_code == 404


async def test_whoever_booked_for_somebody_has_what_concerns_them_and_nothing_else(
    booked, ask, note, token
):
    helper = uuid4()
    manager = token("manager", sub=helper)
    _, mine = await booked(("phone", DAY_CENTRE), arranged_by=helper)
    _, other = await booked(("phone", DAY_CENTRE), arranged_by=uuid4())
    assert set(await listed(await ask(headers=manager))) == {mine}
    assert (await ask(f"/{mine}", headers=manager)).status_code == 200
    for answer in (await ask(f"/{other}", headers=manager), await note(other, "done", manager)):
        assert answer.status_code == 404
    assert (await ask(role="member")).status_code == 403


async def test_what_says_something_about_its_reader_is_for_whoever_supports_them(
    ask, note, token, notifications_database, sealer
):
    story, ambassador = Story(), uuid4()
    told = notice(story, "expert_opted_in", ambassador_id=ambassador).model_copy(
        update={"channel": Channel.SMS, "address": MOBILE}
    )
    await tell(notifications_database, *story.announced, told, sealer=sealer)
    task = await handed_over(notifications_database, story)
    assert (await ask(f"/{task}")).status_code == 404
    assert (await note(task, "done")).status_code == 404
    theirs = token("beneficiary_ambassador", sub=ambassador)
    assert (await ask(f"/{task}", headers=theirs)).json()["reach"] == MOBILE
    assert (await note(task, "done", theirs)).status_code == 200


async def test_somebody_rings_to_say_how_they_wish_to_hear_from_us(
    notifications_http, token, booked, ask, notifications_database
):
    story, task = await booked(("phone", DAY_CENTRE))
    path, coordinator = f"/persons/{story.person_id}/contact-way", token("coordinator")
    chosen = {"wishes": "post", "postal_address": ROAD, "phone": "07700 900123"}
    answer = await notifications_http.put(path, json=chosen, headers=coordinator)
    assert answer.status_code == 200, answer.text
    read = await notifications_http.get(path, headers=coordinator)
    assert read.json() == {**chosen, "phone": MOBILE, "through": None}
    await handed_over(notifications_database, story)
    assert (await ask(f"/{task}")).json()["reach"] == ROAD


@pytest.mark.parametrize(
    "wrong",
    [
        {"wishes": "sms"},
        {"wishes": "sms", "phone": "0115 496 0000"},
        {"wishes": "phone", "phone": "12"},
        {"wishes": "post", "postal_address": "line\n" * 9},
        {"wishes": "pigeon"},
        {"wishes": "phone", "phone": "0115 496 0000", "name": "Alan"},
    ],
)
async def test_a_way_that_leads_nowhere_is_refused_and_nothing_changes(
    notifications_http, token, booked, wrong
):
    story, _ = await booked(("phone", DAY_CENTRE))
    path, coordinator = f"/persons/{story.person_id}/contact-way", token("coordinator")
    answer = await notifications_http.put(path, json=wrong, headers=coordinator)
    assert answer.status_code == 422, answer.text
    read = (await notifications_http.get(path, headers=coordinator)).json()
    assert (read["wishes"], read["through"]) == ("phone", DAY_CENTRE)


async def test_nobody_is_known_by_an_id_that_nobody_has(notifications_http, token):
    path, coordinator = f"/persons/{uuid4()}/contact-way", token("coordinator")
    assert (await notifications_http.get(path, headers=coordinator)).status_code == 404
    answer = await notifications_http.put(path, json={"wishes": "email"}, headers=coordinator)
    assert answer.status_code == 404
