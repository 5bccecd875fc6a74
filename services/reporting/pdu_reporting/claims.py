"""The report that checks itself: what was printed beside what is counted, and why they differ."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from pdu_reporting.asking import Audience
from pdu_reporting.counting import moment, reached
from pdu_reporting.desk import Desk
from pdu_reporting.projections import PROJECTIONS
from pdu_reporting.rules.claim import Published, Recomputed, Verdict, verdict
from pdu_shared.database import Conn, transaction
from pdu_shared.problems import Refused
from pdu_shared.runtime import Store

MOST = 500
NAME = r"^[a-z0-9][a-z0-9_.-]{0,63}$"

router = APIRouter(tags=["claims"])


class Claim(BaseModel):
    """A printed figure, the one counted now, and how they fit together."""

    report: str
    claim: Published
    counted: int | float | str | None
    """None where there is no such figure, or none such to be counted."""
    numerator: int | None
    denominator: int | None
    verdict: Verdict
    reason: str
    """What explains the verdict, where it does not explain itself."""


class Claims(BaseModel):
    """Claims, all held against one moment of the journal."""

    items: list[Claim]
    verdicts: dict[Verdict, int]
    """How many of each there are."""
    as_of: datetime | None
    journal_position: int


class Taken(BaseModel):
    """What a report claims from now on."""

    report: str
    claims: int


@router.put("/claims/{report}")
async def take(
    report: Annotated[str, Path(pattern=NAME, description="A short word for the report.")],
    claims: Annotated[list[Published], Field(max_length=MOST)],
    database: Store,
) -> Taken:
    """What a report printed, in place of all that was told of it before; an empty list forgets."""
    async with transaction(database) as conn:
        await _keep(conn, report, claims)
    return Taken(report=report, claims=len(claims))


@router.get("/claims")
async def checked(
    database: Store,
    report: Annotated[str | None, Query(pattern=NAME, description="Of one report only.")] = None,
) -> Claims:
    """Every figure that was printed, counted again, with a verdict on each."""
    async with moment(database, [one.name for one in PROJECTIONS]) as conn:
        position, as_of = await reached(conn)
        items = await held_against(Desk(conn, Audience.TEAM), report)
    return Claims(
        items=items,
        verdicts=Counter(one.verdict for one in items),
        as_of=as_of,
        journal_position=position,
    )


async def held_against(desk: Desk, report: str | None = None) -> list[Claim]:
    """Each claim beside what is counted in the moment of this desk."""
    return [await _checked(desk, of, claim) for of, claim in await _kept(desk.conn, report)]


async def _checked(desk: Desk, report: str, claim: Published) -> Claim:
    try:
        counted = await _counted(desk, claim.metric, claim.asked)
        other = claim.on_the_other_base
        on_other_base = await _counted(desk, claim.metric, other) if other else None
    except Refused as refusal:
        nothing, reason = Recomputed(None), _reason(refusal)
        return _told(report, claim, nothing, (Verdict.GAP, reason))
    found = verdict(claim, counted, on_other_base)
    reason = ""
    if found is Verdict.BASE and on_other_base:
        reason = f"Printed as {on_other_base.numerator} of {on_other_base.denominator}."
    if found is Verdict.INCONSISTENT:
        reason = f"It prints {claim.numerator} of {claim.denominator}, which is another number."
    return _told(report, claim, counted, (found, reason))


def _told(report: str, claim: Published, counted: Recomputed, found: tuple[Verdict, str]) -> Claim:
    return Claim(
        report=report,
        claim=claim,
        counted=counted.value,
        numerator=counted.numerator,
        denominator=counted.denominator,
        verdict=found[0],
        reason=found[1],
    )


async def _counted(desk: Desk, metric: str, asked: Mapping[str, str]) -> Recomputed:
    answer = (await desk.ask(metric, asked)).answer
    if len(answer.rows) != 1:
        return Recomputed(None, unit=answer.unit)
    [row] = answer.rows
    value, numerator, denominator = row["value"], row["numerator"], row["denominator"]
    return Recomputed(
        value if isinstance(value, int | float | str) else None,
        numerator if isinstance(numerator, int) else None,
        denominator if isinstance(denominator, int) else None,
        answer.unit,
    )


def _reason(refusal: Refused) -> str:
    return " ".join(f"{one.pointer.rpartition('/')[2]}: {one.detail}" for one in refusal.errors)


async def _keep(conn: Conn, report: str, claims: Sequence[Published]) -> None:
    await conn.execute("DELETE FROM claim WHERE report = $1", report)
    await conn.execute(
        """
        INSERT INTO claim (report, place, body)
        SELECT $1, place, body::jsonb
          FROM unnest($2::text[]) WITH ORDINALITY AS told (body, place)
        """,
        report,
        [claim.model_dump_json() for claim in claims],
    )


async def _kept(conn: Conn, report: str | None) -> list[tuple[str, Published]]:
    rows = await conn.fetch(
        """
        SELECT report, body
          FROM claim
         WHERE $1::text IS NULL OR report = $1
         ORDER BY report, place
        """,
        report,
    )
    return [(row["report"], Published.model_validate_json(row["body"])) for row in rows]
