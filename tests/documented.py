"""The OpenAPI document of a service, with the words filled in that it cannot know."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pdu_shared.contracts.resources.vocabulary import CategoryDefined

LISTS = {
    "sector": "sectors",
    "work_field": "work_fields",
    "role_level": "role_levels",
    "area": "areas",
    "heard_about": "heard_about",
}
ENDLESS = "/journal/stream"
DAYS_THAT_CAME = ("briefed_on", "contributed_on", "debriefed_on", "given_on", "taken_on",
                  "thanked_on", "told_on")  # fmt: skip
YEAR = datetime.now(UTC).year + 1
# Every session ends after it starts, and no hour falls into the gap when the clocks go forward.
DEFINITE = {
    "email": {"pattern": r"^[a-z0-9]{1,30}@example\.org$"},
    "starts_at": {"pattern": rf"^{YEAR}-0[4-6]-(0[1-9]|1[0-9]|2[0-8])T[01][0-9]:[0-5][0-9]$"},
    # Never in force while the tests run, which know of no agreement.
    "applies_from": {"pattern": rf"^{YEAR}-0[7-9]-(0[1-9]|1[0-9]|2[0-8])T[01][0-9]:[0-5][0-9]$"},
    "starts_on": {"enum": [f"{YEAR}-02-28"]},
    "ends_on": {"enum": [f"{YEAR}-07-01"]},
    **{name: {"enum": ["2019-05-02"]} for name in DAYS_THAT_CAME},
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


def defined(vocabulary: Mapping[str, Any]) -> list[CategoryDefined]:
    """The words of the lists, as resources tells others of them."""
    return [
        CategoryDefined(category_id=uuid4(), scheme=scheme, code=word["code"], label=word["label"])
        for scheme, name in LISTS.items()
        for word in vocabulary[name]
    ]


def _fields_of_forms(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for form in document["components"]["schemas"].values():
        if form.get("additionalProperties") is not False:
            continue  # an answer: they may grow
        for name, field in form["properties"].items():
            for schema in (field, *field.get("anyOf", ())):
                if schema.get("type") == "string":
                    yield name, schema
