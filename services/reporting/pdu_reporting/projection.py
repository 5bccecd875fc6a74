"""A projection: a table that follows from the journal, and the statement that fills it."""

import hashlib
from dataclasses import dataclass

from pdu_shared.contracts.message import Message
from pdu_shared.database import Conn


@dataclass(frozen=True, slots=True)
class Projection:
    """A table, and the one statement that folds journal rows into it.

    The statement takes the journal's positions from `$1` to `$2` and the routing keys `$3`. It is
    safe to repeat and indifferent to order: rows have a key, and a newer `sequence` wins. So the
    same statement over the whole journal makes the table anew.
    """

    name: str
    hears: tuple[type[Message], ...]
    """Empty means every message."""
    table: str
    fold: str

    @property
    def routing_keys(self) -> list[str] | None:
        """What it hears, as the journal names it."""
        return [message.routing_key() for message in self.hears] or None

    @property
    def fill(self) -> str:
        """The same statement for a table that is empty, where nothing can stand in the way."""
        return self.fold.partition("ON CONFLICT")[0]

    @property
    def definition(self) -> str:
        """Differs as soon as the table or the statement does."""
        told = "\n".join((self.table, self.fold, *(self.routing_keys or ())))
        return hashlib.sha256(told.encode()).hexdigest()


async def fold(conn: Conn, projection: Projection, *, first: int, last: int) -> None:
    """Fold the journal's rows between two positions, both included, into the table."""
    await conn.execute(projection.fold, first, last, projection.routing_keys)
