"""The house that the tests run in: real servers, one database per service, services over ASGI."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from house import House, services

from pdu_local import infra
from pdu_shared.database import Database
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES, apply_broker, apply_database
from pdu_shared.topology import broker_definitions


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Real PostgreSQL and RabbitMQ, prepared by the platform step, with all services migrated."""
    home = Path(tmp_path_factory.mktemp("house"))
    administrator = infra.Administrator("admin", secrets.token_hex(16))
    passwords = {name: secrets.token_hex(16) for name in (*BROKER_USERS, *DATABASE_ROLES)}
    definitions = broker_definitions(passwords)
    servers = infra.start(home, definitions, administrator)
    yield House(home, servers, passwords)
    servers.stop()
