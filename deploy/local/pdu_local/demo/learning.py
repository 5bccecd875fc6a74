"""Learning: the modules that complete the suite, and how far some people have come."""

import asyncio
import io
import zipfile
from importlib.resources import files

from pdu_local.demo.past import COORDINATOR
from pdu_local.demo.stage import Stage

MODULES = files("pdu_local.demo") / "modules"
READERS = {
    "marian": (("tic-introduction", True), ("pie-spaces", False)),
    "much": (("smd-understanding", True), ("smd-keeping-contact", False)),
    "allan": (("tic-introduction", False),),
    "guy": (("act-values", True),),
}
"""What somebody has begun, and whether they came to its end."""
THE_SAME = (1980, 1, 1, 0, 0, 0)
"""A zip holds times; with one for all it is the same zip every time."""


async def learn(stage: Stage) -> None:
    """Publish the modules, then let people read in them."""
    for folder in sorted(MODULES.iterdir(), key=lambda one: one.name):
        if folder.is_dir():
            content = _zipped({file.name: file.read_bytes() for file in folder.iterdir()})
            await stage.do(
                f"module.{folder.name}",
                "POST resources /modules",
                by=COORDINATOR,
                content=content,
                media_type="application/zip",
            )
    async with asyncio.TaskGroup() as group:
        for who in READERS:
            group.create_task(_read(stage, who))
    for who in ("marian", "much"):
        await stage.do(f"{who}.start", "PUT resources /pathways/start-here/progress", by=who)


async def _read(stage: Stage, who: str) -> None:
    for key, to_its_end in READERS[who]:
        path = f"PUT resources /modules/{key}"
        begun = await stage.do(f"{who}.{key}", f"{path}/progress", {}, by=who)
        if to_its_end:
            last = {"page": begun["pages"]}
            await stage.do(f"{who}.{key}.last", f"{path}/progress", last, by=who)
            await stage.do(f"{who}.{key}.done", f"{path}/completion", by=who)


def _zipped(content: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(content):
            archive.writestr(zipfile.ZipInfo(name, THE_SAME), content[name])
    return kept.getvalue()
