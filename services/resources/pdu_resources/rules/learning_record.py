"""A learning record: what somebody learned, in words, in rows, and as xAPI statements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pdu_shared.identity import derived_id

ADL = "http://adlnet.gov/expapi"
ENGLISH = "en-GB"


class Kind(StrEnum):
    """What somebody did."""

    MODULE = "module"
    PATHWAY = "pathway"
    LEARNING_EVENT = "learning_event"


ACTIVITY_TYPES: Mapping[Kind, str] = {
    Kind.MODULE: f"{ADL}/activities/module",
    Kind.PATHWAY: f"{ADL}/activities/course",
    Kind.LEARNING_EVENT: f"{ADL}/activities/meeting",
}
PATHS: Mapping[Kind, str] = {
    Kind.MODULE: "modules",
    Kind.PATHWAY: "pathways",
    Kind.LEARNING_EVENT: "learning-events",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A module or a pathway with its begin and its end, or a learning event that somebody saw."""

    kind: Kind
    ref: str
    title: str
    started_at: datetime | None
    completed_at: datetime | None
    minutes: int | None
    code: str | None
    """Of the certificate or the badge, if there is one."""


def statements(base: str, person_id: UUID, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """What somebody did as xAPI 1.0.3 statements, the earliest first.

    Who did it is an account of this hub, by the pseudonym: no name and no address. The same
    statement has the same id each time, so that a store takes it once.
    """
    told = [one for entry in entries for one in _statements(base, person_id, entry)]
    return sorted(told, key=lambda one: (one["timestamp"], one["id"]))


def _statements(base: str, person_id: UUID, entry: Entry) -> Iterator[dict[str, Any]]:
    if entry.kind is Kind.LEARNING_EVENT:
        if entry.completed_at:
            yield _statement(base, person_id, entry, "attended", entry.completed_at)
        return
    if entry.started_at:
        yield _statement(base, person_id, entry, "initialized", entry.started_at)
    if entry.completed_at:
        done = _statement(base, person_id, entry, "completed", entry.completed_at)
        yield {**done, "result": {"completion": True}}


def _statement(base: str, person_id: UUID, entry: Entry, verb: str, at: datetime) -> dict[str, Any]:
    return {
        "id": str(derived_id("statement", person_id, entry.kind, entry.ref, verb, at)),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": base, "name": str(person_id)},
        },
        "verb": {"id": f"{ADL}/verbs/{verb}", "display": {ENGLISH: verb}},
        "object": {
            "objectType": "Activity",
            "id": f"{base}/{PATHS[entry.kind]}/{entry.ref}",
            "definition": {
                "type": ACTIVITY_TYPES[entry.kind],
                "name": {ENGLISH: entry.title},
            },
        },
        "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "version": "1.0.3",
    }


def how_long(entry: Entry) -> str:
    """`25 minutes`, or nothing where nobody says."""
    if entry.minutes is None:
        return ""
    hours, minutes = divmod(entry.minutes, 60)
    if entry.minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{entry.minutes} minutes"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
