"""An item in the fifteen elements of Dublin Core, and in which set of a harvest it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pdu_shared.contracts.resources.library import ItemType

# Of the DCMI Type Vocabulary (https://www.dublincore.org/specifications/dublin-core/dcmi-terms/).
TYPES = {
    ItemType.MULTIMEDIA: "InteractiveResource",
    ItemType.RECORDING: "MovingImage",
    ItemType.LINK: "InteractiveResource",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a harvester is told of an item."""

    item_key: str
    type: ItemType
    archived: bool
    changed_at: datetime
    title: str
    summary: str
    creators: Sequence[str]
    publisher: str | None
    issued: str | None
    identifier: str | None
    language: str
    rights: str | None
    link: str | None
    workstreams: Sequence[str]
    tags: Sequence[str]
    formats: Sequence[str]

    @property
    def sets(self) -> list[str]:
        """The sets that it is in."""
        return [f"type:{self.type}", *(f"workstream:{one}" for one in self.workstreams)]


def dublin_core(record: Record, page: str) -> Mapping[str, list[str]]:
    """The elements that an item has, with their values; `page` is its own address."""
    told: Mapping[str, Sequence[str | None]] = {
        "title": [record.title],
        "creator": list(record.creators),
        "subject": [*record.workstreams, *record.tags],
        "description": [record.summary],
        "publisher": [record.publisher],
        "date": [record.issued],
        "type": [TYPES.get(record.type, "Text"), record.type.replace("_", " ")],
        "format": list(dict.fromkeys(record.formats)),
        "identifier": [page, record.identifier],
        "source": [record.link],
        "language": [record.language],
        "rights": [record.rights],
    }
    return {
        name: values
        for name, given in told.items()
        if (values := [value for value in given if value])
    }
