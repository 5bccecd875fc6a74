"""People who speak, for tests: `await speaking.asked(http, coordinator, event)`."""

from typing import Any
from uuid import UUID, uuid4

import httpx

import a
from pdu_bookings.link import Purpose
from pdu_shared.database import Database
from pdu_shared.links import token_of

Http = httpx.AsyncClient


def offer(**details: Any) -> dict[str, Any]:
    """Somebody who offers to facilitate: nobody who exists."""
    person = a.person()
    return {
        "name": person["name"],
        "email": person["email"],
        "role": "facilitator",
        "offer": "Ten years of work with people who hoard.",
        **details,
    }


def speaker(event: dict[str, Any], *, session: int = 0, **details: Any) -> dict[str, Any]:
    """Somebody to be asked for a session: nobody who exists."""
    person = a.person()
    return {
        "session_id": event["sessions"][session]["session_id"],
        "role": "speaker",
        "name": person["name"],
        "email": person["email"],
        **details,
    }


async def try_to_ask(
    http: Http, coordinator: dict[str, str], event: dict[str, Any], *speakers: dict[str, Any]
) -> httpx.Response:
    """The answer to a coordinator who asks these people."""
    return await http.post(
        f"/learning-events/{event['learning_event_id']}/assignments",
        json={"speakers": list(speakers)},
        headers={**coordinator, **a.key()},
    )


async def asked(
    http: Http, coordinator: dict[str, str], event: dict[str, Any], *speakers: dict[str, Any]
) -> list[dict[str, Any]]:
    """The assignments at an event after these people, or somebody, have been asked."""
    answer = await try_to_ask(http, coordinator, event, *(speakers or [speaker(event)]))
    assert answer.status_code == 201, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def link(house: Any, assignment: dict[str, Any]) -> str:
    """The link in the letter, which no answer over HTTP ever holds."""
    key = house.secrets.link_key.encode()
    return f"/f/{token_of(key, Purpose.SPEAKER, UUID(assignment['assignment_id']))}"


async def runs(database: Database, session_id: str, sub: UUID | None = None) -> UUID:
    """Somebody who has said yes to facilitating a session."""
    person_id = sub or uuid4()
    await database.pool.execute(
        """
        INSERT INTO assignment (assignment_id, session_id, person_id, role, state,
                                recording_consent, invited_at)
        VALUES ($1, $2, $3, 'facilitator', 'confirmed', 'asked', now())
        """,
        uuid4(),
        UUID(session_id),
        person_id,
    )
    return person_id
