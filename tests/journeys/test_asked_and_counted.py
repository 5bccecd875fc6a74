"""From who came to what it meant: attendance, invitation, answer, figure, snapshot and report.

All of it by messages and over HTTP.
"""

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


@pytest.fixture
async def counts(house, token):
    """Reporting with a database of its own, behind HTTP, asked by a coordinator."""
    async with (
        a_spare(house, "reporting") as url,
        open_database(url, application="tests") as database,
        house.http("reporting", database_url=url) as http,
    ):
        http.headers.update(token("coordinator"))
        yield database, http


async def told(here, *names):
    """The bodies of what resources told under these names so far."""
    rows = await here.database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = ANY ($1) ORDER BY position",
        [f"resources.{name}" for name in names],
    )
    return [row["body"].encode() for row in rows]


def printed(report, figure):
    """The rows that a report prints of a figure."""
    return [
        row
        for section in report["sections"]
        for part in section["parts"]
        if part["figure"] == figure
        for row in part["rows"]
    ]


async def test_who_came_is_asked_answers_is_counted_and_stands_in_the_report(  # noqa: PLR0915
    house, town, counts, notifications_database
):
    here, http = town
    journal, figures = counts
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    event, people = uuid4(), [uuid4() for _ in range(3)]
    published = telling.published(learning_event_id=event)
    year = telling.project_year(starts_on=date(2026, 1, 1), ends_on=date(2199, 12, 31))
    await deliver(service("notifications"), notifications_database, published)
    await deliver(service("reporting"), journal, published, year)
    for person_id in people:
        came = attendance(event, person_id=person_id, held_on=HELD)
        await deliver(service("resources"), here.database, came)
        await deliver(service("reporting"), journal, came)
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
        asked = {"learning_event": str(event), **query}
        answer = await figures.get(f"/figures/{name}", params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["rows"]

    async def report(audience):
        asked = {"project_year": year.code, "audience": audience, "format": "json"}
        answer = await figures.get("/reports/annual", params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def bring():
        """Everything again from the beginning, as a replay would: twice is once."""
        heard = (
            "QuestionVersioned",
            "SurveyInvitationRequested",
            "SurveyStarted",
            "SurveySubmitted",
        )
        more = ("ActionIntended", "ActionWithdrawn", "SurveyResponseWithdrawn")
        bodies = await told(here, *heard, *more)
        batch = [read(body, sent_by="resources", sealer=None) for body in bodies]
        await service("reporting").take(journal, batch)

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

    asked = {
        "kind": "report",
        "title": "Before somebody took it back",
        "figures": [
            {"name": "response_rate_of_invited", "filters": {"learning_event": str(event)}}
        ],
    }
    once = {"Idempotency-Key": str(uuid4())}
    frozen = await figures.post("/snapshots", json=asked, headers=once)
    assert frozen.status_code == 201, frozen.text
    team = await report("team")
    numbers = {one["name"]: one["value"] for one in team["numbers"]}
    assert (numbers["Attendances"], numbers["Individuals"]) == ("3", "3")
    shares = printed(team, "survey_share")
    assert [row[1] for row in shares if row[0] == "Yes"] == ["1 of 1"], shares
    assert [row[1] for row in printed(team, "intentions")] == ["1"]
    everybody = await report("published")
    assert {one["value"] for one in everybody["numbers"] if one["name"] == "Individuals"} == {"[c]"}

    taken_back = await http.delete(f"/s/{answered.token}/responses")
    assert taken_back.status_code == 204
    await bring()
    rows = await count("survey_invitations", survey_key="post_event", by="state")
    assert {row["state"]: row["value"] for row in rows} == {"requested": 3, "started": 1}
    [meant] = await count("intentions")
    assert meant["value"] == 0
    snapshot_id = frozen.json()["snapshot_id"]
    stands = await figures.get(f"/reports/snapshots/{snapshot_id}", params={"format": "json"})
    assert printed(stands.json(), "response_rate_of_invited") == [["1 of 3", "1 of 3"]]
    held_against = await figures.get(f"/snapshots/{snapshot_id}/compare")
    [table] = held_against.json()["tables"]
    [row] = table["rows"]
    assert (row["then"], row["now"]) == (33.33, 0)
    team = await report("team")
    assert printed(team, "survey_share") == []
