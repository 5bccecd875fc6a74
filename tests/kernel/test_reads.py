"""Whoever reads what is sensitive is written down, and only the data protection lead sees it."""

from datetime import UTC, datetime
from uuid import uuid4

from pdu_shared import reads
from pdu_shared.access import Caller
from pdu_shared.database import transaction


async def test_a_read_is_written_down_with_who_what_when_and_why(
    resources_http, resources_database, token
):
    reader, first, second = Caller(sub=uuid4(), client_id="portal"), uuid4(), uuid4()
    now = datetime.now(UTC)
    async with transaction(resources_database) as conn:
        await reads.note(
            conn, reader, kind="profile", of_ids=[first, second], why="request", now=now
        )
    lead = token("data_protection_lead")
    path = f"/sensitive-reads?of_id={first}"
    [found] = (await resources_http.get(path, headers=lead)).json()["items"]
    assert found | {"read_id": None} == {
        "read_id": None,
        "reader": str(reader.sub),
        "client_id": "portal",
        "kind": "profile",
        "of_id": str(first),
        "why": "request",
        "read_at": now.isoformat().replace("+00:00", "Z"),
    }
    assert (await resources_http.get(path, headers=token("coordinator"))).status_code == 403


async def test_reads_are_turned_over_page_by_page(resources_http, resources_database, token):
    reader, of_id = Caller(client_id="robot"), uuid4()
    async with transaction(resources_database) as conn:
        for _ in range(3):
            await reads.note(
                conn, reader, kind="profile", of_ids=[of_id], why="test", now=datetime.now(UTC)
            )
    lead, path = token("data_protection_lead"), f"/sensitive-reads?of_id={of_id}&limit=2"
    first = (await resources_http.get(path, headers=lead)).json()
    rest = (await resources_http.get(f"{path}&after={first['next']}", headers=lead)).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


async def test_nobody_changes_or_removes_what_is_written_down(house):
    async with house.database("resources") as database:
        rights = await database.pool.fetchrow(
            """
            SELECT has_table_privilege('sensitive_read', 'UPDATE') AS may_change,
                   has_table_privilege('sensitive_read', 'DELETE') AS may_remove
            """
        )
    assert dict(rights) == {"may_change": False, "may_remove": False}
