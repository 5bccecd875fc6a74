"""Pathways as people see them: all of them, one with its steps, and the few for whoever is new."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from pdu_resources.member.same_person import ids_of
from pdu_resources.pathway.rows import (
    Pathway,
    PathwayKey,
    StepKind,
    StepRow,
    pathway,
    published,
    steps_of,
)
from pdu_resources.rules.pathway import FIRST_SCREEN
from pdu_shared.access import Role, Who
from pdu_shared.contracts.message import Code
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["pathways"])

Wanted = Annotated[Code | None, Query()]


class PathwaySeen(BaseModel):
    """A pathway in a list."""

    pathway_key: str
    title: str
    summary: str
    role_levels: list[str] = Field(description="For whom it is; none means everybody")
    work_fields: list[str]
    interests: list[str] = Field(description="Codes of work streams")
    gives_badge: bool
    steps: int
    minutes: int = Field(description="Of the steps that say how long they take")


class Pathways(BaseModel):
    """The pathways that can be begun."""

    items: list[PathwaySeen]


class StepSeen(BaseModel):
    """A step: what it is, by kind and key, and whether it is there yet."""

    place: int
    kind: StepKind
    ref: str = Field(description="The key of a module or an item, the id of a learning event")
    title: str
    minutes: int | None
    optional: bool
    there: bool = Field(description="Whether the hub has it at the moment")


class PathwayWithSteps(PathwaySeen):
    """A pathway with everything on it."""

    state: str
    all_steps: list[StepSeen]


class StartHere(BaseModel):
    """The first screen for somebody new: one pathway, and its next three steps at most."""

    pathway_key: str
    title: str
    summary: str
    first_steps: list[StepSeen]
    more_steps: int


@router.get("/pathways")
async def pathways(
    database: Store,
    role_level: Wanted = None,
    work_field: Wanted = None,
    interest: Wanted = None,
) -> Pathways:
    """The pathways, also only those for a role, a field or an interest."""
    async with database.pool.acquire(timeout=5) as conn:
        found = [
            one
            for one in await published(conn)
            if _fits(role_level, one.role_levels)
            and _fits(work_field, one.work_fields)
            and (interest is None or interest in one.interests)
        ]
        steps = await steps_of(conn, [one.pathway_id for one in found])
    return Pathways(items=[in_list(one, steps[one.pathway_id]) for one in found])


@router.get("/start-here", responses={404: {"description": "No pathway is marked as a start."}})
async def start_here(database: Store, caller: Who) -> StartHere:
    """Where to begin: a little at a time. Whoever is signed in goes on where they are."""
    async with database.pool.acquire(timeout=5) as conn:
        first = next((one for one in await published(conn) if one.starts_here), None)
        if first is None:
            raise NotFound
        mine = await ids_of(conn, caller.sub) if caller.sub else []
        steps = (await steps_of(conn, [first.pathway_id], mine))[first.pathway_id]
    left = [step for step in steps if step.there and not step.done]
    return StartHere(
        pathway_key=first.pathway_key,
        title=first.title,
        summary=first.summary,
        first_steps=[step_seen(step) for step in left[:FIRST_SCREEN]],
        more_steps=len(left[FIRST_SCREEN:]),
    )


@router.get("/pathways/{pathway_key}")
async def one_pathway(
    pathway_key: PathwayKey, database: Store, caller: Who, response: Response
) -> PathwayWithSteps:
    """A pathway with its steps. Only a coordinator sees drafts."""
    async with database.pool.acquire(timeout=5) as conn:
        found = await pathway(conn, pathway_key)
        if found is None or (found.state == "draft" and not caller.has(Role.COORDINATOR)):
            raise NotFound
        steps = (await steps_of(conn, [found.pathway_id]))[found.pathway_id]
    response.headers["ETag"] = etag(found)
    return with_steps(found, steps)


def etag(one: Pathway) -> str:
    """The version of a pathway, as HTTP tells it."""
    return f'"{one.pathway_key}.{one.version}"'


def in_list(one: Pathway, steps: Sequence[StepRow]) -> PathwaySeen:
    """A pathway as it stands in a list."""
    return PathwaySeen(
        pathway_key=one.pathway_key,
        title=one.title,
        summary=one.summary,
        role_levels=list(one.role_levels),
        work_fields=list(one.work_fields),
        interests=list(one.interests),
        gives_badge=one.gives_badge,
        steps=len(steps),
        minutes=sum(step.minutes or 0 for step in steps),
    )


def with_steps(one: Pathway, steps: Sequence[StepRow]) -> PathwayWithSteps:
    """A pathway with everything on it."""
    return PathwayWithSteps(
        **in_list(one, steps).model_dump(),
        state=one.state,
        all_steps=[step_seen(step) for step in steps],
    )


def step_seen(step: StepRow) -> StepSeen:
    """A step as everybody sees it."""
    return StepSeen(
        place=step.place,
        kind=step.kind,
        ref=step.ref,
        title=step.title,
        minutes=step.minutes,
        optional=step.optional,
        there=step.there,
    )


def _fits(wanted: str | None, named: Sequence[str]) -> bool:
    return wanted is None or not named or wanted in named
