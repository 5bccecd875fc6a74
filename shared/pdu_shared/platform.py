"""What an administrator prepares before any service runs; everything here can be repeated.

Broker users, rights, exchanges and policies; databases and roles.

    python -m pdu_shared.platform --secrets DIR

takes the passwords from `DIR/<service>/…`, the administrator's addresses from
`PDU_ADMIN_DATABASE_URL` and `PDU_RABBITMQ_MANAGEMENT_URL`.
"""

import argparse
import asyncio
import os
from collections.abc import Collection, Mapping
from pathlib import Path

import asyncpg

from pdu_shared.topology import (
    BROKER_USERS,
    SERVICES,
    broker_definitions,
    client_definitions,
    reader_definitions,
)

__all__ = [
    "BROKER_USERS",
    "DATABASE_ROLES",
    "SERVICES",
    "admit_client",
    "admit_reader",
    "apply_broker",
    "apply_database",
    "broker_definitions",
]

DATABASE_ROLES: tuple[str, ...] = tuple(
    f"{service}_{role}" for service in SERVICES for role in ("owner", "app", "ro")
)


async def apply_broker(management_url: str, passwords: Mapping[str, str]) -> None:
    """Prepare a broker that is there already, over its management interface."""
    await _define(management_url, broker_definitions(passwords))


async def admit_reader(management_url: str, name: str, password: str) -> None:
    """Let `reader_<name>` read the journal from outside; again with another password: change it."""
    await _define(management_url, reader_definitions(name, password))


async def admit_client(
    management_url: str, name: str, password: str, commands: Collection[str]
) -> None:
    """Let `client_<name>` send these commands, and read the answers in the journal."""
    await _define(management_url, client_definitions(name, password, commands))


async def apply_database(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Make each service's database and its three roles.

    `<service>_owner` changes the schema, `<service>_app` runs, `<service>_ro` reads. `passwords`
    holds one for each of `DATABASE_ROLES`.
    """
    admin = await asyncpg.connect(admin_url, timeout=10)
    try:
        for service in SERVICES:
            await _roles_and_database(admin, service, passwords)
    finally:
        await admin.close()
    for service in SERVICES:
        inside = await asyncpg.connect(admin_url, database=f"pdu_{service}", timeout=10)
        try:
            await _close_the_public_schema(inside, service)
        finally:
            await inside.close()


async def _define(management_url: str, definitions: Mapping[str, object]) -> None:
    import httpx  # noqa: PLC0415 - only for a broker that is there already; it loads for long

    async with httpx.AsyncClient(base_url=management_url, timeout=30) as client:
        answer = await client.post("/api/definitions", json=definitions)
        answer.raise_for_status()


async def _roles_and_database(
    admin: "asyncpg.Connection[asyncpg.Record]", service: str, passwords: Mapping[str, str]
) -> None:
    for role in (f"{service}_owner", f"{service}_app", f"{service}_ro"):
        exists = await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
        verb = "ALTER" if exists else "CREATE"
        # Roles and passwords cannot be parameters; quote_literal is the server's own quoting.
        password = await admin.fetchval("SELECT quote_literal($1::text)", passwords[role])
        await admin.execute(f"{verb} ROLE {role} LOGIN CONNECTION LIMIT 30 PASSWORD {password}")
        slow = "30s" if service == "reporting" else "5s"
        if not role.endswith("_owner"):
            await admin.execute(f"ALTER ROLE {role} SET statement_timeout = '{slow}'")
            await admin.execute(f"ALTER ROLE {role} SET lock_timeout = '3s'")
            await admin.execute(
                f"ALTER ROLE {role} SET idle_in_transaction_session_timeout = '10s'"
            )
    database = f"pdu_{service}"
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
        await admin.execute(f"CREATE DATABASE {database}")
    await admin.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
    await admin.execute(
        f"GRANT CONNECT ON DATABASE {database} TO {service}_owner, {service}_app, {service}_ro"
    )
    await admin.execute(f"GRANT CREATE ON DATABASE {database} TO {service}_owner")


async def _close_the_public_schema(
    inside: "asyncpg.Connection[asyncpg.Record]", service: str
) -> None:
    await inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    await inside.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {service}_owner")
    await inside.execute(f"GRANT USAGE ON SCHEMA public TO {service}_app, {service}_ro")


def passwords_in(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The passwords of broker users and of database roles, from a folder of secret files."""
    broker = {
        name: (folder / name / "amqp_password").read_text("utf-8").strip() for name in BROKER_USERS
    }
    database = {
        name: (folder / name / "database_password").read_text("utf-8").strip()
        for name in DATABASE_ROLES
    }
    return broker, database


def main() -> None:
    """Prepare the broker and the databases named in the environment."""
    parser = argparse.ArgumentParser(prog="python -m pdu_shared.platform", description=__doc__)
    parser.add_argument("--secrets", type=Path, required=True, help="folder of secret files")
    broker, database = passwords_in(parser.parse_args().secrets)
    if url := os.environ.get("PDU_RABBITMQ_MANAGEMENT_URL"):
        asyncio.run(apply_broker(url, broker))
    if url := os.environ.get("PDU_ADMIN_DATABASE_URL"):
        asyncio.run(apply_database(url, database))


if __name__ == "__main__":
    main()
