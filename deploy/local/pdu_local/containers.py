"""RabbitMQ and PostgreSQL in containers, for tests on a machine with a container engine."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from testcontainers.community.postgres import PostgresContainer
from testcontainers.community.rabbitmq import RabbitMqContainer

from pdu_local.choice import Infrastructure
from pdu_local.infra import Administrator, Servers
from pdu_local.postgres import FAST

RABBIT_IMAGE = "rabbitmq:4-management"
POSTGRES_IMAGE = "postgres:18"
AMQP, MANAGEMENT, STREAM = 5672, 15672, 5552
PLUGINS = "[rabbitmq_management,rabbitmq_prometheus,rabbitmq_stream]."


def start_containers(
    home: Path, definitions: Mapping[str, object], administrator: Administrator
) -> Servers:
    """Both servers, fresh, with the definitions loaded."""
    rabbit = _rabbit(home, definitions, administrator)
    postgres = PostgresContainer(POSTGRES_IMAGE, driver=None, username="pdu")
    flags = " ".join(f"-c {setting}" for setting in (*FAST, "max_connections=200"))
    postgres.with_command(f"postgres {flags}")
    with ExitStack() as closing:
        closing.enter_context(rabbit)
        closing.enter_context(postgres)
        host = rabbit.get_container_host_ip()
        return Servers(
            infrastructure=Infrastructure.CONTAINERS,
            database_url=postgres.get_connection_url(),
            amqp_host=host,
            amqp_port=int(rabbit.get_exposed_port(AMQP)),
            management_url=f"http://{host}:{rabbit.get_exposed_port(MANAGEMENT)}",
            administrator=administrator,
            closing=closing.pop_all(),
        )


def _rabbit(
    home: Path, definitions: Mapping[str, object], administrator: Administrator
) -> RabbitMqContainer:
    home.mkdir(parents=True, exist_ok=True)
    files = {
        "definitions.json": json.dumps(definitions),
        "enabled_plugins": PLUGINS,
        "10-definitions.conf": "load_definitions = /etc/rabbitmq/definitions.json\n",
    }
    rabbit = RabbitMqContainer(
        RABBIT_IMAGE, username=administrator.user, password=administrator.password
    ).with_exposed_ports(AMQP, MANAGEMENT, STREAM)
    for name, text in files.items():
        (home / name).write_text(text)
        folder = "/etc/rabbitmq/conf.d" if name.endswith(".conf") else "/etc/rabbitmq"
        rabbit.with_volume_mapping(str(home / name), f"{folder}/{name}")
    return rabbit
