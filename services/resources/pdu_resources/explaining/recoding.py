"""What was told as `other`, or under a word that is no more, and counts under another one."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from pdu_resources.versioned.changes import By, Hand, differing, note
from pdu_resources.vocabulary.checking import not_in_list
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.explaining import CategoryRecoded
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, PublishedLine
from pdu_shared.identity import derived_id
from pdu_shared.problems import Conflict, Refused
from pdu_shared.runtime import Store

router = APIRouter(tags=["explaining figures"])


class Recode(Form):
    """Which word counts as which: of one organisation or of all, on some days or on all."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "scheme": "sector",
                    "source_code": "other",
                    "canonical_code": "voluntary",
                    "valid_from": "2018-04-01",
                    "valid_to": "2019-03-31",
                    "note": "Housing associations had no sector of their own.",
                }
            ]
        }
    )

    scheme: Literal["sector", "work_field", "role_level", "area"]
    source_code: Annotated[Code, Field(description="The word that was told")]
    canonical_code: Annotated[Code, Field(description="The word that it counts under")]
    organisation_id: Annotated[
        UUID | None, Field(description="Only of people from there; None for all")
    ] = None
    valid_from: Annotated[Day | None, Field(description="The first day it holds for")] = None
    valid_to: Annotated[Day | None, Field(description="The last day it holds for")] = None
    note: Annotated[PublishedLine, Field(description="Why; it stands beside the figures")]
    withdrawn: Annotated[bool, Field(strict=True, description="Whether it holds no more")] = False

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            msg = "The last day is not before the first."
            raise ValueError(msg)
        if self.source_code == self.canonical_code:
            msg = "A word counts as itself already."
            raise ValueError(msg)
        return self


class Recoding(BaseModel):
    """A word that counts as another."""

    code: str
    scheme: str
    source_code: str
    canonical_code: str
    organisation_id: UUID | None
    valid_from: date | None
    valid_to: date | None
    note: str
    withdrawn: bool


class Recodings(BaseModel):
    """All of them."""

    items: list[Recoding]


@router.get("/recodings")
async def recodings(database: Store) -> Recodings:
    """Which words count as which in figures."""
    rows = await database.pool.fetch(
        f"{_RECODING} WHERE NOT withdrawn ORDER BY scheme, source_code, code"
    )
    return Recodings(items=[Recoding(**row) for row in rows])


@router.put("/recodings/{code}")
async def recode(
    code: Annotated[Code, Path(description="Its name for programs: housing_associations")],
    form: Recode,
    database: Store,
    by: By,
) -> Recoding:
    """Let a word count as another, or no more. Doing it twice is doing it once.

    What was told is never edited; figures are counted otherwise from now on, and name it. 422 for
    a word that is in no list, 409 where another one holds for the same word on some of the days.
    """
    recoding = Recoding(code=code, **dict(form))
    async with transaction(database) as conn:
        await _recode(conn, recoding, by)
    return recoding


def recoding_id(code: str) -> UUID:
    """The id of a recoding by its code."""
    return derived_id("recoding", code)


async def _recode(conn: Conn, recoding: Recoding, by: Hand) -> None:
    codes = (recoding.source_code, recoding.canonical_code)
    places = ("/source_code", "/canonical_code")
    if faults := await not_in_list(conn, recoding.scheme, codes, places):
        raise Refused(errors=faults)
    # Few are ever written: one at a time, so that no two can hold for the same day.
    await conn.execute("LOCK TABLE recoding IN SHARE ROW EXCLUSIVE MODE")
    told = dict(recoding)
    before = await conn.fetchrow(f"{_RECODING} WHERE code = $1", recoding.code)
    if before is not None and dict(before) == told:
        return
    if not recoding.withdrawn and await _another_holds(conn, recoding):
        raise Conflict("Another recoding holds for this word on some of these days.")
    await conn.execute(
        """
        INSERT INTO recoding (recoding_id, code, scheme, source_code, canonical_code,
                              organisation_id, valid_from, valid_to, note, withdrawn, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (code) DO UPDATE
           SET scheme = excluded.scheme, source_code = excluded.source_code,
               canonical_code = excluded.canonical_code,
               organisation_id = excluded.organisation_id, valid_from = excluded.valid_from,
               valid_to = excluded.valid_to, note = excluded.note,
               withdrawn = excluded.withdrawn, changed_at = excluded.changed_at
        """,
        recoding_id(recoding.code),
        *told.values(),
        by.now,
    )
    if before is not None:
        was = differing(before, told)
        await note(conn, "recoding", recoding_id(recoding.code), was, by)
    await outbox.add(conn, CategoryRecoded(recoding_id=recoding_id(recoding.code), **told))


async def _another_holds(conn: Conn, recoding: Recoding) -> bool:
    found: bool = await conn.fetchval(
        """
        SELECT EXISTS (
            SELECT FROM recoding
             WHERE code <> $1 AND scheme = $2 AND source_code = $3 AND NOT withdrawn
               AND organisation_id IS NOT DISTINCT FROM $4
               AND daterange(valid_from, valid_to, '[]') && daterange($5, $6, '[]'))
        """,
        recoding.code,
        recoding.scheme,
        recoding.source_code,
        recoding.organisation_id,
        recoding.valid_from,
        recoding.valid_to,
    )
    return found


_RECODING = """
    SELECT code, scheme, source_code, canonical_code, organisation_id, valid_from, valid_to, note,
           withdrawn
      FROM recoding
    """
