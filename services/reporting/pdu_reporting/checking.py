"""Whether the projections that are kept equal what the journal gives when they are recomputed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pdu_reporting.filling import BESIDE, LONGEST, Filled, fill_beside
from pdu_reporting.rebuild import alone, chosen_of, fold_after
from pdu_shared.database import Conn, Database


@dataclass(frozen=True, slots=True)
class Contents:
    """A table in one line: how many rows, and the sha256 of their ordered sha256s."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A projection as it is kept and as it was recomputed, at one position of the journal."""

    name: str
    kept: Contents
    recomputed: Contents
    position: int

    @property
    def equal(self) -> bool:
        """Whether every row is the same, byte for byte."""
        return self.kept == self.recomputed


async def check(
    database: Database,
    names: Sequence[str],
    *,
    tell: Callable[[Filled], None] | None = None,
    beside: str = BESIDE,
) -> list[Compared]:
    """Recompute these projections beside the present ones, compare, and leave all as it was.

    Messages are taken meanwhile: both sides are of one moment. Raises as `rebuild` does.
    """
    chosen = chosen_of(names)
    async with alone(database):
        end = await fill_beside(database, chosen, tell=tell, beside=beside)
        async with (
            database.pool.acquire(timeout=5) as conn,
            conn.transaction(isolation="repeatable_read"),
        ):
            position = await fold_after(conn, chosen, end, beside=beside)
            compared = [
                Compared(
                    one.name,
                    kept=await contents(conn, f"public.{one.name}"),
                    recomputed=await contents(conn, f"{beside}.{one.name}"),
                    position=position,
                )
                for one in chosen
            ]
            for projection in chosen:
                await conn.execute(f"DROP TABLE {beside}.{projection.name}")
    return compared


async def contents(conn: Conn, table: str) -> Contents:
    """A table, or a query in brackets, in one line."""
    row = await conn.fetchrow(
        f"""
        SELECT count(*) AS rows,
               encode(sha256(coalesce(string_agg(line, NULL ORDER BY line), '')), 'hex') AS digest
          FROM (SELECT sha256(convert_to(whole_row::text, 'UTF8')) AS line
                  FROM {table} AS whole_row) AS lines
        """,  # noqa: S608 - the name is ours
        timeout=LONGEST,
    )
    assert row is not None, "an aggregate has a row"
    return Contents(row["rows"], row["digest"])
