"""A message as AMQP frames. What messages of one kind share is encoded once, by pamqp."""

from collections.abc import Iterator
from dataclasses import dataclass

from pamqp.commands import Basic
from pamqp.frame import marshal
from pamqp.header import ContentHeader

_CORRELATION_ID, _MESSAGE_ID = "c" * 36, "m" * 36  # as long as the ids that take their place
_SIZE = slice(11, 19)
"""Where a header frame holds the size of the body (AMQP 0-9-1, §4.2.6.1)."""
_BODY, _END = b"\x03", b"\xce"


@dataclass(frozen=True, slots=True)
class Kind:
    """The frames before the bodies of one kind, in pieces: what varies comes between them."""

    channel: bytes
    before_size: bytes
    before_correlation_id: bytes
    before_message_id: bytes
    after: bytes
    body_room: int

    def frames(self, body: bytes, *, correlation_id: str, message_id: str) -> Iterator[bytes]:
        """What to write for one message: method, header, and the body in one frame or more."""
        yield self.before_size
        yield len(body).to_bytes(8)
        yield self.before_correlation_id
        yield correlation_id.encode()
        yield self.before_message_id
        yield message_id.encode()
        yield self.after
        for start in range(0, len(body), self.body_room):
            part = body[start : start + self.body_room]
            yield _BODY + self.channel + len(part).to_bytes(4)
            yield part
            yield _END


def kind(publish: Basic.Publish, properties: Basic.Properties, *, channel: int, room: int) -> Kind:
    """The kind of all messages published like this, with ids of 36 characters.

    `room` is how much of a body fits into one frame.
    """
    properties.correlation_id, properties.message_id = _CORRELATION_ID, _MESSAGE_ID
    method = marshal(publish, channel)
    header = marshal(ContentHeader(properties=properties), channel)
    opening, _, rest = header.partition(_CORRELATION_ID.encode())
    between, _, after = rest.partition(_MESSAGE_ID.encode())
    return Kind(
        channel=channel.to_bytes(2),
        before_size=method + opening[: _SIZE.start],
        before_correlation_id=opening[_SIZE.stop :],
        before_message_id=between,
        after=after,
        body_room=room,
    )
