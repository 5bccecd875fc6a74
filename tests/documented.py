"""The OpenAPI document of a service, with the words filled in that it cannot know."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

LISTS = {
    "sector": "sectors",
    "work_field": "work_fields",
    "role_level": "role_levels",
    "area": "areas",
    "heard_about": "heard_about",
}
ENDLESS = "/journal/stream"
YEAR = datetime.now(UTC).year + 1
# Every session ends after it starts, and no hour falls into the gap when the clocks go forward.
DEFINITE = {
    "email": {"pattern": r"^[a-z0-9]{1,30}@example\.org$"},
    "starts_at": {"pattern": rf"^{YEAR}-0[4-6]-(0[1-9]|1[0-9]|2[0-8])T[01][0-9]:[0-5][0-9]$"},
    "ends_at": {"pattern": rf"^{YEAR}-0[7-9]-(0[1-9]|1[0-9]|2[0-8])T[01][0-9]:[0-5][0-9]$"},
}


def definite(document: dict[str, Any], vocabulary: Mapping[str, Any]) -> dict[str, Any]:
    """The document without its endless answer, its forms asking for words that are in the lists."""
    document["paths"].pop(ENDLESS, None)
    codes = {
        field: {"enum": [word["code"] for word in vocabulary[name]]}
        for field, name in LISTS.items()
    }
    for name, schema in _fields_of_forms(document):
        schema.update({**DEFINITE, **codes}.get(name, {}))
    return document


def _fields_of_forms(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for form in document["components"]["schemas"].values():
        if form.get("additionalProperties") is not False:
            continue  # an answer: they may grow
        for name, field in form["properties"].items():
            for schema in (field, *field.get("anyOf", ())):
                if schema.get("type") == "string":
                    yield name, schema
