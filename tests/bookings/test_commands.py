"""Commands over the bus: what HTTP does, for front ends without HTTP."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import aio_pika
import pytest
from aio_pika.exceptions import AMQPError

import a
import telling
from bus import deliver
from eventually import until
from pdu_bookings.app import service
from pdu_bookings.command.room import OVER_BUS
from pdu_bookings.place.link import token_for
from pdu_shared.contracts.message import COMMANDS_EXCHANGE, MESSAGES_EXCHANGE
from pdu_shared.identity import person_id, uuid7
from pdu_shared.sealing import Sealer
from pdu_shared.topology import client_definitions
from scratch import Tap, ask_broker

pytestmark = pytest.mark.bus


@pytest.fixture(scope="module")
async def bookings(house):
    """Bookings with its broker, as front ends find it."""
    async with house.http("bookings", broker=True) as http:
        yield http


@pytest.fixture(scope="module")
async def kiosk(house, bookings):
    """A front end that may send every command."""
    async with front_end(house, bookings, [f"bookings.{name}" for name in OVER_BUS]) as kiosk:
        yield kiosk


@asynccontextmanager
async def front_end(house, http, may: Sequence[str]):
    name, password = f"k{secrets.token_hex(4)}", secrets.token_hex(12)
    told = client_definitions(name, password, may)
    await ask_broker(house, "POST", "/api/definitions", told)
    house.passwords[f"client_{name}"] = password
    sealer = Sealer(json.dumps((await http.get("/commands/key")).json()))
    async with await aio_pika.connect(house.amqp_url(f"client_{name}")) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(COMMANDS_EXCHANGE, ensure=False)
        yield FrontEnd(f"client_{name}", exchange, sealer)


class FrontEnd:
    """Sends commands, as somebody would who has read AsyncAPI."""

    def __init__(self, user, exchange, sealer):
        self.user, self.exchange, self.sealer = user, exchange, sealer

    async def send(self, name, path=None, body=None, *, key=None, token=None, **changed):
        """Send a command; its id."""
        inside = {part: value for part, value in (("path", path), ("body", body)) if value}
        envelope = {
            "specversion": "1.0",
            "id": str(uuid7()),
            "source": "/kiosk",
            "type": f"pdu.bookings.{name}",
            "time": datetime.now(UTC).isoformat(),
            "datacontenttype": "application/jose",
            "data": self.sealer.seal("bookings", json.dumps(inside).encode()),
            **changed,
        }
        message = aio_pika.Message(
            json.dumps(envelope).encode(),
            user_id=self.user,
            headers={"authorization": token["Authorization"]} if token else {},
        )
        await self.exchange.publish(message, f"bookings.{key or name}")
        return envelope["id"]


@pytest.fixture
def answers(bookings_database):
    """What was told because of a command: names and data, the answer last."""

    async def told(command_id):
        rows = await bookings_database.pool.fetch(
            "SELECT routing_key, body FROM outbox WHERE exchange = 'pdu.messages'"
            " AND body::jsonb ->> 'causationid' = $1 ORDER BY position",
            command_id,
        )
        told = [(row["routing_key"].partition(".")[2], json.loads(row["body"])) for row in rows]
        return told if told and told[-1][0].startswith("Command") else None

    async def wait(command_id):
        return [(name, one["data"]) for name, one in await until(lambda: told(command_id))]

    return wait


async def test_a_place_is_booked_and_given_back_without_http(
    bookings, kiosk, answers, token, house
):
    event = await a.published_event(bookings, token("coordinator"))
    path = {"learning_event_id": event["learning_event_id"]}
    (booked, fact), (name, answer) = await answers(await kiosk.send("BookPlace", path, a.person()))
    assert (booked, name, answer["state"]) == ("EventBooked", "CommandTaken", "confirmed")
    assert fact["booking_id"] == answer["booking_id"]

    link = token_for(house.secrets.link_key.encode(), UUID(answer["booking_id"]))
    told = await answers(await kiosk.send("CancelBookingByLink", {"token": link}))
    assert [name for name, _ in told] == ["BookingCancelled", "CommandTaken"]


async def test_a_member_books_over_the_bus_with_what_the_hub_knows(
    bookings, bookings_database, kiosk, answers, token
):
    email = f"member-{uuid4().hex[:12]}@example.org"
    me = person_id(b"pdu-test-key", email)
    await deliver(service, bookings_database, telling.member(person_id=me), origin="import")
    event = await a.published_event(bookings, token("coordinator"))
    path = {"learning_event_id": event["learning_event_id"]}
    form, mine = {"name": "Alan a Dale", "email": email}, token("member", sub=me)
    told = await answers(await kiosk.send("BookOwnPlace", path, form, token=mine))
    assert [name for name, _ in told] == ["EventBooked", "CommandTaken"]
    assert told[0][1]["person_id"] == str(me)
    other = await answers(await kiosk.send("BookOwnPlace", path, form, token=token("member")))
    assert [(name, one["problem"]) for name, one in other] == [("CommandRefused", "validation")]


async def test_an_offer_is_taken_and_a_topic_suggested_without_http(
    bookings, kiosk, answers, token, house
):
    event = await a.published_event(
        bookings, token("coordinator"), sessions=[a.session(capacity=1)]
    )
    first, second = [(await a.ask_for_place(bookings, event)).json() for _ in range(2)]
    key = house.secrets.link_key.encode()
    links = [{"token": token_for(key, UUID(one["booking_id"]))} for one in (first, second)]
    told = await answers(await kiosk.send("CancelBookingByLink", links[0]))
    assert [name for name, _ in told] == [
        "BookingCancelled", "WaitlistPlaceOffered", "CommandTaken"
    ]  # fmt: skip
    told = await answers(await kiosk.send("AnswerOffer", links[1], {"accept": True}))
    assert [name for name, _ in told] == ["EventBooked", "CommandTaken"]
    assert told[-1][1]["state"] == "confirmed"

    text = {"text": "More about gambling, please."}
    told = await answers(await kiosk.send("SuggestTopic", body=text))
    assert [name for name, _ in told] == ["TopicSuggested", "CommandTaken"]


async def test_what_is_wrong_is_told_by_pointer_and_never_by_value(bookings, kiosk, answers, token):
    event = await a.published_event(bookings, token("coordinator"))
    path = {"learning_event_id": event["learning_event_id"]}
    wrong = a.person(email="not an address", robins_secret="green")
    [(name, refused)] = await answers(await kiosk.send("BookPlace", path, wrong))
    assert (name, refused["problem"]) == ("CommandRefused", "validation")
    assert {one["pointer"] for one in refused["faults"]} == {"/email", None}
    assert "robins" not in json.dumps(refused)


async def test_a_command_has_the_rights_of_the_token_it_carries(bookings, kiosk, answers, token):
    event = await a.published_event(bookings, token("coordinator"))
    booking = (await a.ask_for_place(bookings, event)).json()
    path = {"booking_id": booking["booking_id"]}
    refusals = {
        "unauthenticated": None,
        "not-found": token("member"),
        "insufficient-scope": token("evaluator"),
    }
    for problem, whose in refusals.items():
        told = await answers(await kiosk.send("CancelBooking", path, token=whose))
        assert told == [("CommandRefused", {**told[0][1], "problem": problem, "faults": []})]
    told = await answers(await kiosk.send("CancelBooking", path, token=token("coordinator")))
    assert [name for name, _ in told] == ["BookingCancelled", "CommandTaken"]


async def test_the_same_command_ten_times_is_carried_out_once(
    bookings, kiosk, answers, token, bookings_database
):
    event = await a.published_event(bookings, token("coordinator"))
    path, same = {"learning_event_id": event["learning_event_id"]}, str(uuid7())
    person = a.person()
    for _ in range(10):
        await kiosk.send("BookPlace", path, person, id=same)
    await kiosk.send("BookPlace", path, a.person(), id=same)  # another body under its name
    last = await kiosk.send("BookPlace", path, a.person())
    await answers(last)
    assert [name for name, _ in await answers(same)] == ["EventBooked", "CommandTaken"]
    booked = await bookings_database.pool.fetchval(
        "SELECT count(*) FROM booking WHERE learning_event_id = $1", event["learning_event_id"]
    )
    assert booked == 2


async def test_an_answer_lost_with_the_process_is_given_by_the_next(
    bookings, kiosk, answers, token, bookings_database
):
    event = await a.published_event(bookings, token("coordinator"))
    path, same = {"learning_event_id": event["learning_event_id"]}, str(uuid7())
    person = a.person()
    await answers(await kiosk.send("BookPlace", path, person, id=same))
    # As after a crash between the effect and the answer: the broker delivers it again.
    async with bookings_database.pool.acquire() as conn:
        await conn.execute("DELETE FROM command_answered WHERE command_id = $1", UUID(same))
    await kiosk.send("BookPlace", path, person, id=same)
    await until(
        lambda: bookings_database.pool.fetchval(
            "SELECT true FROM command_answered WHERE command_id = $1", UUID(same)
        )
    )
    names = [name for name, _ in await answers(same)]
    assert names == ["EventBooked", "CommandTaken", "CommandTaken"]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"datacontenttype": "application/json", "data": "in clear"}, "not-sealed"),
        ({"data": "no.sealed.data.at.all"}, "sealed-for-somebody-else"),
        ({"key": "CancelBooking"}, "another-type"),
        ({"path": {"learning_event_id": str(uuid4())}}, "not-found"),
        ({"path": {"learning_event_id": "../../metrics"}}, "not-found"),
        ({"path": {}}, "not-found"),
    ],
)
async def test_a_command_that_will_not_do_is_refused(kiosk, answers, changed, problem):
    sent = {"path": {"learning_event_id": str(uuid4())}, "body": a.person(), **changed}
    [(name, refused)] = await answers(await kiosk.send("BookPlace", **sent))
    assert (name, refused["problem"]) == ("CommandRefused", problem)


async def test_what_is_no_command_is_set_aside_without_its_content(kiosk, bookings_database):
    await kiosk.send("BookPlace", id="not an id", data="Alan a Dale, 07700 900123")
    row = await until(
        lambda: bookings_database.pool.fetchrow(
            "SELECT reason, body FROM parked WHERE detail = $1", f"a command from {kiosk.user}"
        )
    )
    assert (row["reason"], row["body"]) == ("bad_envelope", b"")


async def test_a_client_sends_only_what_it_may(house, bookings):
    async with front_end(house, bookings, ["bookings.BookPlace"]) as narrow:
        with pytest.raises(AMQPError, match="ACCESS_REFUSED"):
            await narrow.send("CancelBooking", {"booking_id": str(uuid4())})


@pytest.mark.parametrize("queue", ["bookings.commands", "bookings.inbox", "reporting.inbox"])
async def test_a_client_reads_no_queue_of_ours(house, kiosk, queue):
    async with await aio_pika.connect(house.amqp_url(kiosk.user)) as connection:
        channel = await connection.channel()
        found = await channel.get_queue(queue, ensure=False)
        with pytest.raises(AMQPError, match="ACCESS_REFUSED"):
            await found.consume(Tap().take)


async def test_a_client_tells_no_facts(house, kiosk):
    async with await aio_pika.connect(house.amqp_url(kiosk.user)) as connection:
        channel = await connection.channel()
        messages = await channel.get_exchange(MESSAGES_EXCHANGE, ensure=False)
        with pytest.raises(AMQPError, match="ACCESS_REFUSED"):
            await messages.publish(aio_pika.Message(b"{}"), "bookings.EventBooked")


async def test_every_command_is_a_route_and_stands_in_asyncapi(bookings):
    document = (await bookings.get("/asyncapi.json")).json()
    for name in OVER_BUS:
        message = document["components"]["messages"][f"bookings.{name}"]
        inside = message["payload"]["properties"]["data"]["contentSchema"]
        assert inside["properties"]
    text = json.dumps(document)
    used = {one.split('"')[0] for one in text.split('"#/components/schemas/')[1:]}
    assert used <= document["components"]["schemas"].keys()


async def test_many_commands_at_once_are_all_answered(bookings, kiosk, answers, token):
    event = await a.published_event(
        bookings, token("coordinator"), sessions=[a.session(capacity=20)]
    )
    path = {"learning_event_id": event["learning_event_id"]}
    sent = await asyncio.gather(*(kiosk.send("BookPlace", path, a.person()) for _ in range(50)))
    states = [(await answers(one))[-1][1]["state"] for one in sent]
    assert (states.count("confirmed"), states.count("waitlisted")) == (20, 30)
