"""Boundary partners, the outcomes expected of them, and by what one would see progress."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from pdu_resources.outcome_map.map_rows import keep_markers, partners_of, upsert_partner
from pdu_shared import outbox
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.resources.outcome import (
    BoundaryPartnerMapped,
    MarkerLevel,
    PartnerKind,
)
from pdu_shared.database import Conn, transaction
from pdu_shared.forms import Day, Form, OneLine, Paragraphs
from pdu_shared.identity import derived_id
from pdu_shared.problems import Fault, Refused
from pdu_shared.runtime import Store

MOST = 30

router = APIRouter(tags=["outcomes map"])


class WriteMarker(Form):
    """By what one would see progress. The same words are the same marker."""

    level: MarkerLevel
    wording: OneLine


class MapPartner(Form):
    """A partner as the map shows it. Markers that are left out are used no more; counts stay."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "label": "Organisations",
                    "kind": "direct",
                    "outcome": "Staff ask what happened, not what is wrong.",
                    "mechanism": "Learning events and reflective practice.",
                    "valid_from": "2026-04-01",
                    "markers": [{"level": "expect_to_see", "wording": "They send staff."}],
                }
            ]
        }
    )

    label: OneLine
    kind: PartnerKind
    reached_through: Annotated[tuple[Code, ...], Field(max_length=MOST)] = ()
    outcome: Paragraphs
    mechanism: Paragraphs
    valid_from: Day
    valid_to: Day | None = None
    markers: Annotated[tuple[WriteMarker, ...], Field(max_length=MOST)] = ()


class Marker(BaseModel):
    """A marker, and how often it was seen, and was looked for in vain."""

    marker_id: UUID
    level: MarkerLevel
    wording: str
    seen: int
    not_seen: int
    last_observed_on: date | None


class Partner(BaseModel):
    """A partner on the map."""

    partner_id: UUID
    partner: str
    label: str
    kind: PartnerKind
    reached_through: list[str]
    outcome: str
    mechanism: str
    valid_from: date
    valid_to: date | None
    markers: list[Marker]


class OutcomesMap(BaseModel):
    """All partners, in the order of their codes."""

    partners: list[Partner]


@router.get("/outcomes-map")
async def outcomes_map(database: Store) -> OutcomesMap:
    """The map: who is to change what, by which means, and what was seen of it."""
    async with database.pool.acquire(timeout=5) as conn:
        return await _map(conn)


@router.put("/boundary-partners/{partner}")
async def map_partner(
    partner: Annotated[Code, Path()], form: MapPartner, database: Store
) -> Partner:
    """Put a partner on the map, or change what it shows."""
    if faults := _faults(form):
        raise Refused(errors=faults)
    partner_id = derived_id("partner", partner)
    async with transaction(database) as conn:
        columns = {
            "label": form.label,
            "kind": form.kind,
            "reached_through": sorted({*form.reached_through}),
            "outcome": form.outcome,
            "mechanism": form.mechanism,
            "valid_from": form.valid_from,
            "valid_to": form.valid_to,
        }
        await upsert_partner(conn, partner_id, partner, columns)
        await keep_markers(conn, partner_id, [(one.level, one.wording) for one in form.markers])
        mapped = BoundaryPartnerMapped(
            partner_id=partner_id,
            partner=partner,
            kind=form.kind,
            reached_through=tuple(sorted({*form.reached_through})),
            markers=len(form.markers),
            valid_from=form.valid_from,
            valid_to=form.valid_to,
        )
        await outbox.add(conn, mapped)
        return next(one for one in (await _map(conn)).partners if one.partner == partner)


def _faults(form: MapPartner) -> list[Fault]:
    faults = []
    if (form.kind is PartnerKind.INDIRECT) != bool(form.reached_through):
        detail = "An indirect partner is reached through others, and only an indirect one."
        faults.append(Fault("/reached_through", "contradiction", detail))
    if form.valid_to and form.valid_to < form.valid_from:
        faults.append(Fault("/valid_to", "out-of-bounds", "It ends before it begins."))
    wordings = [one.wording for one in form.markers]
    faults += [
        Fault(f"/markers/{place}/wording", "repeated", "Each marker once.")
        for place, wording in enumerate(wordings)
        if wording in wordings[:place]
    ]
    return faults


async def _map(conn: Conn) -> OutcomesMap:
    return OutcomesMap.model_validate({"partners": await partners_of(conn)})
