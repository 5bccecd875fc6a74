"""From who came to what it meant: attendance, invitation, answer and figure, by messages alone."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

import telling
from bus import deliver
from house import service
from pdu_resources.survey.diary import ask_next
from pdu_shared.database import open_database
from pdu_shared.reading import read
from pdu_shared.runtime import Runtime
from pdu_shared.sealing import Sealer
from resources.surveys import attendance
from spare import a_spare

# Far enough ahead that nothing but this test ever looks at that day.
HELD = date(2199, 3, 6)
ASKED = datetime(2199, 3, 20, 10, tzinfo=UTC)


@pytest.fixture
async def town(house):
    """Resources with a database of its own, behind HTTP."""
    async with (
        a_spare(house, "resources") as url,
        open_database(url, application="tests") as database,
        house.http("resources", database_url=url) as http,
    ):
        yield Runtime("resources", house.settings("resources"), database), http


async def told(here, *names):
    """The bodies of what resources told under these names so far."""
    rows = await here.database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = ANY ($1) ORDER BY position",
        [f"resources.{name}" for name in names],
    )
    return [row["body"].encode() for row in rows]


async def test_who_came_is_asked_answers_and_is_counted(  # noqa: PLR0913, PLR0917
    house, town, reporting_http, reporting_database, notifications_database, token
):
    here, http = town
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    event, people = uuid4(), [uuid4() for _ in range(3)]
    published = telling.published(learning_event_id=event)
    await deliver(service("notifications"), notifications_database, published)
    await deliver(service("reporting"), reporting_database, published)
    for person_id in people:
        came = attendance(event, person_id=person_id, held_on=HELD)
        await deliver(service("resources"), here.database, came)
    while await ask_next(here, now=ASKED):
        pass

    # Notifications hear it as they would from the broker, and write a letter to each.
    links = [
        read(body, sent_by="resources", sealer=sealer)
        for body in await told(here, "SurveyLinkIssued")
    ]
    await service("notifications").take(notifications_database, links)
    letters = await notifications_database.pool.fetchval(
        "SELECT count(*) FROM letter WHERE kind = 'survey_invitation' AND person_id = ANY ($1)",
        people,
    )
    assert letters == 3

    answered, saved, _ = (link.message for link in links)
    form = {
        "consent": {"evaluation": True, "quote": False, "link": True},
        "answers": [
            {"question": "core.understanding", "options": ["some_additional"]},
            {"question": "core.intends_change", "options": ["yes"]},
        ],
    }
    done = await http.post(f"/s/{answered.token}/responses", json=form)
    begun = await http.put(f"/s/{saved.token}/draft", json=form)
    assert (done.status_code, begun.status_code) == (200, 200)
    while await ask_next(here, now=ASKED + timedelta(days=11)):
        pass
    reminded = [
        read(body, sent_by="resources", sealer=sealer).message
        for body in await told(here, "SurveyReminderIssued")
    ]
    assert {one.person_id for one in reminded} == {*people} - {answered.person_id}
    assert [one.number for one in reminded] == [1, 1, 2, 2]

    async def count(name, **query):
        answer = await reporting_http.get(
            f"/figures/{name}",
            params={"learning_event": str(event), **query},
            headers=token("coordinator"),
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["rows"]

    async def bring():
        """Everything again from the beginning, as a replay would: twice is once."""
        heard = ("SurveyInvitationRequested", "SurveyStarted", "SurveySubmitted")
        more = ("ActionIntended", "ActionWithdrawn", "SurveyResponseWithdrawn")
        bodies = await told(here, *heard, *more)
        batch = [read(body, sent_by="resources", sealer=None) for body in bodies]
        await service("reporting").take(reporting_database, batch)

    await bring()
    await bring()
    rows = await count("survey_invitations", survey_key="post_event", by="state")
    assert {row["state"]: row["value"] for row in rows} == {
        "requested": 3, "started": 2, "submitted": 1,
    }  # fmt: skip
    [rate] = await count("response_rate_of_invited")
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (1, 3, 33.33)
    [meant] = await count("intentions")
    assert meant["value"] == 1

    taken_back = await http.delete(f"/s/{answered.token}/responses")
    assert taken_back.status_code == 204
    await bring()
    rows = await count("survey_invitations", survey_key="post_event", by="state")
    assert {row["state"]: row["value"] for row in rows} == {"requested": 3, "started": 1}
    [meant] = await count("intentions")
    assert meant["value"] == 0
