"""What else things are called: lists that coordinators keep, and that every search knows."""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Annotated

import structlog
from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from pdu_resources.finding.index import index_meaning, learn_words
from pdu_resources.rules.search import Thing
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Form
from pdu_shared.lately import Lately
from pdu_shared.runtime import Runtime, Store

BEGINNING = files("pdu_resources") / "synonyms.toml"
GOOD_FOR = 30.0
"""Seconds for which a process remembers the lists."""

log = structlog.get_logger()
router = APIRouter(tags=["search"])


def _once(terms: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms))


Term = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+( [a-z0-9]+){0,7}$", max_length=80)]


class Names(Form):
    """All that a thing is called, in small letters and without signs."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"terms": ["legal highs", "nps", "spice"]}]}
    )

    terms: Annotated[tuple[Term, ...], Field(min_length=2, max_length=30), AfterValidator(_once)]


class Meaning(BaseModel):
    """A thing, and its names."""

    meaning: str
    terms: list[str]


class Meanings(BaseModel):
    """Every list of names there is."""

    synonyms: list[Meaning]


class Synonyms:
    """The lists as this process last read them: what each term means."""

    def __init__(self, runtime: Runtime) -> None:
        self._lately = Lately(runtime.database, things)

    async def things(self, conn: Conn) -> Mapping[str, Thing]:
        """By term."""
        return await self._lately.known(conn, good_for=GOOD_FOR)


@router.get("/synonyms")
async def synonyms(database: Store) -> Meanings:
    """What else things are called, or were called: a search for one name finds the others."""
    rows = await database.pool.fetch("""
        SELECT meaning, array_agg(term ORDER BY place) AS terms
          FROM synonym GROUP BY meaning ORDER BY meaning
        """)
    return Meanings(synonyms=[Meaning(**row) for row in rows])


@router.put("/synonyms/{meaning}")
async def name(meaning: Code, form: Names, database: Store) -> Meaning:
    """Say what a thing is called; this takes the place of what was said before."""
    async with transaction(database) as conn:
        await conn.execute("SELECT pg_advisory_xact_lock(hashtext('synonym'))")
        await conn.execute("DELETE FROM synonym WHERE meaning = $1", meaning)
        await _insert(conn, {meaning: form.terms})
        await learn_words(conn, form.terms)
        await index_meaning(conn, meaning)
    log.info("synonyms", meaning=meaning, terms=len(form.terms))
    return Meaning(meaning=meaning, terms=list(form.terms))


async def seed(conn: Conn) -> None:
    """Put the lists of the package in place where there are none."""
    lists = tomllib.loads(BEGINNING.read_text("utf-8"))
    known = {row["meaning"] for row in await conn.fetch("SELECT DISTINCT meaning FROM synonym")}
    new = {meaning: terms for meaning, terms in lists.items() if meaning not in known}
    await _insert(conn, new)
    await learn_words(conn, [term for terms in new.values() for term in terms])


async def _insert(conn: Conn, lists: Mapping[str, Sequence[str]]) -> None:
    rows = [
        (meaning, term, place)
        for meaning, terms in lists.items()
        for place, term in enumerate(terms)
    ]
    await conn.execute(
        "INSERT INTO synonym (meaning, term, place)"
        " SELECT * FROM unnest($1::text[], $2::text[], $3::smallint[])",
        *([row[column] for row in rows] for column in range(3)),
    )


async def things(conn: Conn) -> Mapping[str, Thing]:
    """What each term means now."""
    rows = await conn.fetch("""
        SELECT one.term, array_agg(DISTINCT one.meaning::text) AS meanings,
               array_agg(DISTINCT other.term) AS names
          FROM synonym AS one JOIN synonym AS other USING (meaning)
         GROUP BY one.term
        """)
    return {row["term"]: Thing(tuple(row["meanings"]), tuple(row["names"])) for row in rows}
