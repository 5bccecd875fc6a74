"""What pages for staff read is what the services say that they tell, field by field."""

import json
from pathlib import Path
from typing import Any

import pytest

from pdu_portal import meetings
from pdu_portal.figures import claim_shapes, snapshot_shapes
from pdu_portal.figures import shapes as figures
from pdu_portal.operate import shapes as operate
from pdu_portal.rights import shapes as rights
from pdu_portal.support import shapes as support

API = Path(__file__).parents[2] / "docs/api"
ENGAGEMENTS = "/lived-experience/engagements"
READ = [
    ("bookings", "get /readyz", operate.Readiness),
    ("bookings", "get /set-aside", operate.AsideMessages),
    ("bookings", "put /set-aside/{parked_id}/resolution", operate.Aside),
    ("reporting", "get /replays", operate.Replays),
    ("reporting", "post /replays", operate.Replay),
    ("notifications", "get /letters", operate.Letters),
    ("notifications", "post /letters/{letter_id}/release", operate.Released),
    ("bookings", "get /lived-experience/experts", support.Experts),
    ("bookings", "post /lived-experience/experts", support.Expert),
    ("bookings", f"get {ENGAGEMENTS}", support.Engagements),
    ("bookings", f"get {ENGAGEMENTS}/{{engagement_id}}", support.Engagement),
    ("bookings", f"get {ENGAGEMENTS}/{{engagement_id}}/texts/{{kind}}", support.Text),
    ("bookings", "get /lived-experience/opportunities", support.Opportunities),
    ("bookings", "get /lived-experience/tasks", support.Tasks),
    ("bookings", "get /lived-experience/reported-actions", support.Actions),
    ("resources", "get /rights-requests", rights.RightsRequests),
    ("resources", "get /rights-requests/{request_id}", rights.RightsRequest),
    ("resources", "get /erasure-holds", rights.Holds),
    ("resources", "get /retention", rights.Evidence),
    ("notifications", "get /sensitive-reads", rights.Reads),
    ("resources", "get /steering/meetings", meetings.Meetings),
    ("reporting", "get /figures", figures.Definitions),
    ("reporting", "get /figures/{name}", figures.Answer),
    ("reporting", "get /figures/{name}/messages", figures.BehindPage),
    ("reporting", "get /codes/{name}", figures.Codes),
    ("reporting", "get /published", figures.Published),
    ("reporting", "get /snapshots", snapshot_shapes.Snapshots),
    ("reporting", "post /snapshots", snapshot_shapes.Snapshot),
    ("reporting", "get /snapshots/{snapshot_id}/compare", snapshot_shapes.Comparison),
    ("reporting", "get /claims", claim_shapes.Claims),
]


@pytest.mark.parametrize(("service", "route", "shape"), READ)
def test_a_page_reads_nothing_that_its_service_does_not_tell(service, route, shape):
    document = json.loads((API / f"{service}.openapi.json").read_text())
    method, _, path = route.partition(" ")
    answers = document["paths"][path][method]["responses"]
    told = next(one for code, one in answers.items() if code.startswith("2"))
    said = told["content"]["application/json"]["schema"]
    assert missing(shape.model_json_schema(), said, document) == []


def missing(wanted: dict, said: dict, document: dict, at: str = "") -> list[str]:
    """Fields that the portal reads and the service does not name."""
    return [
        f"{at}/{name}" if found is None else deeper
        for name, one in fields(wanted, wanted).items()
        for found in [fields(said, document).get(name)]
        for deeper in (
            [""] if found is None else inside(one, found, wanted, document, f"{at}/{name}")
        )
    ]


def inside(one: Any, found: Any, wanted: dict, document: dict, at: str) -> list[str]:
    holder = {**one, "$defs": wanted.get("$defs", {})}
    return missing(holder, found, document, at)


def fields(schema: dict, document: dict) -> dict[str, Any]:
    """The fields of an object, or of what a list or a choice holds."""
    if "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return fields({**found, "$defs": document.get("$defs", {})}, document)
    if "items" in schema:
        return fields(schema["items"], document)
    for one in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        if inner := fields(one, document):
            return inner
    return schema.get("properties", {})
