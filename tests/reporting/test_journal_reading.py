"""Reading the journal: public messages in their order, by pages and as they come in."""

import asyncio
import json
from contextlib import aclosing
from time import monotonic
from uuid import uuid4

import telling
from bus import arrived, body_of
from pdu_reporting.journal_reading import stream
from pdu_shared.access import Role
from pdu_shared.reading import read


async def end_of(http):
    """The position after which nothing is written yet."""
    position = 0
    while True:
        page = (await http.get("/journal", params={"after": position})).json()
        if page["next"] == position:
            return position
        position = page["next"]


async def read_events(events, wanted):
    """The entries of a stream, until so many have come."""
    found = []
    async with asyncio.timeout(10), aclosing(events):
        async for event in events:
            if not event.startswith("event: message"):
                continue
            lines = event.strip().split("\n")
            position = int(lines[1].removeprefix("id: "))
            entry = json.loads("\n".join(line.removeprefix("data: ") for line in lines[2:]))
            assert entry["position"] == position
            found.append(entry)
            if len(found) == wanted:
                return found
    return found


def never():
    return False


async def test_a_page_holds_public_messages_as_they_were_published(reporting_http, take):
    before = await end_of(reporting_http)
    public, private, other = telling.attendance(), telling.member(), telling.booked()
    received = await take(public, private, other)
    page = (await reporting_http.get("/journal", params={"after": before})).json()
    assert [item["message"] for item in page["items"]] == [
        json.loads(received[0].body),
        json.loads(received[2].body),
    ]
    assert [item["position"] for item in page["items"]] == sorted(
        item["position"] for item in page["items"]
    )


async def test_pages_lead_on_to_the_end_and_over_what_is_not_public(reporting_http, take):
    before = await end_of(reporting_http)
    await take(*(telling.attendance() for _ in range(3)), *(telling.member() for _ in range(3)))
    first = (await reporting_http.get("/journal", params={"after": before, "limit": 2})).json()
    assert len(first["items"]) == 2
    assert first["next"] == first["items"][-1]["position"]
    second = (
        await reporting_http.get("/journal", params={"after": first["next"], "limit": 2})
    ).json()
    assert len(second["items"]) == 1
    # The three members lie behind; nobody looks through them again.
    assert second["next"] == second["items"][-1]["position"] + 3
    last = (await reporting_http.get("/journal", params={"after": second["next"]})).json()
    assert last == {"items": [], "next": second["next"]}


async def test_impossible_positions_and_limits_are_refused(reporting_http):
    for query in ("after=-1", "after=x", "limit=0", "limit=101", f"after={2**63}"):
        assert (await reporting_http.get(f"/journal?{query}")).status_code == 422


async def test_a_stream_goes_on_after_the_last_event_that_was_seen(
    reporting_http, reporting_database, take
):
    before = await end_of(reporting_http)
    received = await take(*(telling.attendance() for _ in range(3)))
    first, _, _ = await read_events(stream(reporting_database, before, closing=never), 3)
    resumed = stream(reporting_database, first["position"], closing=never)
    entries = await read_events(resumed, 2)
    assert [entry["message"]["id"] for entry in entries] == [
        str(one.envelope.id) for one in received[1:]
    ]


async def test_a_stream_hears_at_once_of_what_is_written(reporting_http, reporting_database, take):
    before = await end_of(reporting_http)
    reading = asyncio.create_task(read_events(stream(reporting_database, before, closing=never), 2))
    await take(telling.attendance())
    await asyncio.sleep(0.2)  # now it has looked and waits
    written_at = monotonic()
    await take(telling.attendance())
    assert len(await reading) == 2
    assert monotonic() - written_at < 0.8


async def test_a_stream_carries_bodies_that_hold_line_breaks(
    reporting_http, reporting_database, take
):
    before = await end_of(reporting_http)
    pretty = json.dumps(json.loads(body_of(telling.attendance())), indent=1).replace("\n", "\r\n")
    await take(read(pretty.encode(), sent_by="bookings", sealer=None))
    [entry] = await read_events(stream(reporting_database, before, closing=never), 1)
    assert entry["message"] == json.loads(pretty)


async def test_a_stream_over_http_ends_when_the_service_closes(house, take, reporting_database):
    await take(telling.attendance())
    end = await reporting_database.pool.fetchval("SELECT max(position) FROM journal")
    async with house.running("reporting", broker=False) as app:
        app.state.closing = lambda: True
        from house import client  # noqa: PLC0415 - the fixture above has the same name

        async with client(app) as http:
            answer = await http.get(
                "/journal/stream",
                headers={
                    **house.authorised(Role.INTEGRATION),
                    "Last-Event-ID": str(end - 1),
                    "Accept": "text/event-stream",
                },
            )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("retry: 1000")


async def test_a_last_event_that_is_no_position_is_refused(reporting_http):
    answer = await reporting_http.get("/journal/stream", headers={"Last-Event-ID": "yesterday"})
    assert answer.status_code == 422


async def test_the_inbox_tells_of_what_was_journalled_and_parked(reporting_http, take):
    good, bad = arrived(telling.attendance()), arrived(telling.scheduled(tz="Europe/Nowhere"))
    await take(good, bad)
    ids = ",".join(str(one) for one in (good.envelope.id, bad.envelope.id, uuid4()))
    answer = await reporting_http.get("/inbox", params={"ids": ids})
    handled = {one["message_id"]: one["state"] for one in answer.json()["handled"]}
    assert handled == {str(good.envelope.id): "done", str(bad.envelope.id): "parked"}


async def test_ids_that_are_none_are_refused(reporting_http):
    assert (await reporting_http.get("/inbox?ids=first")).status_code == 422
