"""What one RabbitMQ node is told: its ports, settings and environment."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pdu_local.broker import Broker
from pdu_local.ports import free_ports

PLUGINS = "[rabbitmq_management,rabbitmq_prometheus,rabbitmq_stream].\n"
# A write-ahead log of the default 512 MB raised the memory alarm at a backlog of 20,000 messages.
SETTINGS = """\
listeners.tcp.1 = 127.0.0.1:{ports.amqp}
cluster_name = {name}
management.tcp.ip = 127.0.0.1
management.tcp.port = {ports.management}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {ports.prometheus}
stream.listeners.tcp.1 = 127.0.0.1:{ports.stream}
stream.advertised_host = 127.0.0.1
stream.advertised_port = {ports.stream}
load_definitions = {home}/definitions.json
log.console = true
log.console.level = warning
log.file = false
raft.wal_max_size_bytes = 67108864
disk_free_limit.absolute = 100MB
vm_memory_high_watermark.absolute = 512MB
"""


@dataclass(frozen=True, slots=True)
class RabbitPorts:
    """Where one node listens, all on 127.0.0.1."""

    amqp: int
    management: int
    stream: int
    prometheus: int
    epmd: int
    dist: int

    @classmethod
    def free(cls) -> "RabbitPorts":
        """Six ports nobody uses at the moment."""
        return cls(*free_ports(6))


def name_of(home: Path) -> str:
    """What the node calls itself in its greeting: no other node on this machine has it."""
    return f"pdu-{hashlib.sha256(str(home).encode()).hexdigest()[:16]}"


def write_files(home: Path, ports: RabbitPorts, definitions: Mapping[str, object]) -> None:
    """Lay out what the node reads when it starts."""
    for folder in ("home", "mnesia", "log", "gen"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    cookie = home / "home" / ".erlang.cookie"
    if not cookie.exists():
        _write(cookie, secrets.token_hex(20), 0o400)
    _write(home / "definitions.json", json.dumps(definitions), 0o600)
    _write(home / "enabled_plugins", PLUGINS, 0o600)
    settings = SETTINGS.format(ports=ports, home=home, name=name_of(home))
    _write(home / "rabbitmq.conf", settings, 0o600)


def environment(broker: Broker, home: Path, ports: RabbitPorts) -> dict[str, str]:
    """All that the node's programs see of the world."""
    path = os.environ.get("PATH", os.defpath)
    told = {
        "PATH": f"{broker.erlang}:{path}",
        "HOME": f"{home}/home",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "ERL_EPMD_PORT": str(ports.epmd),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_CRASH_DUMP_SECONDS": "0",
        # The node replaces the script, so that our signals reach it.
        "RUNNING_UNDER_SYSTEMD": "1",
        "RABBITMQ_NODENAME": "pdu@127.0.0.1",
        "RABBITMQ_USE_LONGNAME": "true",
        "RABBITMQ_DIST_PORT": str(ports.dist),
        "RABBITMQ_MNESIA_BASE": f"{home}/mnesia",
        "RABBITMQ_LOG_BASE": f"{home}/log",
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_SCHEMA_DIR": f"{home}/gen",
        "RABBITMQ_GENERATED_CONFIG_DIR": f"{home}/gen",
        "RABBITMQ_CONFIG_FILE": f"{home}/rabbitmq.conf",
        "RABBITMQ_ADVANCED_CONFIG_FILE": f"{home}/none",
        "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/enabled_plugins",
        "RABBITMQ_PID_FILE": f"{home}/pid",
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "+B i +S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"
            " -kernel inet_dist_use_interface {127,0,0,1}"
        ),
    }
    if broker.libraries:
        told["LD_LIBRARY_PATH"] = ":".join(map(str, broker.libraries))
    return told


def _write(path: Path, text: str, mode: int) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
