"""Who issues badges, with which keys, and what for: what machines ask that verify one."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel

from pdu_resources.pathway.rows import Pathway, PathwayKey, StepRow, pathway, steps_of
from pdu_resources.pathway.signing import Signer
from pdu_resources.rules.credential import Achieved, achievement, profile
from pdu_shared.problems import NotFound
from pdu_shared.runtime import Here

router = APIRouter(tags=["badges"])


class BadgeKeys(BaseModel):
    """The public keys of badges, as a JWK set; none where badges are not signed."""

    keys: list[dict[str, Any]]


@router.get("/badge-issuer")
async def issuer(runtime: Here) -> dict[str, Any]:
    """Who issues badges, as a Profile of Open Badges 3.0."""
    signer = runtime.part(Signer)
    return profile(signer.hub_url, signer.issuer)


@router.get("/badge-issuer/keys")
async def keys(runtime: Here) -> BadgeKeys:
    """The public keys with which badges are verified."""
    return BadgeKeys(keys=runtime.part(Signer).public())


@router.get("/badge-issuer/keys/{kid}")
async def key(kid: Annotated[str, Path(max_length=100)], runtime: Here) -> dict[str, Any]:
    """One public key, as a JWK: where the `kid` of a badge leads."""
    found = next((one for one in runtime.part(Signer).public() if one["kid"] == kid), None)
    if found is None:
        raise NotFound
    return found


@router.get("/badge-issuer/achievements/{pathway_key}")
async def what_for(pathway_key: PathwayKey, runtime: Here) -> dict[str, Any]:
    """What the badge of a pathway is given for, as an Achievement of Open Badges 3.0."""
    async with runtime.database.pool.acquire(timeout=5) as conn:
        found = await pathway(conn, pathway_key)
        if found is None or found.state == "draft" or not found.gives_badge:
            raise NotFound
        steps = (await steps_of(conn, [found.pathway_id]))[found.pathway_id]
    return achievement(runtime.part(Signer).hub_url, achieved(found, steps))


def achieved(found: Pathway, steps: list[StepRow]) -> Achieved:
    """What is completed on a pathway."""
    required = tuple(step.title for step in steps if not step.optional)
    return Achieved(found.pathway_key, found.title, found.summary, required)
