"""A database of one service for a test alone, for what no other test should meet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg

from house import House, service
from pdu_shared.database import grant_least_privilege, migrate, open_database, transaction


@asynccontextmanager
async def a_spare(house: House, name: str) -> AsyncIterator[str]:
    """The address of a new database of a service, migrated and seeded, with run-time rights."""
    spare = f"spare_{name}_{uuid4().hex[:8]}"
    admin = await asyncpg.connect(house.servers.database_url)
    await admin.execute(f"CREATE DATABASE {spare} OWNER {name}_owner")
    try:
        owner = house.database_url(f"{name}_owner", spare)
        async with open_database(owner, application="tests") as database:
            async with database.pool.acquire() as conn:
                await migrate(conn, service(name).packages)
                await grant_least_privilege(conn, name)
            for seed in service(name).seeds:
                async with transaction(database) as conn:
                    await seed(conn)
        yield house.database_url(f"{name}_app", spare)
    finally:
        await admin.execute(f"DROP DATABASE {spare} WITH (FORCE)")
        await admin.close()
