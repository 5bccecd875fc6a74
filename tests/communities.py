"""Builders of communities: `await communities.formed(http, token)`."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

import a


def proposal(**details: Any) -> dict[str, Any]:
    """A community as somebody proposes it, under a name of its own."""
    return {
        "name": f"Housing First {uuid4().hex[:8]}",
        "purpose": "Share what works when housing comes before everything else.",
        "workstream": "housing",
        **details,
    }


async def proposed(http: httpx.AsyncClient, token: Any, **details: Any) -> dict[str, Any]:
    """A community that somebody has proposed."""
    headers = {**token("member"), **a.key()}
    answer = await http.post("/communities", json=proposal(**details), headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def move(http: httpx.AsyncClient, token: Any, key: str, state: str) -> httpx.Response:
    """The answer to a coordinator who takes a community to another state."""
    return await http.put(
        f"/communities/{key}/state",
        json={"state": state, "reason_code": "agreed"},
        headers=token("coordinator"),
    )


async def formed(http: httpx.AsyncClient, token: Any, **details: Any) -> str:
    """The key of a community that may have members and sessions."""
    key: str = (await proposed(http, token, **details))["key"]
    answer = await move(http, token, key, "forming")
    assert answer.status_code == 200, answer.text
    return key


async def join(http: httpx.AsyncClient, key: str, **details: Any) -> httpx.Response:
    """The answer to somebody who joins a community."""
    return await http.post(f"/communities/{key}/members", json=a.person(**details), headers=a.key())


async def invite(
    http: httpx.AsyncClient, headers: dict[str, str], key: str, email: str
) -> httpx.Response:
    """The answer to whoever invites somebody to a community."""
    return await http.post(
        f"/communities/{key}/invitations",
        json={"name": "Alan a Dale", "email": email},
        headers={**headers, **a.key()},
    )


async def members(http: httpx.AsyncClient, token: Any, key: str) -> list[dict[str, Any]]:
    """Who is invited to a community, or belongs to it."""
    answer = await http.get(f"/communities/{key}/members", headers=token("coordinator"))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def joined(http: httpx.AsyncClient, token: Any, key: str, **details: Any) -> str:
    """The membership of somebody who has joined a community."""
    before = {one["membership_id"] for one in await members(http, token, key)}
    answer = await join(http, key, **details)
    assert answer.status_code == 201, answer.text
    [membership_id] = {one["membership_id"] for one in await members(http, token, key)} - before
    return str(membership_id)


async def belong(http: httpx.AsyncClient, token: Any, membership_id: str, state: str) -> None:
    """Have a coordinator take somebody on a break, back, or out."""
    answer = await http.put(
        f"/memberships/{membership_id}/state", json={"state": state}, headers=token("coordinator")
    )
    assert answer.status_code == 200, answer.text


async def open_session(
    http: httpx.AsyncClient, headers: dict[str, str], key: str, **details: Any
) -> httpx.Response:
    """The answer to whoever opens a session of a community."""
    return await http.post(
        f"/communities/{key}/sessions", json=a.session(**details), headers={**a.key(), **headers}
    )


async def write_rota(
    http: httpx.AsyncClient, token: Any, key: str, *promised: tuple[str, int]
) -> httpx.Response:
    """The answer to a coordinator who says which members convene how many sessions this year."""
    today = a.local_now().date()
    convenors = [
        {
            "membership_id": membership_id,
            "sessions": sessions,
            "starts_on": today.isoformat(),
            "ends_on": (today + timedelta(days=365)).isoformat(),
        }
        for membership_id, sessions in promised
    ]
    return await http.put(
        f"/communities/{key}/rota", json={"convenors": convenors}, headers=token("coordinator")
    )
