"""Which ports a checkout uses: the documented ones if free, and the same ones next time."""

import contextlib
import fcntl
import json
import os
import random
import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pdu_local.paths import cache

# All of ours are below those that kernels give to outgoing connections. Services look for a server
# while it boots; one of them can be given the very port it looks for, is then connected to itself
# (TCP's simultaneous open), and keeps the server from listening.
DEFAULTS: Mapping[str, int] = {
    "portal": 8000,
    "bookings": 8001,
    "notifications": 8002,
    "reporting": 8003,
    "resources": 8004,
    "postbox": 8025,
    "smtp": 1025,
    "postgres": 15432,
    "amqp": 15720,
    "management": 15721,
    "stream": 15722,
    "prometheus": 15723,
    "epmd": 15724,
    "dist": 15725,
}
FEW = 3
USABLE = range(1024, 65_536)
OTHERS = range(20_000, 32_000)


class Claims:
    """Ports spoken for by this process: other checkouts of this user keep away from them.

    A port is taken long before its server listens on it; without a claim two checkouts that start
    together would choose the same. The kernel drops the claims of a process that dies.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache() / "ports"
        self._held: list[int] = []

    def claim(self, port: int) -> bool:
        """Take this port, if nobody else has it or listens on it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # No file object: its end would be the end of the claim.
        file = os.open(self.folder / str(port), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        if not is_free(port):
            os.close(file)
            return False
        self._held.append(file)
        return True

    def release(self) -> None:
        """Give all of them back."""
        for file in self._held:
            os.close(file)
        self._held.clear()


OURS = Claims()
"""What this process claims until it ends."""


def choose(
    names: Iterable[str], remembered: Mapping[str, int], claims: Claims
) -> tuple[dict[str, int], list[str]]:
    """A port for each name, and a sentence about those that could not be the expected ones."""
    chosen: dict[str, int] = {}
    remarks: list[str] = []
    for name in names:
        wanted = remembered.get(name, DEFAULTS[name])
        port = wanted if claims.claim(wanted) else _another(claims.claim)
        if port != wanted:
            remarks.append(f"Port {wanted} is taken by another program: {name} uses {port}.")
        chosen[name] = port
    if len(remarks) > FEW:
        remarks = [f"{len(remarks)} of the usual ports are taken: another platform runs here?"]
    return chosen, remarks


def remembered(file: Path) -> dict[str, int]:
    """The ports of the last run; what cannot be read is forgotten."""
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(file.read_text())
        if isinstance(kept, dict):
            return {n: p for n, p in kept.items() if n in DEFAULTS and _is_port(p)}
    return {}


def remember(file: Path, ports: Mapping[str, int]) -> None:
    """Keep them for the next run."""
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(ports, indent=2) + "\n")
    fresh.replace(file)


def is_free(port: int) -> bool:
    """Whether a server of ours could listen there."""
    with socket.socket() as probe:
        # As servers do: a connection of the last run that lingers is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody uses, and nobody else will while this process lives."""
    return [_another(OURS.claim) for _ in range(count)]


def _another(usable: Callable[[int], bool]) -> int:
    draw = random.Random(os.urandom(8))  # noqa: S311  # nothing is hidden by it
    while True:
        port = draw.choice(OTHERS)
        if usable(port):
            return port


def _is_port(value: object) -> bool:
    return type(value) is int and value in USABLE
