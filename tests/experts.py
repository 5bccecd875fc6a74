"""Builders around lived experience: an ambassador, an expert whom they support, an event."""

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import a
from pdu_shared.identity import person_id
from pdu_shared.local_time import local_day


@dataclass(frozen=True, kw_only=True)
class Circle:
    """An expert, their ambassador and a coordinator, each with the header of their requests."""

    http: object
    ambassador_id: str
    expert_id: str
    email: str
    expert: dict
    ambassador: dict
    coordinator: dict
    event: dict

    async def opportunity(self):
        """The opportunity at their event, as the expert sees it."""
        answer = await self.http.get("/lived-experience/opportunities", headers=self.expert)
        [found] = [
            one
            for one in answer.json()["items"]
            if one["learning_event_id"] == self.event["learning_event_id"]
        ]
        return found

    async def opt_in(self, headers=None, **details):
        """The answer to an expert who would like to take part."""
        opportunity = await self.opportunity()
        form = {
            "opportunity_id": opportunity["opportunity_id"],
            "role": "table_discussant",
            "involvement": "some",
            **details,
        }
        headers = {**a.key(), **(headers or self.expert)}
        return await self.http.post("/lived-experience/engagements", json=form, headers=headers)

    async def engaged(self):
        """The id of the expert's engagement, for which they opt in."""
        answer = await self.opt_in()
        assert answer.status_code == 201, answer.text
        return answer.json()["engagement_id"]

    async def contributed(self, database):
        """The id of an engagement whose contribution is written down: the event was today."""
        engagement_id = await self.engaged()
        await begins(database, self.event)
        form = {
            "contributed_on": await today(database, self.event),
            "role": "table_discussant",
            "arnstein_level": "partnership",
        }
        path = f"engagements/{engagement_id}/contribution"
        await self.do(self.ambassador, "PUT", path, **form)
        return engagement_id

    async def tasks(self, who=None):
        """What is to be done for the expert, and by when."""
        told = await self.do(who or self.ambassador, "GET", "tasks")
        return {
            one["kind"]: one
            for one in told["items"]
            if one["learning_event_id"] == self.event["learning_event_id"]
        }

    async def do(self, who, method, path, **form):
        """What is answered to somebody about an engagement or expert, which must be a success."""
        answer = await self.ask(who, method, path, **form)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def ask(self, who, method, path, **form):
        """What is answered to somebody, whatever it is."""
        return await self.http.request(
            method, f"/lived-experience/{path}", json=form or None, headers=who
        )


async def a_circle(http, token, *, by_letter=False, reach=None, sessions=None):
    """An expert who is new in the register, and a published event a month from now."""
    ambassador_id, email = str(uuid4()), f"expert-{uuid4().hex[:12]}@example.org"
    ambassador = token("beneficiary_ambassador", sub=ambassador_id)
    form = {"preferred_name": "Much the Miller", "contact_way": "via_ambassador", "email": email}
    if by_letter:
        form |= {"contact_way": "email", "reach": email}
    if reach:
        form |= {"contact_way": "sms", "reach": reach}
    registered = await http.post(
        "/lived-experience/experts", json=form, headers={**ambassador, **a.key()}
    )
    assert registered.status_code == 201, registered.text
    coordinator = token("coordinator")
    return Circle(
        http=http,
        ambassador_id=ambassador_id,
        expert_id=registered.json()["expert_id"],
        email=email,
        expert=token("expert_by_experience", sub=person(email)),
        ambassador=ambassador,
        coordinator=coordinator,
        event=await a.published_event(http, coordinator, sessions=sessions or [a.session()]),
    )


def person(email):
    """Who signs in with this address."""
    return person_id(b"pdu-test-key", email)


async def begins(database, event, *, ago=timedelta(hours=1)):
    """Time passes: the event began so long ago, and went on for half an hour."""
    await database.pool.execute(
        """
        UPDATE session SET starts_at = now() - $2::interval,
                           ends_at = now() - $2::interval + interval '30 minutes'
         WHERE learning_event_id = $1::text::uuid
        """,
        event["learning_event_id"],
        ago,
    )


async def today(database, event):
    """The day on which the event began, as people in Nottingham call it."""
    starts_at = await database.pool.fetchval(
        "SELECT min(starts_at) FROM session WHERE learning_event_id = $1::text::uuid",
        event["learning_event_id"],
    )
    return local_day(starts_at).isoformat()


async def told(database, engagement_id):
    """What was told of an engagement in clear, in order: names and data."""
    rows = await database.pool.fetch(
        "SELECT routing_key, body::json->>'data' AS data FROM outbox"
        " WHERE subject = $1 AND exchange = 'pdu.messages' ORDER BY position",
        f"engagement/{engagement_id}",
    )
    return [(row["routing_key"].partition(".")[2], json.loads(row["data"])) for row in rows]
