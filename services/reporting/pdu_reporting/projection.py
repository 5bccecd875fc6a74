"""A projection: a table that follows from the journal, and the statement that fills it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pdu_shared.contracts.message import Message
from pdu_shared.database import Conn

# What folds read. An import's batch is the thread that its messages belong to.
_TOLD = """
    SELECT position, routing_key, source, subject, sequence, body::jsonb -> 'data' AS data,
           CASE WHEN origin = 'import' THEN correlation_id END AS imported_in
      FROM journal
    """


@dataclass(frozen=True, slots=True)
class Projection:
    """A table, and the one statement that folds messages into it.

    The statement reads them from `heard`: what this projection hears, with `data` as JSON. It is
    safe to repeat and indifferent to order: rows have a key, and a newer `sequence` wins. So the
    same statement over the whole journal makes the table anew.
    """

    name: str
    hears: tuple[type[Message], ...]
    """Empty means every message."""
    table: str
    fold: str
    indexes: str = ""
    """Made once the table is filled."""

    @property
    def routing_keys(self) -> list[str] | None:
        """What it hears, as the journal names it."""
        return [message.routing_key() for message in self.hears] or None

    @property
    def into_empty(self) -> str:
        """The same statement for a table that is empty, where nothing can stand in the way."""
        return self.fold.partition("ON CONFLICT")[0]

    @property
    def definition(self) -> str:
        """Differs as soon as the table or the statement does."""
        told = "\n".join((self.table, _TOLD, self.fold, self.indexes, *(self.routing_keys or ())))
        return hashlib.sha256(told.encode()).hexdigest()


async def fold(conn: Conn, projections: Sequence[Projection], *, first: int, last: int) -> None:
    """Fold the journal's rows between two positions, both included, into these tables."""
    if projections:
        which = "WHERE position BETWEEN $1 AND $2"
        await conn.execute(_together(projections, which), first, last)


async def fill(conn: Conn, projections: Sequence[Projection], *, last: int, within: float) -> None:
    """Fold all rows up to a position into tables that are empty.

    Their projections hear something in common, which is read once.
    """
    # Not by position: the index of what is heard finds the rows, and all of them are wanted.
    heard = {key for one in projections for key in one.routing_keys or ()}
    which = f"WHERE position + 0 <= $1 AND {_any_of(heard)}" if heard else "WHERE position <= $1"
    await conn.execute(_together(projections, which, empty=True), last, timeout=within)


def alike(projections: Sequence[Projection]) -> list[list[Projection]]:
    """Put together those that hear something in common, for which a message is parsed once."""
    groups: list[list[Projection]] = []
    for projection in projections:
        heard = set(projection.hears)
        theirs = [group for group in groups if any(heard & set(one.hears) for one in group)]
        rest = [group for group in groups if group not in theirs]
        groups = [*rest, [*(one for group in theirs for one in group), projection]]
    return groups


def _together(projections: Sequence[Projection], which: str, *, empty: bool = False) -> str:
    """One statement for several tables. No fold reads a table but its own."""
    # Put apart, or a body would be parsed again for every field that is read from it.
    told = f"told AS ({_TOLD} {which} OFFSET 0)"
    folds = (
        f"{one.name}_folded AS ({_heard(one)} {one.into_empty if empty else one.fold})"
        for one in projections
    )
    return f"WITH {', '.join((told, *folds))} SELECT"


def _heard(projection: Projection) -> str:
    keys = projection.routing_keys
    which = f"WHERE {_any_of(keys)}" if keys else ""
    return f"WITH heard AS (SELECT * FROM told {which})"  # noqa: S608 - all of it is our own


def _any_of(routing_keys: Iterable[str]) -> str:
    """Written out, since each part of a statement has its own."""
    return f"routing_key = ANY ('{{{','.join(sorted(routing_keys))}}}'::text[])"
