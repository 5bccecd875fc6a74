"""No number that somebody sends is larger than what keeps it."""

import json

import pytest

from structure import ROOT

PAPERS = sorted((ROOT / "docs/api").glob("*.openapi.json"))
LEAST, MOST = {"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"}


def unbounded(document):
    """Where a request may hold a number without bounds, as the document of a service says."""
    found = []
    schemas = document.get("components", {}).get("schemas", {})
    for path, item in document["paths"].items():
        for method, operation in item.items():
            asked = [(f"?{one['name']}", one["schema"]) for one in operation.get("parameters", ())]
            bodies = operation.get("requestBody", {}).get("content", {}).values()
            asked += [("", body.get("schema", {})) for body in bodies]
            for name, schema in asked:
                where = f"{method} {path}{name}"
                found += [f"{where}{field}" for field in _fields(schema, schemas, "", set())]
    return found


def _fields(schema, schemas, at, seen):
    if name := schema.get("$ref", "").rpartition("/")[2]:
        if name not in seen:
            yield from _fields(schemas[name], schemas, at, seen | {name})
        return
    said = set(schema)
    is_number = schema.get("type") in {"integer", "number"} and not {"enum", "const"} & said
    if is_number and not (LEAST & said and MOST & said):
        yield at
    for name, field in schema.get("properties", {}).items():
        yield from _fields(field, schemas, f"/{name}", seen)
    inner = [one for kind in ("anyOf", "oneOf", "allOf") for one in schema.get(kind, ())]
    inner += [schema[one] for one in ("items", "additionalProperties")
              if isinstance(schema.get(one), dict)]  # fmt: skip
    for one in inner:
        yield from _fields(one, schemas, at, seen)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_number_that_is_sent_has_bounds(paper):
    assert unbounded(json.loads(paper.read_text())) == []


def test_a_number_without_bounds_is_noticed_wherever_it_stands():
    whole = {"type": "integer", "minimum": 1}
    document = {
        "paths": {
            "/halls": {
                "post": {
                    "parameters": [{"name": "limit", "schema": {"type": "integer"}}],
                    "requestBody": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Hall"}}
                        }
                    },
                }
            }
        },
        "components": {
            "schemas": {
                "Hall": {
                    "properties": {
                        "chairs": {"anyOf": [{"type": "array", "items": whole}, {"type": "null"}]},
                        "doors": {**whole, "maximum": 9},
                    }
                }
            }
        },
    }
    assert unbounded(document) == ["post /halls?limit", "post /halls/chairs"]
