"""Whether the journal has all that the services told: for people, for operators, for machines."""

import argparse
import sys
from datetime import UTC, datetime

import asyncpg
from fastapi import APIRouter
from prometheus_client import Gauge
from pydantic import BaseModel, Field

from pdu_reporting.rules.reconciling import LATE_AFTER
from pdu_shared.database import Conn, Database
from pdu_shared.runtime import Store
from pdu_shared.service import Command
from pdu_shared.telemetry import REGISTRY

MOST = 100
DIFFERENT = 1

router = APIRouter(tags=["journal"])

MISSING_MESSAGES = Gauge(
    "pdu_ledger_missing",
    "Messages that a service says it told, and the journal has not.",
    ["publisher"],
    registry=REGISTRY,
)
DIFFERENT_SECONDS = Gauge(
    "pdu_ledger_different_seconds",
    "How long the oldest difference to a service's ledger has lasted.",
    ["publisher"],
    registry=REGISTRY,
)
COMPARED = Gauge(
    "pdu_ledger_compared_timestamp_seconds",
    "Up to when a service's ledger has been held against the journal.",
    ["publisher"],
    registry=REGISTRY,
)


class Different(BaseModel):
    """A span of which the journal has something else than its service told."""

    starts_at: datetime
    ends_at: datetime
    missing: int = Field(description="At least so many messages have not come")
    extra: int = Field(description="At least so many are here that its service no longer has")
    keys: list[str] = Field(description="Kinds of messages; none if nothing is known of the span")
    different_since: datetime
    asked: int = Field(description="How often they were asked for")
    late: bool = Field(description="It has lasted longer than it should: somebody has to look")


class Ledger(BaseModel):
    """One service's ledger, as far as it has been held against the journal."""

    publisher: str
    compared_until: datetime
    equal_until: datetime = Field(description="Up to here everything is the same")
    missing: int
    extra: int
    different: list[Different] = Field(description=f"The oldest {MOST}")


class Ledgers(BaseModel):
    """Every service that has counted its ledger."""

    ledgers: list[Ledger]


@router.get("/ledgers")
async def read_ledgers(database: Store) -> Ledgers:
    """Whether the journal has everything that the services say they told."""
    async with database.pool.acquire(timeout=5) as conn:
        return await ledgers(conn, datetime.now(UTC))


async def ledgers(conn: Conn, now: datetime) -> Ledgers:
    """What was found when ledgers were compared."""
    different = await _different(conn)
    return Ledgers(
        ledgers=[
            Ledger(
                **{name: row[name] for name in Ledger.model_fields if name != "different"},
                different=[
                    Different(**one, late=now - one["different_since"] > LATE_AFTER)
                    for one in different
                    if one["publisher"] == row["publisher"]
                ],
            )
            for row in await _summary(conn)
        ]
    )


async def observe_ledgers(conn: Conn, now: datetime) -> None:
    """Bring the numbers up to date."""
    for row in await _summary(conn):
        since = row["different_since"]
        MISSING_MESSAGES.labels(row["publisher"]).set(row["missing"])
        DIFFERENT_SECONDS.labels(row["publisher"]).set(
            (now - since).total_seconds() if since else 0
        )
        COMPARED.labels(row["publisher"]).set(row["compared_until"].timestamp())


async def _run(database: Database, _asked: argparse.Namespace) -> int:
    async with database.pool.acquire(timeout=5) as conn:
        found = await ledgers(conn, datetime.now(UTC))
    for one in found.ledgers:
        sys.stdout.write(f"{one.model_dump_json()}\n")
    return DIFFERENT if any(one.different for one in found.ledgers) else 0


LEDGERS = Command(
    name="ledgers",
    does="Say, as JSON lines, whether the journal has all that services told; exit 1 if not.",
    takes=lambda _: None,
    run=_run,
)


async def _summary(conn: Conn) -> list[asyncpg.Record]:
    return await conn.fetch("""
        SELECT publisher, coalesce(min(starts_at) FILTER (WHERE different_since IS NOT NULL),
                                   max(ends_at)) AS equal_until,
               max(ends_at) AS compared_until, sum(missing)::bigint AS missing,
               sum(extra)::bigint AS extra, min(different_since) AS different_since
          FROM ledger_compared
         GROUP BY publisher
         ORDER BY publisher
        """)


async def _different(conn: Conn) -> list[asyncpg.Record]:
    return await conn.fetch(
        """
        SELECT publisher, starts_at, ends_at, missing, extra, keys, different_since, asked
          FROM (SELECT *, row_number() OVER (PARTITION BY publisher ORDER BY starts_at) AS place
                  FROM ledger_compared
                 WHERE different_since IS NOT NULL) AS numbered
         WHERE place <= $1
         ORDER BY publisher, starts_at
        """,
        MOST,
    )
