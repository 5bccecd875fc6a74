"""Activity: what members did in the hub, each once, however often it is told."""

from datetime import date
from uuid import uuid4

import pytest

import telling
from bus import arrived
from pdu_shared.contracts.resources.usage import (
    ModuleCompleted,
    ModuleStarted,
    ResourceDownloaded,
    ResourceViewed,
)


@pytest.mark.parametrize(
    ("kind", "action"),
    [
        (ResourceViewed, "viewed"),
        (ResourceDownloaded, "downloaded"),
        (ModuleStarted, "module_started"),
        (ModuleCompleted, "module_completed"),
    ],
)
async def test_what_a_member_did_is_kept_under_its_name(take, kept, kind, action):
    did = telling.activity(kind, item_key="mod-07", happened_on=date(2198, 2, 1))
    await take(did)
    assert await kept("activity", activity_id=did.activity_id) == [
        {
            "activity_id": did.activity_id,
            "person_id": did.person_id,
            "item_id": did.item_id,
            "item_key": "mod-07",
            "action": action,
            "happened_on": date(2198, 2, 1),
            "sequence": 1,
        }
    ]


async def test_the_same_thing_told_twice_is_done_once(take, kept):
    did = telling.activity(person_id=uuid4())
    first, second = arrived(did), arrived(did)
    await take(second)
    await take(first, second)
    assert [row["sequence"] for row in await kept("activity", person_id=did.person_id)] == [2]
