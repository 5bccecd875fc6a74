"""One message for many: composed once, with places in which each copy has words of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from pdu_shared.mail import WIRE

_MAYBE_BROKEN = rb"(?:=\r\n)?"
_BREAK = b"=\r\n"
_UNFIT = re.compile(rb"[^\x21-\x3c\x3e-\x7e]|\A\.")


@dataclass(frozen=True, slots=True)
class Merge:
    """The bytes of a message around its places, and which place follows which bytes."""

    around: tuple[bytes, ...]
    order: tuple[int, ...]

    @classmethod
    def of(cls, message: EmailMessage, places: Sequence[str]) -> "Merge":
        """A message whose parts are quoted-printable; `places` are words that stand in it.

        ValueError when one of them does not.
        """
        raw = message.as_bytes(policy=WIRE)
        body = raw.index(b"\r\n\r\n")
        # Lines are broken anywhere, also within a place. In the body each place gets a line of its
        # own (a soft break before and behind), so that no line grows too long.
        spelt = (_MAYBE_BROKEN.join(re.escape(one.encode()) for one in place) for place in places)
        pattern = re.compile(b"|".join(b"(%b)" % one for one in spelt))
        around: list[bytes] = []
        order: list[int] = []
        done, behind = 0, b""
        for found in pattern.finditer(raw):
            soft = _BREAK if found.start() > body else b""
            around.append(behind + raw[done : found.start()] + soft)
            order.append((found.lastindex or 0) - 1)
            done, behind = found.end(), soft
        if set(range(len(places))) != set(order):
            raise ValueError("A place for the words of each copy is missing.")
        return cls((*around, behind + raw[done:]), tuple(order))

    def copy(self, values: Sequence[bytes]) -> bytes:
        """The message with these words in its places: printable ASCII without spaces and `=`.

        ValueError for anything else.
        """
        if any(_UNFIT.search(value) for value in values):
            raise ValueError("These words cannot stand in a message as they are.")
        pieces: list[bytes] = []
        for before, place in zip(self.around, self.order, strict=False):
            pieces += (before, values[place])
        return b"".join((*pieces, self.around[-1]))
