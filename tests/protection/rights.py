"""Requests about one's data, for tests: `await rights.ask(http, me)`, `rights.answered(…)`."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import a
from bus import deliver
from house import service
from pdu_shared.contracts import MESSAGES, PUBLISHERS
from pdu_shared.sealing import Sealer


async def ask(http, me, kind="access"):
    """A request of somebody who is signed in."""
    answer = await http.post("/rights-requests", json={"kind": kind}, headers={**me, **a.key()})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def ask_for(http, headers, **form):
    """The answer to whoever writes down what somebody asked for."""
    form = {"kind": "access", **form}
    return await http.post("/persons/rights-requests", json=form, headers={**headers, **a.key()})


async def put(http, headers, request, what, **form):
    """The answer to a step."""
    path = f"/rights-requests/{request['request_id']}/{what}"
    return await http.put(path, json=form or None, headers=headers)


async def see(http, headers, request):
    """How a request stands."""
    answer = await http.get(f"/rights-requests/{request['request_id']}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def answer_of(name, request, **details):
    """What a service tells in answer to a request."""
    about = {"request_id": request["request_id"], "person_id": request["person_id"]}
    if request["kind"] == "erasure":
        fact = {**about, "rows": 3, "done_at": datetime.now(UTC), **details}
        return MESSAGES[f"{name}.PersonErased"](**fact)
    content = json.dumps({"service": name, "gathered_at": "today", "holdings": []})
    part = {**about, "part": 1, "parts": 1, "content": content, **details}
    return MESSAGES[f"{name}.PersonalDataGathered"](**part)


async def answered(house, database, request, *names, **details):
    """Let services answer a request: all of them, unless some are named."""
    sealer = Sealer(house.secrets.sealing_keys("resources"))
    for name in names or PUBLISHERS:
        told = answer_of(name, request, **details)
        await deliver(service("resources"), database, told, sealer=sealer)


async def told(database, name, request):
    """How often something was told of a request."""
    return await database.pool.fetchval(
        "SELECT count(*) FROM outbox WHERE routing_key = $1 AND subject = $2",
        f"resources.{name}",
        f"request/{request['request_id']}",
    )


def somebody(token, *roles):
    """Somebody who is signed in, and their id."""
    me = uuid4()
    return token(*(roles or ("member",)), sub=me), UUID(str(me))
