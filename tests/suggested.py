"""Topics for tests: `await suggested.topic(http)`, and what a coordinator does with them."""

from typing import Any

import httpx

import a

Http = httpx.AsyncClient


def words(**details: Any) -> dict[str, Any]:
    """What somebody would like to learn about."""
    return {"text": "How do others keep contact with people who move?", **details}


def reply_to(**details: Any) -> dict[str, Any]:
    """Somebody who wants an answer: nobody who exists."""
    person = a.person(**details)
    return {"name": person["name"], "email": person["email"]}


async def topic(
    http: Http,
    coordinator: dict[str, str] | None = None,
    *,
    wording: str = "Keeping contact",
    **said: Any,
) -> dict[str, Any]:
    """A topic that somebody suggested; public, if there is a coordinator to word it."""
    answer = await http.post("/topics", json=words(**said), headers=a.key())
    assert answer.status_code == 201, answer.text
    received: dict[str, Any] = answer.json()
    if coordinator:
        await put(http, coordinator, received, "wording", wording=wording)
    return received


async def put(
    http: Http, headers: dict[str, str], topic: dict[str, Any], what: str, **form: Any
) -> dict[str, Any]:
    """What comes of a step that is allowed."""
    answer = await try_to_put(http, headers, topic, what, **form)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else {}


async def try_to_put(
    http: Http, headers: dict[str, str], topic: dict[str, Any], what: str, **form: Any
) -> httpx.Response:
    """The answer to a step, allowed or not."""
    path = f"/topics/{topic['topic_id']}/{what}"
    return await http.put(path, json=form or None, headers=headers)


async def status(http: Http, topic: dict[str, Any]) -> dict[str, Any]:
    """What whoever suggested it sees."""
    answer = await http.get(f"/t/{topic['token']}")
    assert answer.status_code == 200, answer.text
    return answer.json()
