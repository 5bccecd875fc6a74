"""The map of all data: what each column holds and how long it is kept, beside what there is."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from pdu_shared.database import Database
from pdu_shared.service import Service

FILE = Path(__file__).parents[1] / "docs/data-map.yaml"
CLASSES = {"personal", "special", "pseudonymous", "secret", "operational", "public"}
ABOUT_PEOPLE = {"personal", "special"}
KEPT = {"figures", "evidence", "record", "until_erased", "inbox", "short"}
"""Ways of keeping that are no line of a schedule; the head of the file says what they mean."""
UNDECIDED = "todo"
EVERY = "every"
KERNEL = {
    "idempotency", "inbox", "instance_setting", "outbox", "parked", "person_erased",
    "protection_task", "rate_limit", "replay_request", "sensitive_read", "waiting",
}  # fmt: skip


class Line(NamedTuple):
    """What the map says of one column."""

    kind: str
    kept: str


def read(text: str) -> tuple[dict[str, Line], dict[str, str]]:
    """The lines of the map by column, and the tables that nobody can be found in, with reasons."""
    told = yaml.safe_load(text)
    nobodys: dict[str, str] = told.pop("nobody_can_be_found_in", {})
    return {column: Line(*said.split(", ")) for column, said in told.items()}, nobodys


def of(service: str, entries: Iterable[str]) -> set[str]:
    """Those of one service; what stands for every service is theirs, too."""
    return {
        f"{service}.{rest}"
        for owner, _, rest in (entry.partition(".") for entry in entries)
        if owner in (service, EVERY)
    }


def lines_of(service: str, lines: Mapping[str, Line]) -> dict[str, Line]:
    """What the map says of one service's columns."""
    return {
        f"{service}.{rest}": line
        for (owner, _, rest), line in ((key.partition("."), one) for key, one in lines.items())
        if owner in (service, EVERY)
    }


def twice(text: str) -> list[str]:
    """Columns with two lines, as two branches may have added them."""
    keys = [line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha()]
    return sorted({key for key in keys if keys.count(key) > 1})


async def columns(service: str, database: Database) -> set[str]:
    """Every column of a service's database: `bookings.contact.name`."""
    rows = await database.pool.fetch("""
        SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END
               || relname || '.' || attname AS name
          FROM pg_attribute
          JOIN pg_class ON pg_class.oid = attrelid
          JOIN pg_namespace ON pg_namespace.oid = relnamespace
         WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
           AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'rebuilding')
        """)
    return {f"{service}.{row['name']}" for row in rows}


def skeleton(missing: Iterable[str]) -> str:
    """The lines that are missing, for whoever knows what the columns hold."""
    return "\n".join(f"{column}: {UNDECIDED}, {UNDECIDED}" for column in sorted(missing))


def held(service: Service) -> set[str]:
    """The tables that a service's holdings speak of."""
    tables = {table for one in service.holdings for table in (one.table, *one.also)}
    return {f"{service.name}.{table}" for table in tables}


def tables_about_people(lines: Mapping[str, Line]) -> set[str]:
    """The tables with a column that holds something about a person in clear."""
    return {
        column.rpartition(".")[0] for column, line in lines.items() if line.kind in ABOUT_PEOPLE
    }
