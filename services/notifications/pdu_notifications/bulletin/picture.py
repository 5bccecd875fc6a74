"""A page as a picture, drawn by the Chromium of this machine, if it has one."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from pdu_shared.problems import Conflict

log = structlog.get_logger()

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HEIGHT = 2400
SECONDS = 30
_ONE_AT_A_TIME = asyncio.Semaphore(1)
"""A browser needs more memory than all the rest of the service."""
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
# What is drawn is ours and sanitised; all the same it runs nothing and fetches nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
HEAD = f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}">'


async def picture_of(html: str, *, width: int) -> bytes:
    """The page as PNG. Raises Conflict where there is no browser, or it does not draw."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise Conflict("There is no Chromium on this machine to draw it: look at text and HTML.")
    async with _ONE_AT_A_TIME, _a_folder() as folder:
        page, picture = Path(folder, "page.html"), Path(folder, "page.png")
        guarded = html.replace("<head>", HEAD, 1)
        await asyncio.to_thread(page.write_text, guarded, encoding="utf-8")
        await _run(
            browser,
            *FLAGS,
            *(("--no-sandbox",) if os.geteuid() == 0 else ()),  # Chromium refuses root otherwise
            f"--user-data-dir={folder}/browser",
            f"--window-size={width},{HEIGHT}",
            f"--screenshot={picture}",
            page.as_uri(),
        )
        try:
            return await asyncio.to_thread(picture.read_bytes)
        except FileNotFoundError:
            raise Conflict("Chromium did not draw it here: look at text and HTML.") from None


@asynccontextmanager
async def _a_folder() -> AsyncIterator[str]:
    with tempfile.TemporaryDirectory(prefix="pdu-picture-") as folder:
        yield folder


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(SECONDS):
            await process.wait()
    except TimeoutError:
        log.warning("no picture in time")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
