"""Surveys as tests use them: `await a_survey(http, coordinator, …)`, `consenting(…)`."""

import json
from uuid import uuid4

import a
from bus import deliver
from house import service
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.bookings.attendance import AttendanceRecorded
from pdu_shared.reading import read
from pdu_shared.sealing import Sealer

AGREED = {"evaluation": True, "quote": False, "link": False}
YES_NO = [{"code": "yes", "label": "Yes"}, {"code": "no", "label": "No"}]


def a_code():
    return f"test.{uuid4().hex[:20]}"


def a_question(**details):
    return {
        "code": a_code(),
        "type": "single",
        "wording": "Did it help?",
        "options": YES_NO,
        **details,
    }


def consenting(*answers, **details):
    return {"consent": AGREED, "answers": list(answers), **details}


async def ask(http, coordinator, **details):
    """A question that is in the bank now."""
    question = a_question(**details)
    answer = await http.post("/questions", json=question, headers={**coordinator, **a.key()})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def a_survey(http, coordinator, *questions, **details):
    """A survey of these questions; without any, of one that asks for yes or no."""
    asked = questions or [await ask(http, coordinator)]
    survey = {
        "survey_key": f"test-{uuid4().hex[:20]}",
        "title": "How it went",
        "questions": [one["code"] for one in asked],
        **details,
    }
    answer = await http.post("/surveys", json=survey, headers={**coordinator, **a.key()})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def respond(http, survey, form, headers=None):
    path = f"/surveys/{survey['survey_key']}/responses"
    return await http.post(path, json=form, headers=headers or a.key())


def attendance(learning_event_id, *, state="present", person_id=None, **details):
    """Somebody at a learning event, as bookings tells it."""
    return AttendanceRecorded(
        **{
            "attendance_id": uuid4(),
            "session_id": uuid4(),
            "learning_event_id": learning_event_id,
            "event_kind": "learning_event",
            "person_id": person_id or uuid4(),
            "state": state,
            "method": "register",
            "sector": "voluntary",
            "work_field": "mental_health",
            "role_level": "front_line",
            "area": "nottingham_city",
            "held_on": "2026-10-01",
            **details,
        }
    )


async def came(database, *attendances, origin="live"):
    """Let resources hear who came."""
    await deliver(service("resources"), database, *attendances, origin=origin)


async def invite(http, coordinator, survey, learning_event_id, **details):
    answer = await http.post(
        f"/surveys/{survey['survey_key']}/invitations",
        json={"learning_event_id": str(learning_event_id), **details},
        headers=coordinator,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def told(database, routing_key, text):
    """The messages of this name that hold this text, in their order."""
    rows = await database.pool.fetch(
        "SELECT body FROM outbox WHERE routing_key = ANY ($1) AND body LIKE $2 ORDER BY position",
        [f"resources.{routing_key}", f"resources.{routing_key}.import"],
        f"%{text}%",
    )
    kind = MESSAGES[f"resources.{routing_key}"]
    return [kind.model_validate(json.loads(row["body"])["data"]) for row in rows]


async def links(house, database, survey):
    """The sealed links of a survey's invitations, as notifications opens them: by person."""
    rows = await database.pool.fetch(
        """
        SELECT body FROM outbox
         WHERE routing_key = 'resources.SurveyLinkIssued' AND body <> ''  -- told already: emptied
           AND subject IN (SELECT 'invitation/' || invitation_id
                             FROM invitation WHERE survey_key = $1)
        """,
        survey["survey_key"],
    )
    sealer = Sealer(house.secrets.sealing_keys("notifications"))
    opened = [
        read(row["body"].encode(), sent_by="resources", sealer=sealer).message for row in rows
    ]
    return {link.person_id: link for link in opened}


async def counts(http, coordinator, survey, **query):
    """How many were invited, and how many of them stand how."""
    path = f"/surveys/{survey['survey_key']}/invitations"
    answer = await http.get(path, params=query, headers=coordinator)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return found["invited"], {state: n for state, n in found["by_state"].items() if n}
