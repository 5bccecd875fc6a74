"""The library: items of all kinds, some due for a look, some put away, and what others bring."""

import asyncio
from typing import Any

from pdu_local.demo.film import film
from pdu_local.demo.ledger import Answer
from pdu_local.demo.past import COORDINATOR
from pdu_local.demo.stage import SAID, Stage, said
from pdu_shared.identity import derived_id

Files = dict[str, tuple[str, bytes]]
"""By name: what a file is for, and what is in it."""
WITHOUT_CAPTIONS = "The words are read out as they stand in the summary."


async def furnish(stage: Stage) -> None:
    """Fill the library before anybody reads in it."""
    library = said("library")
    async with asyncio.TaskGroup() as group:
        for item in library["item"]:
            group.create_task(bring_one(stage, item))
    for one in library["collection"]:
        items = [{"item_key": key} for key in one["items"]]
        body = {name: one[name] for name in ("kind", "title", "summary")} | {"items": items}
        path = f"PUT resources /collections/{one['key']}"
        await stage.do(
            f"collection.{one['key']}", path, {**body, "published": True}, by=COORDINATOR
        )


async def bring(stage: Stage) -> None:
    """What members bring, and nobody has looked at yet."""
    for number, one in enumerate(said("library")["submission"]):
        words = dict(one)
        who = words.pop("by")
        await stage.do(f"submission.{number}", "POST resources /submissions", words, by=who)


async def record(stage: Stage) -> None:
    """Recordings of what was held: one plays with its captions, one was taken down again."""
    for one in said("library")["recording"]:
        event = str(derived_id("learning_event", one["event"]))
        session = str(derived_id("session", one["event"]))
        words = {name: value for name, value in one.items() if name not in {"event", "film"}}
        words |= {
            "type": "recording",
            "members_only": True,
            "learning_event_id": event,
            "session_id": session,
        }
        if "film" not in one:
            words["without_captions_because"] = WITHOUT_CAPTIONS
        await bring_one(stage, words, files=files_of(one["item_key"]) if "film" in one else None)


def files_of(key: str) -> Files:
    """What is played, what stands below it, and what may be read instead."""
    return {
        "talk.mp4": ("original", film()),
        "captions.vtt": ("captions", (SAID / f"{key}.vtt").read_bytes()),
        "transcript.txt": ("transcript", (SAID / f"{key}.txt").read_bytes()),
    }


async def _add(stage: Stage, key: str, files: Files) -> Answer:
    """Bring files to an item, one after the other: each makes it a new version."""
    for name, (role, content) in files.items():
        path = f"PUT resources /items/{key}/files/{name}?role={role}&language=en"
        seen = await stage.do(f"{key}.{name}", path, by=COORDINATOR, content=content)
    return seen


async def bring_one(stage: Stage, item: dict[str, Any], *, files: Files | None = None) -> None:
    """An item with its files, published, and looked after or put away."""
    key = item["item_key"]
    words = {name: value for name, value in item.items() if name not in {"due", "put_away"}}
    words = {"scope": "local", "level": "introductory", **words}
    made = await stage.do(
        f"{key}.item", "POST resources /items", words, by=COORDINATOR, patiently=True
    )
    if files:
        made = await _add(stage, key, files)
    item_at = f"PUT resources /items/{key}"
    now = await stage.do(
        f"{key}.public",
        f"{item_at}/publication",
        by=COORDINATOR,
        seen=made["version"],
        patiently=True,
    )
    if "due" in item:
        looked = {"review_due_on": stage.day(item["due"]).isoformat()}
        await stage.do(
            f"{key}.review", f"{item_at}/review", looked, by=COORDINATOR, seen=now["version"]
        )
    if "put_away" in item:
        reason = {"reason_code": item["put_away"]}
        await stage.do(
            f"{key}.archive", f"{item_at}/archive", reason, by=COORDINATOR, seen=now["version"]
        )
