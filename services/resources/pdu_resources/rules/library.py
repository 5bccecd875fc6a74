"""What an item of the library needs, what may become of it, and where it stands from A to Z."""

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from pdu_shared.contracts.resources.library import ItemType, Scope
from pdu_shared.contracts.vocabulary import Level

ARTICLES = ("the ", "a ", "an ")
WORDS_A_MINUTE = 200
SOON = timedelta(days=60)
GOOD_FOR = {
    ItemType.ACADEMIC_PAPER: timedelta(days=3 * 365),
    ItemType.REPORT: timedelta(days=2 * 365),
    ItemType.CASE_STUDY: timedelta(days=2 * 365),
    ItemType.LINK: timedelta(days=182),
}
"""After how long somebody looks again, where that is not a year."""
A_YEAR = timedelta(days=365)


class State(StrEnum):
    """How far an item has come."""

    SUBMITTED = "submitted"
    DECLINED = "declined"
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


LIFE = {
    State.SUBMITTED: {State.DRAFT, State.DECLINED},
    State.DECLINED: {State.DRAFT},
    State.DRAFT: {State.PUBLISHED},
    State.PUBLISHED: {State.ARCHIVED},
    State.ARCHIVED: {State.PUBLISHED},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item as it is described."""

    item_id: UUID
    item_key: str
    type: ItemType
    state: State
    title: str
    summary: str
    body: str
    creators: Sequence[str]
    publisher: str | None
    issued: str | None
    identifier: str | None
    language: str
    rights: str | None
    link: str | None
    workstreams: Sequence[str]
    tags: Sequence[str]
    scope: Scope | None
    level: Level | None
    minutes: int | None
    members_only: bool
    learning_event_id: UUID | None
    session_id: UUID | None
    speaker: str | None
    without_captions_because: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """What keeps an item from being published: where, a stable word, and a sentence."""

    field: str
    code: str
    words: str


def may_become(before: State, after: State) -> bool:
    """Whether an item may go from one state to the other."""
    return after in LIFE[before]


def missing(item: Item, *, roles: Container[str]) -> list[Flaw]:
    """What an item lacks before everybody may see it; `roles` are what its files are for."""
    asked = [
        ("summary", item.summary, "Say in a few sentences what it is."),
        ("workstreams", item.workstreams, "Name the work stream that it belongs to."),
        ("scope", item.scope, "Say whether it is local or national."),
    ]
    flaws = [Flaw(field, "missing", words) for field, value, words in asked if not value]
    if item.type is ItemType.RECORDING:
        return [*flaws, *_of_recording(item, roles)]
    if not (item.link or item.body or "original" in roles):
        words = "There is nothing to read yet: give a link, a text or a file."
        flaws.append(Flaw("link", "empty", words))
    if item.type is ItemType.LINK and not item.link:
        flaws.append(Flaw("link", "missing", "A link needs its address."))
    return flaws


def _of_recording(item: Item, roles: Container[str]) -> list[Flaw]:
    flaws = []
    if "original" not in roles and not item.link:
        flaws.append(Flaw("files", "missing", "Upload the recording itself."))
    if not item.members_only:
        flaws.append(Flaw("members_only", "recording", "Recordings are for members."))
    said = {"captions", "transcript"}
    if not (any(role in roles for role in said) or item.without_captions_because):
        words = "Add captions or a transcript, or say why there are none."
        flaws.append(Flaw("without_captions_because", "missing", words))
    return flaws


def sort_title(title: str) -> str:
    """What a title is sorted by: in small letters without accents, and without `The` before it."""
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", folded).split())
    article = next((one for one in ARTICLES if plain.startswith(one)), "")
    return plain.removeprefix(article) or plain


def letter_of(title: str) -> str:
    """Under which letter of the list it stands; `other` for figures and the like."""
    first = sort_title(title)[:1]
    return first if "a" <= first <= "z" else "other"


def reading_minutes(text: str) -> int | None:
    """How long a text takes to read; None when there is none."""
    words = len(text.split())
    return max(1, round(words / WORDS_A_MINUTE)) if words else None


def review_due(kind: ItemType, day: date) -> date:
    """When somebody should look again at what was right on this day."""
    return day + GOOD_FOR.get(kind, A_YEAR)
