"""What OpenAPI gives as an example is what a front end would send: it fits its own schema."""

import json

import pytest
from jsonschema_rs import Draft202012Validator

from structure import ROOT

DOCUMENT = json.loads((ROOT / "docs/api/bookings.openapi.json").read_text("utf-8"))
JSON = "application/json"
WRITES = {"post", "put", "patch"}

BODIES = {
    f"{method.upper()} {path}": operation["requestBody"]["content"][JSON]["schema"]
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if method in WRITES and JSON in operation.get("requestBody", {}).get("content", {})
    if not path.startswith("/imports/")
}


def whole(schema):
    """The schema a reference leads to."""
    if "$ref" not in schema:
        return schema
    return DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


@pytest.mark.parametrize("route", BODIES)
def test_every_request_body_has_an_example_that_fits(route):
    schema = BODIES[route]
    examples = whole(schema).get("examples")
    assert examples, f"{route} has no example"
    validator = Draft202012Validator(
        {**schema, "components": DOCUMENT["components"]}, validate_formats=True
    )
    for example in examples:
        assert not [error.message for error in validator.iter_errors(example)]


def test_every_route_says_what_it_is_for():
    silent = [
        f"{method} {path}"
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        if not operation.get("description") or not operation.get("tags")
    ]
    assert not silent
