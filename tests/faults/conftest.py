"""Servers that only these tests use, because they break them."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from house import House, Secrets
from pdu_local.broker import find_broker
from pdu_local.choice import Infrastructure
from pdu_local.infra import Administrator, Servers
from pdu_local.ports import free_ports
from pdu_local.postgres import Postgres
from pdu_local.rabbit import Rabbit, RabbitPorts, administrator
from pdu_shared.bus import declare_inbox
from pdu_shared.contracts.bookings.place import BookingLinkIssued
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES
from processes import serving


@pytest.fixture(scope="session")
async def ruins(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house of native servers, to be crashed and starved."""
    if find_broker() is None:
        pytest.skip("needs a RabbitMQ on this machine that it may crash")
    home = Path(tmp_path_factory.mktemp("ruins"))
    admin = Administrator("admin", secrets.token_hex(16))
    rabbit = Rabbit(home / "rabbit", RabbitPorts.free(), administrator(admin.user, admin.password))
    # Not `fast`: what it acknowledges has to be there after a crash.
    postgres = Postgres(home / "postgres", free_ports(1)[0])
    try:
        rabbit.start()
        postgres.start()
        postgres.wait_ready()
        rabbit.wait_ready()
        servers = Servers(
            infrastructure=Infrastructure.NATIVE,
            database_url=postgres.url,
            amqp_host="127.0.0.1",
            amqp_port=rabbit.ports.amqp,
            management_url=rabbit.management_url,
            administrator=admin,
            postgres=postgres,
            rabbit=rabbit,
        )
        passwords = {name: secrets.token_hex(16) for name in (*BROKER_USERS, *DATABASE_ROLES)}
        built = House(servers, passwords, Secrets(home))
        await built.prepare()
        # Somebody for whom the sealed messages are.
        urls = [built.amqp_url("notifications_owner")]
        await declare_inbox(urls, "notifications", [BookingLinkIssued])
        yield built
    finally:
        postgres.stop()
        rabbit.kill()  # nobody will need what it keeps
        rabbit.stop()


@pytest.fixture(scope="session")
async def copies(ruins: House) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Two copies of bookings on one database, each a process of its own."""
    log = ruins.secrets.folder / "bookings.log"
    settings = ruins.settings("bookings")
    async with (
        serving("bookings", settings, log) as one,
        serving("bookings", settings, log) as other,
    ):
        yield [one, other]
