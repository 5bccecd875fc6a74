"""Which figures there are, for people and for the forms of a front end."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel

from pdu_reporting.figure import Figure, Kind, Unit
from pdu_reporting.figures import FIGURES
from pdu_reporting.filters import fault
from pdu_reporting.known import known
from pdu_shared.problems import Refused
from pdu_shared.runtime import Store

LISTS = {
    one.name: one.list_name
    for figure in FIGURES.values()
    for one in figure.asked_with
    if one.kind is Kind.CODES and one.codes is None
}
"""Filters whose words are known from what was told, and the lists that hold them."""

router = APIRouter(tags=["figures"])


class FilterDefinition(BaseModel):
    """What can be asked of a figure."""

    name: str
    kind: Kind
    required: bool
    """Without it, or the dimension of that name in `by`, there is no answer."""
    codes: list[str] | None
    """The words it takes, of a choice the usual one first; null when they are known from what was
    told: `/codes/{name}` has them."""


class Codes(BaseModel):
    """The words that a filter takes today."""

    name: str
    codes: list[str]


class Definition(BaseModel):
    """What a figure counts, by what it can be cut, and what can be asked of it."""

    name: str
    statement: str
    unit: Unit
    dimensions: list[str]
    filters: list[FilterDefinition]


class Definitions(BaseModel):
    """All figures there are."""

    items: list[Definition]


@router.get("/figures")
async def definitions() -> Definitions:
    """The figures, what each counts, and by what it can be cut and filtered."""
    return Definitions(items=[_definition(figure) for figure in FIGURES.values()])


@router.get("/codes/{name}")
async def codes(
    name: Annotated[str, Path(json_schema_extra={"enum": list(LISTS)})], database: Store
) -> Codes:
    """The words that a filter of this name takes, as they were told so far."""
    if name not in LISTS:
        raise Refused(errors=[fault("name", "unknown_list", LISTS, place="path")])
    async with database.pool.acquire(timeout=5) as conn:
        return Codes(name=name, codes=list(await known(conn, LISTS[name])))


def _definition(figure: Figure) -> Definition:
    return Definition(
        name=figure.name,
        statement=figure.statement,
        unit=figure.unit,
        dimensions=figure.dimensions,
        filters=[
            FilterDefinition(
                name=one.name,
                kind=one.kind,
                required=one.name in figure.needs,
                codes=list(one.codes) if one.codes else None,
            )
            for one in figure.asked_with
        ],
    )
