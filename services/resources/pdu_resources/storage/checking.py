"""A file as it comes in: what it is by its own bytes, how large, and whether it may be kept."""

import asyncio
import codecs
import hashlib
from collections.abc import AsyncIterator

import puremagic
import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from pdu_resources.rules.file import TYPES, ending, explodes, is_what_it_says
from pdu_resources.storage.store import Files
from pdu_shared.problems import Fault, Refused, TooLarge

HEAD = 8 * 1024
LONGEST_SAID = 400_000


class Coming:
    """The pieces of a file on their way to the store; afterwards, how many bytes and their hash.

    Refused when its first bytes are not those of what its name says, or when it is empty, TooLarge
    when it is larger than its type may be.
    """

    def __init__(self, name: str, pieces: AsyncIterator[bytes]) -> None:
        self.ending = ending(name)
        self.type = TYPES[self.ending]
        self.bytes = 0
        self._name = name
        self._pieces = pieces
        self._hash = hashlib.sha256()
        self._text = None if self.type.looks_like else codecs.getincrementaldecoder("utf-8")()

    @property
    def sha256(self) -> bytes:
        """Of all that came."""
        return self._hash.digest()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The pieces, once the first of them are known for what they are."""
        head = bytearray()
        known = False
        async for piece in self._pieces:
            self._count(piece)
            if known:
                yield piece
                continue
            head += piece
            if len(head) >= HEAD:
                self._look(bytes(head))
                known = True
                yield bytes(head)
        if not known:
            self._look(bytes(head))
            yield bytes(head)
        if self._text:
            self._decode(b"", final=True)

    def _count(self, piece: bytes) -> None:
        self.bytes += len(piece)
        if self.bytes > self.type.largest:
            largest = self.type.largest // 1024**2
            raise TooLarge(f"A {self.ending} file has at most {largest} MiB.")
        self._hash.update(piece)
        if self._text:
            self._decode(piece)

    def _look(self, head: bytes) -> None:
        if not head:
            raise Refused(errors=[Fault("", "empty", "The file is empty.")])
        if not is_what_it_says(self._name, _looks_like(head, text=self._text is not None)):
            words = "Its content is another type of file than its name says."
            raise Refused(errors=[Fault("/path/name", "another-type", words)])

    def _decode(self, piece: bytes, *, final: bool = False) -> None:
        assert self._text, "only text is decoded"
        try:
            text = self._text.decode(piece, final)
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            words = "A text is written in UTF-8."
            raise Refused(errors=[Fault("", "not-text", words)]) from None


async def refuse_harmful(files: Files, stored_as: str, ending_: str) -> None:
    """Raise Refused for an archive that would harm whoever unpacks it, or is none."""
    if TYPES[ending_].inside is None:
        return
    entries = await asyncio.to_thread(files.entries, stored_as)
    why = "It is damaged: it cannot be unpacked." if entries is None else None
    if why := why or explodes(entries or (), ending_):
        raise Refused(errors=[Fault("", "archive", why)])


async def words_in(files: Files, stored_as: str, ending_: str) -> str:
    """What captions or a transcript say. Raises Refused for captions that no player can read."""
    text = b"".join([piece async for piece in await files.read(stored_as)]).decode(errors="replace")
    if ending_ == "vtt":
        text = _spoken(text)
    return " ".join(text.replace("\0", " ").split())[:LONGEST_SAID]


def _spoken(text: str) -> str:
    try:
        captions = webvtt.from_string(text)
        said = [caption.text for caption in captions.captions]
    except (MalformedFileError, MalformedCaptionError, ValueError, IndexError):
        said = []
    if not said:
        words = "These are no captions in WebVTT."
        raise Refused(errors=[Fault("", "captions", words)])
    return " ".join(said)


def _looks_like(head: bytes, *, text: bool) -> set[str]:
    """The endings of what begins like this. Of text only what a browser would take for a page."""
    if text and not head.lstrip().startswith((b"<", b"%PDF", b"PK", b"MZ", b"{\\rtf")):
        return set()
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return {"<"} if text else set()
    return {one.extension.lstrip(".") for one in found} or {"<"}
