"""The frames of a message are those that pamqp would write, whatever their size."""

from uuid import uuid4

import pytest
from pamqp import commands, frame
from pamqp.body import ContentBody
from pamqp.header import ContentHeader

from pdu_shared import frames

ROOM = 100
PUBLISH = {"exchange": "pdu.messages", "routing_key": "bookings.EventBooked", "mandatory": True}


def properties(**ids):
    return commands.Basic.Properties(
        content_type="application/cloudevents+json",
        delivery_mode=2,
        message_type="pdu.bookings.EventBooked",
        app_id="bookings",
        user_id="bookings",
        headers={"replay": True},
        **ids,
    )


def kind(channel=3):
    return frames.kind(commands.Basic.Publish(**PUBLISH), properties(), channel=channel, room=ROOM)


@pytest.mark.parametrize("size", [0, 1, ROOM - 1, ROOM, ROOM + 1, 5 * ROOM, 64 * 1024])
def test_byte_for_byte_they_are_what_pamqp_writes(size):
    ids = {"correlation_id": str(uuid4()), "message_id": str(uuid4())}
    body = bytes(65 + n % 26 for n in range(size))
    header = ContentHeader(body_size=size, properties=properties(**ids))
    parts = [ContentBody(body[start : start + ROOM]) for start in range(0, size, ROOM)]
    wanted = [commands.Basic.Publish(**PUBLISH), header, *parts]
    written = b"".join(kind().frames(body, **ids))
    assert written == b"".join(frame.marshal(one, 3) for one in wanted)


def test_pamqp_reads_them_back():
    ids = {"correlation_id": str(uuid4()), "message_id": str(uuid4())}
    body = "höchstens €".encode()
    rest, read = b"".join(kind(channel=1).frames(body, **ids)), []
    while rest:
        used, channel, found = frame.unmarshal(rest)
        rest, read = rest[used:], [*read, found]
        assert channel == 1
    publish, header, content = read
    assert (publish.exchange, publish.routing_key, publish.mandatory) == tuple(PUBLISH.values())
    assert header.body_size == len(body)
    assert {name: getattr(header.properties, name) for name in ids} == ids
    assert header.properties.headers == {"replay": True}
    assert content.value == body
