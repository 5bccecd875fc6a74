"""What is in a zip file that somebody sends: a few small texts, or nothing at all."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator

from pdu_resources.learning.manuscript import fault
from pdu_shared.guard import Bodies
from pdu_shared.problems import Fault, Refused

ZIP = "application/zip"
UPLOAD = Bodies(frozenset({ZIP}), 1024 * 1024)
MOST_FILES = 60
MOST_BYTES = 2 * 1024 * 1024
"""Of all files together, unpacked. What is larger is not unpacked to its end."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
LITTER = ("__MACOSX/", ".DS_Store")
PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


def texts_of(body: bytes) -> dict[str, str]:
    """The texts in a zip file by their names, without the one folder that they may be in.

    Raises Refused for what is no zip file, for names that lead elsewhere, for links, and for what
    would be more than 60 files or 2 MiB. Nothing is written to a disk.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = [one for one in archive.infolist() if not one.filename.startswith(LITTER)]
            files = [one for one in entries if not one.is_dir() and not _is_litter(one)]
            if len(entries) > MOST_FILES:
                raise _refused("", "too-many", f"At most {MOST_FILES} files.")
            if faults := [found for one in files for found in _unfit(one)]:
                raise Refused(errors=faults[:20])
            return dict(_read(archive, files))
    except BROKEN:
        raise _refused("", "not-a-zip", "This is no zip file that can be read.") from None


def _is_litter(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.rpartition("/")[2] in LITTER


def _unfit(entry: zipfile.ZipInfo) -> Iterator[Fault]:
    name = entry.filename
    parts = name.split("/")
    if len(parts) > 2 or ".." in parts or "" in parts or "\\" in name or ":" in name:  # noqa: PLR2004
        told = "Files are in one folder, or in none."
        yield fault(name[:80], None, "path", told)
    if stat.S_ISLNK(entry.external_attr >> 16):
        yield fault(name[:80], None, "link", "Links are not followed.")
    if entry.flag_bits & 1:
        yield fault(name[:80], None, "encrypted", "This file is encrypted.")
    if entry.compress_type not in PLAIN:
        yield fault(name[:80], None, "compression", "Only the usual compression is read.")


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    left = MOST_BYTES
    folders, seen = set(), set()
    for entry in entries:
        folder, _, name = entry.filename.rpartition("/")
        folders.add(folder)
        if name in seen or len(folders) > 1:
            raise _refused(name[:80], "path", "Files are in one folder, each once.")
        seen.add(name)
        with archive.open(entry) as file:
            # What the archive says of its size is not asked: it may lie.
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _refused("", "too-large", "Unpacked, this is more than 2 MiB.")
        yield name, _text(name, content)


def _text(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(name[:80], "utf-8", "This file is not UTF-8 text.") from None
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        told = fault(name[:80], line, "control-character", "Control characters are not allowed.")
        raise Refused(errors=[told])
    return text


def _refused(name: str, code: str, because: str) -> Refused:
    return Refused(errors=[fault(name, None, code, because) if name else Fault("", code, because)])
