"""A private node of the real RabbitMQ: its folder, its ports, its start, stop and crash."""

import base64
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pdu_local.broker import WAYS_OUT, Broker, find_broker
from pdu_local.children import Child
from pdu_local.failure import UNAVAILABLE, Failure
from pdu_local.paths import without_spaces
from pdu_local.ports import free_ports

PLUGINS = "[rabbitmq_management,rabbitmq_prometheus,rabbitmq_stream].\n"
GREETING = b"AMQP\x00\x00\x09\x01"
# A write-ahead log of the default 512 MB raised the memory alarm at a backlog of 20,000 messages.
SETTINGS = """\
listeners.tcp.1 = 127.0.0.1:{ports.amqp}
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


class Rabbit:
    """One node with its own port mapper; every file of it is under `home`.

    `definitions` is what RabbitMQ imports at each start (users, vhosts, queues …); they are added
    to what is there, never taken away. Without them `administrator` gives a usable node.
    """

    def __init__(
        self,
        home: Path,
        ports: RabbitPorts,
        definitions: Mapping[str, object],
        *,
        log: Path | None = None,
        broker: Broker | None = None,
    ) -> None:
        self.home = without_spaces(home.resolve())
        self.ports = ports
        self.definitions = definitions
        self.broker = broker or _at_hand()
        log = log or self.home / "rabbitmq.log"
        mapper = str(self.broker.port_mapper)
        self.mapper = Child(
            name="epmd",
            command=[mapper, "-port", str(ports.epmd), "-address", "127.0.0.1"],
            log=log.with_name("epmd.log"),
            env=self._environment(),
        )
        self.node = Child(
            name="rabbitmq",
            command=[str(self.broker.server)],
            log=log,
            env=self._environment(),
            patience=30,
        )

    @property
    def management_url(self) -> str:
        """The management HTTP API, without credentials."""
        return f"http://127.0.0.1:{self.ports.management}"

    def amqp_url(self, user: str, password: str, vhost: str = "pdu") -> str:
        """Where this user connects."""
        credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"amqp://{credentials}@127.0.0.1:{self.ports.amqp}/{quote(vhost, safe='')}"

    def start(self) -> None:
        """Start the node; `wait_ready` tells when it listens."""
        self.write_files()
        if self.mapper.pid is None:
            self.mapper.start()
        self.node.start()

    def is_ready(self) -> bool:
        """Whether it greets an AMQP client."""
        try:
            with socket.create_connection(("127.0.0.1", self.ports.amqp), timeout=1) as client:
                client.settimeout(2)
                client.sendall(GREETING)
                return client.recv(1) == b"\x01"
        except OSError:
            return False

    def wait_ready(self, timeout: float = 60) -> None:
        """Return once it listens; a node that dies or takes too long is a `Failure`."""
        deadline = time.monotonic() + timeout
        while not self.is_ready():
            if self.node.exit_code is not None or time.monotonic() > deadline:
                raise Failure("RabbitMQ did not start.", self.node.last_words())
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the node cleanly, then its port mapper."""
        self.node.stop()
        self.mapper.stop()

    def kill(self) -> None:
        """Crash the node as `kill -9` does; the port mapper stays."""
        self.node.kill()

    def restart(self) -> None:
        """Bring a stopped or crashed node back and wait for it."""
        self.node.stop()
        self.start()
        self.wait_ready()

    def pause(self) -> None:
        """Freeze the node: its connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen node go on."""
        self._signal(signal.SIGCONT)

    def erase(self) -> None:
        """Forget everything the stopped node kept."""
        shutil.rmtree(self.home, ignore_errors=True)

    def write_files(self) -> None:
        """Lay out what the node reads when it starts."""
        for folder in ("home", "mnesia", "log", "gen"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        cookie = self.home / "home" / ".erlang.cookie"
        if not cookie.exists():
            _write(cookie, secrets.token_hex(20), 0o400)
        _write(self.home / "definitions.json", json.dumps(self.definitions), 0o600)
        _write(self.home / "enabled_plugins", PLUGINS, 0o600)
        settings = SETTINGS.format(ports=self.ports, home=self.home)
        _write(self.home / "rabbitmq.conf", settings, 0o600)

    def _signal(self, what: signal.Signals) -> None:
        if (pid := self.node.pid) is not None:
            os.kill(pid, what)

    def _environment(self) -> dict[str, str]:
        home, path = self.home, os.environ.get("PATH", os.defpath)
        environment = {
            "PATH": f"{self.broker.erlang}:{path}",
            "HOME": f"{home}/home",
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "ERL_EPMD_PORT": str(self.ports.epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP_SECONDS": "0",
            # The node replaces the script, so that our signals reach it.
            "RUNNING_UNDER_SYSTEMD": "1",
            "RABBITMQ_NODENAME": "pdu@127.0.0.1",
            "RABBITMQ_USE_LONGNAME": "true",
            "RABBITMQ_DIST_PORT": str(self.ports.dist),
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
                "+B i +sbwt none +sbwtdcpu none +sbwtdio none"
                " -kernel inet_dist_use_interface {127,0,0,1}"
            ),
        }
        if self.broker.libraries:
            environment["LD_LIBRARY_PATH"] = ":".join(map(str, self.broker.libraries))
        return environment


def administrator(user: str, password: str, *vhosts: str) -> dict[str, object]:
    """The smallest definitions: one administrator with every right on these vhosts."""
    rights = {"user": user, "configure": ".*", "write": ".*", "read": ".*"}
    return {
        "users": [
            {
                "name": user,
                "password_hash": _password_hash(password),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": ["administrator"],
            }
        ],
        "vhosts": [{"name": vhost} for vhost in vhosts],
        "permissions": [{**rights, "vhost": vhost} for vhost in vhosts],
    }


def _password_hash(password: str) -> str:
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return base64.b64encode(salt + digest).decode()


def _at_hand() -> Broker:
    if (broker := find_broker()) is None:
        raise Failure("There is no RabbitMQ on this machine.", WAYS_OUT, code=UNAVAILABLE)
    return broker


def _write(path: Path, text: str, mode: int) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
