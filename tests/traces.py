"""Somebody who takes part in everything, and the search for what is left of them anywhere."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import aio_pika
import asyncpg

import a
import communities
import speaking
import suggested
from eventually import until
from pdu_local.postgres import binaries
from pdu_shared.identity import person_id
from pdu_shared.local_time import local_now
from signing_up import sign_up

KEY = b"pdu-test-key"
EVERY_ROW = """
    SELECT format('SELECT %L AS place, string_agg(kept::text, chr(10)) AS text FROM %I.%I AS kept',
                  table_schema || '.' || table_name, table_schema, table_name)
      FROM information_schema.tables
     WHERE table_type = 'BASE TABLE'
       AND table_schema NOT IN ('pg_catalog', 'information_schema')
    """


async def done(http, method, path, form=None, headers=None):
    """What is answered to something that must succeed."""
    headers = {**(headers or {}), **a.key()}
    answer = await http.request(method, path, json=form, headers=headers)
    assert answer.is_success, (path, answer.text)
    return answer.json() if answer.content else {}


async def leave_traces(services, databases, canary, token):
    """Have somebody book, come, say what they need, speak, complain, join, answer and learn."""
    me = person_id(KEY, canary.email)
    mine, coordinator = token("member", sub=me), token("coordinator")
    await sign_up(
        services["resources"],
        a.person(name=canary.name, email=canary.email, organisation=canary.name),
    )
    session_id = await _come(services["bookings"], databases, canary, coordinator)
    await _take_part(services["bookings"], canary, token, session_id, mine)
    await _answer(services, databases, canary, coordinator, session_id)
    subscription = {"email": canary.email, "lists": ["bulletin"], "words_version": 1}
    await done(services["notifications"], "POST", "/subscriptions", subscription)
    thing = {
        "type": "practice_tool",
        "title": "A sheet",
        "summary": f"{canary.name} wrote it",
        "workstreams": ["pie"],
        "scope": "local",
        "credit": canary.name,
    }
    await done(services["resources"], "POST", "/submissions", thing, mine)
    wording = {"version": 1}
    await done(services["resources"], "PUT", "/consents/evaluation", wording, mine)
    return me, mine


async def _come(bookings, databases, canary, coordinator):
    """A booking with all that one may tell besides, and the attendance it became."""
    soon = local_now() + timedelta(hours=20)
    session = a.session(
        starts_at=soon.isoformat(timespec="minutes"),
        ends_at=(soon + timedelta(hours=2)).isoformat(timespec="minutes"),
    )
    event = await a.published_event(bookings, coordinator, sessions=[session])
    session_id = event["sessions"][0]["session_id"]
    person = a.person(
        name=canary.name,
        email=canary.email,
        organisation=canary.name,
        needs={"access": f"{canary.name} wants a seat near the door"},
    )
    path = f"/learning-events/{event['learning_event_id']}/bookings"
    booked = await done(bookings, "POST", path, person)
    came = {"entries": [{"booking_id": booked["booking_id"], "state": "present"}], "walk_ins": []}
    await done(bookings, "PUT", f"/sessions/{session_id}/attendance", came, coordinator)
    later = await a.published_event(bookings, coordinator)
    path = f"/learning-events/{later['learning_event_id']}/bookings"
    await done(bookings, "POST", path, person)
    await databases["bookings"].pool.execute(
        "UPDATE session SET starts_at = starts_at - interval '2 days',"
        " ends_at = ends_at - interval '2 days' WHERE session_id = $1::text::uuid",
        session_id,
    )
    speaker = {**speaking.speaker(later), "name": canary.name, "email": canary.email}
    asked = await speaking.try_to_ask(bookings, coordinator, later, speaker)
    assert asked.is_success, asked.text
    return session_id


async def _take_part(bookings, canary, token, session_id, mine):
    """A community, a topic, an offer to speak, a concern, and the register of experts."""
    key = await communities.formed(bookings, token)
    joined = await communities.join(bookings, key, name=canary.name, email=canary.email)
    assert joined.is_success, joined.text
    reply_to = {"name": canary.name, "email": canary.email}
    await suggested.topic(bookings, text=f"As {canary.name} said", reply_to=reply_to)
    offer = speaking.offer(name=canary.name, email=canary.email, offer=f"I am {canary.name}")
    await done(bookings, "POST", "/speaker-offers", offer)
    concern = {"text": f"They laughed at {canary.name}"}
    await done(bookings, "POST", f"/sessions/{session_id}/concerns", concern, mine)
    expert = {
        "preferred_name": canary.name,
        "contact_way": "email",
        "reach": canary.email,
        "email": canary.email,
    }
    ambassador = token("beneficiary_ambassador")
    await done(bookings, "POST", "/lived-experience/experts", expert, ambassador)


async def _answer(services, databases, canary, coordinator, session_id):
    """The survey after the event, by the link of the letter."""
    event_id = await databases["bookings"].pool.fetchval(
        "SELECT learning_event_id FROM session WHERE session_id = $1::text::uuid", session_id
    )
    resources = databases["resources"].pool
    await until(
        lambda: resources.fetchval(
            "SELECT count(*) FROM attendance WHERE learning_event_id = $1 AND came", event_id
        ),
        within=60,
    )
    path = "/surveys/post_event/invitations"
    form = {"learning_event_id": str(event_id)}
    await done(services["resources"], "POST", path, form, coordinator)
    invitation_id = await resources.fetchval(
        "SELECT invitation_id FROM invitation WHERE learning_event_id = $1", event_id
    )
    link = await until(
        lambda: databases["notifications"].pool.fetchval(
            "SELECT path FROM link WHERE related_id = $1", invitation_id
        ),
        within=60,
    )
    answers = {
        "consent": {"evaluation": True, "link": True},
        "answers": [{"question": "core.improve", "text": f"{canary.name} told me"}],
    }
    await done(services["resources"], "POST", f"/{link}/responses", answers)


async def left_in_queues(house, canary):
    """Queues in which anything of a person waits, and inboxes that are not empty."""
    found = []
    broker = await aio_pika.connect(house.amqp_url("platform"))
    async with broker:
        for service in ("bookings", "resources", "notifications", "reporting"):
            channel = await broker.channel()
            inbox = await channel.declare_queue(f"{service}.inbox", passive=True)
            if inbox.declaration_result.message_count:
                found.append(inbox.name)
            dead = await channel.declare_queue(f"{service}.dead", passive=True)
            kept = [await dead.get() for _ in range(dead.declaration_result.message_count)]
            found += [dead.name for one in kept if canary.found_in(_all_of(one))]
            await channel.close()  # what was looked at goes back to its place
        found += ["pdu.journal"] * await _left_in_the_stream(broker, canary)
    return found


async def _left_in_the_stream(broker, canary):
    """How often the stream holds anything of a person, from its beginning to its present end."""
    channel = await broker.channel()
    await channel.set_qos(prefetch_count=200)
    stream = await channel.declare_queue("pdu.journal", passive=True)
    mark, found = uuid4().hex, 0
    end = aio_pika.Message(mark.encode(), headers={"end": mark})
    async with stream.iterator(arguments={"x-stream-offset": "first"}) as messages:
        await channel.default_exchange.publish(end, routing_key=stream.name)
        async for message in messages:
            await message.ack()
            if message.body == mark.encode():
                break
            found += bool(canary.found_in(_all_of(message)))
    return found


def _all_of(message):
    return message.body + repr((message.headers, message.routing_key)).encode()


async def left_in_dumps(house, canary, services):
    """Databases whose dump holds anything of a person, be it as text or as bytes."""
    found = []
    for name in services:
        url = f"{house.servers.database_url.rpartition('/')[0]}/pdu_{name}"
        dump = await asyncio.create_subprocess_exec(
            *(str(binaries() / "pg_dump"), "--no-owner", url), stdout=asyncio.subprocess.PIPE
        )
        content, _ = await dump.communicate()
        assert dump.returncode == 0
        if canary.found_in(content) or canary.mark.encode().hex().encode() in content:
            found.append(name)
    return found


async def left_in(house, canary, services):
    """Where anything of a person is found: every table of every database, as a dump holds it."""
    found = []
    for name in services:
        admin = await asyncpg.connect(house.servers.database_url, database=f"pdu_{name}")
        try:
            # As text, so that what stands in bytes is searched as well.
            await admin.execute("SET bytea_output = 'escape'")
            for table in await admin.fetch(EVERY_ROW):
                row = await admin.fetchrow(table["format"])
                if row["text"] and canary.found_in(row["text"].encode()):
                    found.append(f"{name}:{row['place']}")
        finally:
            await admin.close()
    return sorted(found)
