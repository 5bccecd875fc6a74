"""The service's own database: connections, transactions and numbered migrations."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
import structlog

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

log = structlog.get_logger()

Conn: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that broke at a bad moment
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
"""The database cannot be asked just now; nothing is wrong with the question."""

POOL = 6
"""Connections of one process. Four copies and an operator fit into the limit of a role, 30."""

BY_KEY = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
"""How statements are planned that find every row by its key."""

_MIGRATION_LOCK = 7_365_001


@dataclass(frozen=True, slots=True)
class Database:
    """A pool of connections, and the signal that something was committed through it."""

    pool: Pool
    committed: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def open_database(
    url: str, *, application: str, connections: int = POOL
) -> AsyncIterator[Database]:
    """A database for as long as the block lasts. Connects when it is first asked."""
    async with asyncpg.create_pool(
        url,
        min_size=0,
        max_size=connections,
        timeout=5,
        command_timeout=30,
        # A connection that a proxy or a restart cut must not stay in the pool for long.
        max_inactive_connection_lifetime=60,
        reset=_leave_as_it_is,
        server_settings={"application_name": application, "timezone": "UTC"},
    ) as pool:
        yield Database(pool)


async def _leave_as_it_is(_conn: Conn) -> None:
    # Nobody changes the session of a connection (a lock taken by one goes with it), so nothing is
    # to be put back: a round trip less before each answer. Open transactions are rolled back.
    return


@asynccontextmanager
async def transaction(database: Database) -> AsyncIterator[Conn]:
    """One transaction. After its commit the relay is woken, in case something was promised."""
    async with database.pool.acquire(timeout=5) as conn:
        async with conn.transaction():
            yield conn
        database.committed.set()


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Conn]:
    """One moment of the database: what is read by several statements belongs together."""
    async with (
        database.pool.acquire(timeout=5) as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield conn


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered SQL file, applied once and never changed afterwards."""

    room: str
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """What the file held when it was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


class ChangedMigrationError(Exception):
    """A migration was edited after it had been applied somewhere."""


def migrations_of(package: str) -> list[Migration]:
    """The migrations that a package brings, in order."""
    folder = files(package) / "migrations"
    if not folder.is_dir():
        return []
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".sql")), key=str)
    return [Migration(package, path.name, path.read_text("utf-8")) for path in paths]


async def migrate(conn: Conn, packages: Sequence[str]) -> list[Migration]:
    """Apply what is missing, in one transaction, and say what that was. Forward only."""
    async with conn.transaction():
        await conn.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK)
        await _ensure_migration_table(conn)
        applied = await _applied(conn)
        missing = []
        for migration in [one for package in packages for one in migrations_of(package)]:
            checksum = applied.get((migration.room, migration.name))
            if checksum is None:
                await conn.execute(migration.sql)
                await _remember(conn, migration)
                missing.append(migration)
            elif checksum != migration.checksum:
                msg = f"{migration.room}/{migration.name} differs from what was applied."
                raise ChangedMigrationError(msg)
    for migration in missing:
        log.info("migrated", room=migration.room, file=migration.name)
    return missing


async def is_migrated(conn: Conn, packages: Sequence[str]) -> bool:
    """Whether the schema is as new as this code expects."""
    wanted = {(one.room, one.name) for package in packages for one in migrations_of(package)}
    return wanted <= (await _applied(conn)).keys()


async def grant_least_privilege(conn: Conn, service: str) -> None:
    """The run-time role may work with rows; the ledger it may only read and add to."""
    for statement in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {ro}",
        "REVOKE UPDATE, DELETE ON outbox, sensitive_read FROM {app}",
        "REVOKE SELECT ON sensitive_read FROM {ro}",
        "REVOKE INSERT, UPDATE, DELETE ON migration FROM {app}",
        "REVOKE ALL ON FUNCTION outbox_published(bigint[]) FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION outbox_published(bigint[]) TO {app}",
    ):
        await conn.execute(statement.format(app=f"{service}_app", ro=f"{service}_ro"))


async def _ensure_migration_table(conn: Conn) -> None:
    await conn.execute("""
        CREATE TABLE IF NOT EXISTS migration (
            room       text        NOT NULL,
            name       text        NOT NULL,
            checksum   text        NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (room, name)
        )
        """)


async def _applied(conn: Conn) -> dict[tuple[str, str], str]:
    rows = await conn.fetch("SELECT room, name, checksum FROM migration")
    return {(row["room"], row["name"]): row["checksum"] for row in rows}


async def _remember(conn: Conn, migration: Migration) -> None:
    await conn.execute(
        "INSERT INTO migration (room, name, checksum) VALUES ($1, $2, $3)",
        migration.room,
        migration.name,
        migration.checksum,
    )
