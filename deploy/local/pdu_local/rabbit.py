"""A private node of the real RabbitMQ: its folder, its ports, its start, stop and crash."""

import base64
import hashlib
import os
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from pdu_local.broker import WAYS_OUT, Broker, find_broker
from pdu_local.children import Child
from pdu_local.failure import UNAVAILABLE, Failure
from pdu_local.node import RabbitPorts, environment, name_of, write_files
from pdu_local.paths import without_spaces

__all__ = ["Rabbit", "RabbitPorts", "administrator"]

GREETING = b"AMQP\x00\x00\x09\x01"


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
        told = environment(self.broker, self.home, ports)
        mapper = str(self.broker.port_mapper)
        self.mapper = Child(
            name="epmd",
            command=[mapper, "-port", str(ports.epmd), "-address", "127.0.0.1"],
            log=log.with_name("epmd.log"),
            env=told,
            death_signal="TERM",
        )
        self.node = Child(
            name="rabbitmq",
            command=[str(self.broker.server)],
            log=log,
            env=told,
            death_signal="TERM",
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
        write_files(self.home, self.ports, self.definitions)
        if self.mapper.pid is None:
            self.mapper.start()
        self.node.start()

    def is_ready(self) -> bool:
        """Whether it greets an AMQP client, and it is this node that does."""
        try:
            with socket.create_connection(("127.0.0.1", self.ports.amqp), timeout=1) as client:
                client.settimeout(2)
                client.sendall(GREETING)
                return name_of(self.home).encode() in client.recv(4096)
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

    def _signal(self, what: signal.Signals) -> None:
        if (pid := self.node.pid) is not None:
            os.kill(pid, what)


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
