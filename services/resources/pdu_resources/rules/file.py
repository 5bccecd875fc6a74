"""What a file may be called, what it may be, and what is no file that we pass on."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

KIB, MIB, GIB = 1024, 1024**2, 1024**3
LONGEST_NAME = 120
MOST_ENTRIES = 5_000
LARGEST_UNPACKED = 1 * GIB
GREATEST_RATIO = 200
"""How many times larger an archive may become by being unpacked, beyond the first 10 MiB."""


class Role(StrEnum):
    """What a file of an item is for."""

    ORIGINAL = "original"
    ALTERNATIVE = "alternative"
    CAPTIONS = "captions"
    TRANSCRIPT = "transcript"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that the library takes."""

    media_type: str
    largest: int
    looks_like: Collection[str]
    """The endings under which its first bytes are known; none for plain text."""
    inside: str | None = None
    """What an archive of this type has in it."""


_OFFICE = ("docx", "pptx", "xlsx", "zip")
TYPES = {
    "pdf": FileType("application/pdf", 100 * MIB, ("pdf",)),
    "docx": FileType(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        100 * MIB, _OFFICE, "word/"),
    "pptx": FileType(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        250 * MIB, _OFFICE, "ppt/"),
    "xlsx": FileType(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        50 * MIB, _OFFICE, "xl/"),
    "odt": FileType("application/vnd.oasis.opendocument.text", 100 * MIB, ("odt", "zip", *_OFFICE),
                    "content.xml"),
    "odp": FileType("application/vnd.oasis.opendocument.presentation", 250 * MIB,
                    ("odp", "zip", *_OFFICE), "content.xml"),
    "epub": FileType("application/epub+zip", 100 * MIB, ("epub", "zip", *_OFFICE), "META-INF/"),
    "zip": FileType("application/zip", 250 * MIB, _OFFICE, ""),
    "png": FileType("image/png", 20 * MIB, ("png",)),
    "jpg": FileType("image/jpeg", 20 * MIB, ("jpg", "jpeg", "jfif")),
    "jpeg": FileType("image/jpeg", 20 * MIB, ("jpg", "jpeg", "jfif")),
    "webp": FileType("image/webp", 20 * MIB, ("webp",)),
    "mp4": FileType("video/mp4", 4 * GIB, ("mp4",)),
    "webm": FileType("video/webm", 4 * GIB, ("webm",)),
    "mp3": FileType("audio/mpeg", 1 * GIB, ("mp3",)),
    "m4a": FileType("audio/mp4", 1 * GIB, ("m4a", "f4a")),
    "vtt": FileType("text/vtt", 5 * MIB, ("vtt",)),
    "txt": FileType("text/plain", 5 * MIB, ()),
    "md": FileType("text/markdown", 5 * MIB, ()),
    "csv": FileType("text/csv", 20 * MIB, ()),
}  # fmt: skip
FOR = {
    Role.CAPTIONS: {"vtt"},
    Role.TRANSCRIPT: {"vtt", "txt", "md"},
    Role.PICTURE: {"png", "jpg", "jpeg", "webp"},
}
PLAYED = {"mp4", "webm", "mp3", "m4a"}
LARGEST = max(one.largest for one in TYPES.values())
MEDIA_TYPES = frozenset(one.media_type for one in TYPES.values())
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an archive."""

    name: str
    bytes: int
    packed: int
    encrypted: bool


def unfit_name(name: str) -> str | None:
    """Why a file may not have this name; None if it may."""
    if len(name) > LONGEST_NAME:
        return f"A name has at most {LONGEST_NAME} characters."
    if unicodedata.normalize("NFC", name) != name:
        return "Write the name in composed characters (NFC)."
    if not re.fullmatch(r"[^\W_](?:[\w .,()'+&-]*[\w)])?\.[a-z0-9]{2,4}", name):
        return "A name has letters, digits, spaces and a few signs, and ends like slides.pdf."
    if ".." in name or _RESERVED.fullmatch(name):
        return "A file of this name cannot be kept everywhere."
    return None if ending(name) in TYPES else f"Possible are: {', '.join(TYPES)}."


def ending(name: str) -> str:
    """What stands behind the last dot."""
    return name.rpartition(".")[2].lower()


def is_what_it_says(name: str, seen_as: Collection[str]) -> bool:
    """Whether first bytes that look like this belong to a file of this name.

    Plain text looks like nothing in particular.
    """
    known = TYPES[ending(name)].looks_like
    return bool(set(known) & set(seen_as)) if known else not seen_as


def explodes(entries: Iterable[Entry], ending_: str) -> str | None:
    """Why an archive is not passed on: it fills a disk, leaves its folder, or is another type."""
    entries = list(entries)
    unpacked, packed = sum(one.bytes for one in entries), sum(one.packed for one in entries)
    if len(entries) > MOST_ENTRIES:
        return f"An archive has at most {MOST_ENTRIES} entries."
    if unpacked > LARGEST_UNPACKED or unpacked > 10 * MIB + GREATEST_RATIO * packed:
        return "It would become far too large by being unpacked."
    if any(one.encrypted for one in entries):
        return "Archives with a password cannot be checked."
    if any(_leaves(one.name) for one in entries):
        return "It would write outside the folder in which it is unpacked."
    inside = TYPES[ending_].inside
    if inside and not any(one.name.startswith(inside) for one in entries):
        return "It is not the type of file that its name says."
    return None


def _leaves(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]
