"""What we measure ourselves against: the same work by the plainest means, on the same servers."""

import asyncio
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.load import percentile
from benchmarks.stage import YARD, Stage
from pdu_local.failure import UNAVAILABLE, Failure
from pdu_local.postgres import binaries

EVENTS = 1000
TABLES = """
    CREATE TABLE event (id integer PRIMARY KEY, places_left integer NOT NULL)
      WITH (fillfactor = 50);
    CREATE TABLE booking (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                          event_id integer NOT NULL REFERENCES event, person_id uuid NOT NULL,
                          booked_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                         message_id uuid NOT NULL, body text NOT NULL, published_at timestamptz);
    INSERT INTO event SELECT id, 1000000000 FROM generate_series(1, 1000) AS id;
    ANALYZE event;
    """
HOT, SPREAD = "\\set e 1\n", f"\\set e random(1, {EVENTS})\n"
# A body of 900 letters is as long as that of an EventBooked.
FIVE_STATEMENTS = """\
BEGIN;
UPDATE event SET places_left = places_left - 1 WHERE id = :e AND places_left > 0;
INSERT INTO booking (event_id, person_id) VALUES (:e, gen_random_uuid());
INSERT INTO outbox (message_id, body) VALUES (gen_random_uuid(), repeat('x', 900));
COMMIT;
"""
ONE_STATEMENT = """\
WITH taken AS (UPDATE event SET places_left = places_left - 1
                WHERE id = :e AND places_left > 0 RETURNING id),
     booked AS (INSERT INTO booking (event_id, person_id)
                SELECT id, gen_random_uuid() FROM taken RETURNING id)
INSERT INTO outbox (message_id, body) SELECT gen_random_uuid(), repeat('x', 900) FROM booked;
"""


@dataclass(frozen=True, slots=True)
class Bench:
    """What pgbench measured."""

    rate: float
    p50_ms: float
    p99_ms: float


async def make_yard(stage: Stage) -> None:
    """A database with what a booking needs, and nothing else."""
    async with stage.connected("postgres") as conn:
        await conn.execute(f"CREATE DATABASE {YARD}")
    async with stage.connected(YARD) as conn:
        await conn.execute(TABLES)


async def pgbench(stage: Stage, script: str, *, clients: int, seconds: float) -> Bench:
    """Transactions a second of a script, prepared, by two threads."""
    folder = stage.home / "pgbench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "script.sql").write_text(script)
    url = urlsplit(stage.yard())
    command = [
        *(str(program()), "-n", "-M", "prepared", "-f", "script.sql", "-l"),
        *("-c", str(clients), "-j", str(min(2, clients)), "-T", str(max(1, round(seconds)))),
        *("-h", str(url.hostname), "-p", str(url.port), "-U", str(url.username), YARD),
    ]
    running = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, "PGPASSWORD": str(url.password)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await running.communicate())[0].decode(errors="replace")
    found = re.search(r"^tps = ([\d.]+) ", said, re.MULTILINE)
    if running.returncode or not found:
        raise RuntimeError(f"pgbench failed:\n{said}")
    taken = _latencies_ms(folder)
    return Bench(float(found[1]), percentile(taken, 0.5), percentile(taken, 0.99))


def program() -> Path:
    """pgbench: the server's own, else one on PATH, else Debian's."""
    beside = binaries() / "pgbench"
    if beside.exists():
        return beside
    if found := shutil.which("pgbench"):
        return Path(found)
    if installed := sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench")):
        return installed[-1]
    raise Failure(
        "There is no pgbench on this machine.",
        "It comes with PostgreSQL's server: name its folder in PDU_PG_BIN, or install"
        " postgresql-contrib.",
        code=UNAVAILABLE,
    )


def _latencies_ms(folder: Path) -> list[float]:
    # client, transaction, microseconds, script, time: one line a transaction
    return [
        int(line.split()[2]) / 1000
        for log in folder.glob("pgbench_log.*")
        for line in log.read_text().splitlines()
    ]
