"""What is published: the figures of the project years that are over, frozen when all is counted."""

import asyncio
from time import monotonic

from pdu_local.demo.past import COORDINATOR, events
from pdu_local.demo.stage import PAUSE, Stage

TITLE = "The first figures for everybody"
WAITED_FOR = ("attendances", "survey_responses", "hub_registrations")
"""Figures that stand still when all is counted."""


async def freeze(stage: Stage) -> None:
    """Freeze the published set, once everybody who came is counted."""
    if "figures.published" in stage.ledger:
        return
    await _counted(stage)
    await stage.do(
        "figures.published",
        "POST reporting /snapshots",
        {"kind": "published", "title": TITLE},
        by=COORDINATOR,
    )


async def _counted(stage: Stage) -> None:
    """Wait until reporting has heard what the year behind told; not for ever."""
    came = sum(event["came"] for event in events())
    given_up, before = monotonic() + stage.patience, [-1]
    while monotonic() < given_up:
        counted = [await _total(stage, name) for name in WAITED_FOR]
        if counted[0] >= came and counted == before:
            return
        before = counted
        await asyncio.sleep(PAUSE * 4)


async def _total(stage: Stage, figure: str) -> int:
    answer = await stage.read("reporting", f"/figures/{figure}", by=COORDINATOR)
    return sum(int(row["value"] or 0) for row in answer["rows"])
