"""Organisations as tests use them: names that nobody else has, and the requests about them."""

import json
from uuid import uuid4

import a
from pdu_shared.identity import organisation_id


def a_name(kind="Housing"):
    return f"{kind} {uuid4().hex[:12]}"


class Registry:
    """The registry, as a coordinator keeps it."""

    def __init__(self, http, coordinator):
        self.http, self.header = http, coordinator

    async def ask(self, method, path, body=None, **headers):
        return await self.http.request(method, path, json=body, headers={**self.header, **headers})

    async def try_to_add(self, name, **said):
        return await self.ask("POST", "/organisations", {"name": name, **said}, **a.key())

    async def add(self, name=None, **said):
        """An organisation of the registry: its id."""
        answer = await self.try_to_add(name or a_name(), **said)
        assert answer.status_code == 201, answer.text
        return answer.json()["organisation_id"]

    async def read(self, organisation):
        answer = await self.ask("GET", f"/organisations/{organisation}")
        assert answer.status_code == 200, answer.text
        return answer

    async def edit(self, organisation, **said):
        etag = (await self.read(organisation)).headers["ETag"]
        return await self.ask("PATCH", f"/organisations/{organisation}", said, **{"If-Match": etag})

    async def match(self, organisation, name):
        return await self.ask("POST", f"/organisations/{organisation}/names", {"name": name})

    async def part(self, organisation, name):
        path = f"/organisations/{organisation}/names/{organisation_id(name)}"
        return await self.ask("DELETE", path)

    async def merge(self, merged, kept):
        return await self.ask("PUT", f"/organisations/{merged}/merge", {"kept_id": kept})

    async def unmerge(self, merged):
        return await self.ask("DELETE", f"/organisations/{merged}/merge")


async def told_about(database, organisation):
    """What was told about an id, oldest first: the names of the messages, and what they say."""
    rows = await database.pool.fetch(
        "SELECT routing_key, body FROM outbox WHERE subject = $1 ORDER BY position",
        f"organisation/{organisation}",
    )
    return [
        (row["routing_key"].removeprefix("resources."), json.loads(row["body"])["data"])
        for row in rows
    ]


async def stands_for(database, some_id):
    """Which organisation a reader takes an id for: the last word counts."""
    told = [
        (name, data)
        for name, data in await told_about(database, some_id)
        if name.startswith(("OrganisationMerged", "OrganisationUnmerged"))
    ]
    if not told or told[-1][0].startswith("OrganisationUnmerged"):
        return str(some_id)
    return told[-1][1]["kept_id"]
