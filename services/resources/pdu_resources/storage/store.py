"""Where files are kept: a folder, or a store that speaks S3. One library speaks to both."""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile

import structlog

from pdu_resources.rules.file import MIB, Entry
from pdu_resources.rules.ranges import Range
from pdu_shared.problems import Unavailable
from pdu_shared.runtime import Runtime
from pdu_shared.settings import BadSettings, Settings

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from obstore import GetOptions, ReadableFile
    from obstore.store import ObjectStore, S3Config

log = structlog.get_logger()

CONNECT_WITHIN = timedelta(seconds=5)
SLOWEST = timedelta(hours=4)
"""Somebody far away sees a recording of an hour in one answer."""
PIECE = 256 * 1024
PART = 8 * MIB
"""What is written at once, and at most two of them at a time: so a file needs little memory."""


class Files:
    """The files of this installation, by the name under which each is stored."""

    def __init__(self, runtime: Runtime) -> None:
        self._store = store_of(runtime.settings)

    async def write(self, stored_as: str, pieces: AsyncIterator[bytes]) -> None:
        """Keep a file. Nobody sees it before all of it has come; what `pieces` raises is raised."""
        from obstore import put_async  # noqa: PLC0415 - see store_of
        from obstore.exceptions import BaseError  # noqa: PLC0415

        try:
            await put_async(self._store, stored_as, pieces, chunk_size=PART, max_concurrency=2)
        except (BaseError, FileNotFoundError) as trouble:
            raise _away(trouble) from None

    async def read(self, stored_as: str, part: Range | None = None) -> AsyncIterator[bytes]:
        """A file, or a part of it, piece by piece. Unavailable when the store does not have it."""
        from obstore import get_async  # noqa: PLC0415
        from obstore.exceptions import BaseError  # noqa: PLC0415

        options: GetOptions = {"range": (part.start, part.end)} if part else {}
        try:
            found = await get_async(self._store, stored_as, options=options)
        except (BaseError, FileNotFoundError) as trouble:
            raise _away(trouble) from None

        async def pieces() -> AsyncIterator[bytes]:
            async for piece in found.stream(min_chunk_size=PIECE):
                yield bytes(piece)

        return pieces()

    async def remove(self, stored_as: str) -> None:
        """Keep a file no more. Twice is once."""
        from obstore import delete_async  # noqa: PLC0415

        try:
            await delete_async(self._store, stored_as)
        except FileNotFoundError:
            return

    def entries(self, stored_as: str) -> list[Entry] | None:
        """What an archive says that it holds; None when it is none. It blocks: use a thread."""
        from obstore import open_reader  # noqa: PLC0415

        try:
            with ZipFile(BufferedReader(_Raw(open_reader(self._store, stored_as)))) as archive:
                return [
                    Entry(one.filename, one.file_size, one.compress_size, bool(one.flag_bits & 1))
                    for one in archive.infolist()
                ]
        except (BadZipFile, NotImplementedError, ValueError, EOFError):
            return None


class _Raw(RawIOBase):
    """A file of the store, as the standard library reads files: it wants bytes that are its own."""

    def __init__(self, file: "ReadableFile") -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, into: "WriteableBuffer") -> int:
        view = memoryview(into)
        piece = bytes(self._file.read(len(view)))
        view[: len(piece)] = piece
        return len(piece)


def _away(trouble: Exception) -> Unavailable:
    log.warning("store of files", trouble=type(trouble).__name__)
    return Unavailable("The store of files does not answer.", retry_after=30)


def store_of(settings: Settings) -> "ObjectStore":
    """The store that PDU_FILES_URL names. BadSettings when it names none that we know."""
    # Imported when the first file is asked for: a hub that only lists needs none of it.
    from obstore.store import LocalStore, S3Store  # noqa: PLC0415

    url = urlsplit(settings.files_url)
    match url.scheme:
        case "file":
            folder = Path(url.path).absolute()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return LocalStore(folder, mkdir=True, automatic_cleanup=True)
        case "s3":
            return S3Store(
                url.netloc,
                prefix=url.path.strip("/"),
                config=_s3(settings),
                client_options={
                    "allow_http": (settings.files_s3_endpoint or "").startswith("http://"),
                    "connect_timeout": CONNECT_WITHIN,
                    "timeout": SLOWEST,
                },
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=10)},
            )
    raise BadSettings("PDU_FILES_URL begins with file: or s3://.")


def _s3(settings: Settings) -> "S3Config":
    """How a store that speaks S3 is spoken to: with a key, or as the machine that this is."""
    config: S3Config = {"region": settings.files_s3_region}
    if settings.files_s3_endpoint:
        config["endpoint"] = settings.files_s3_endpoint
        config["virtual_hosted_style_request"] = False
    if settings.files_s3_key_id and settings.files_s3_secret:
        config["access_key_id"] = settings.files_s3_key_id
        config["secret_access_key"] = settings.files_s3_secret.get_secret_value()
    return config
