"""One person with two ids: the newest word on whether they are one counts."""

from uuid import uuid4

import telling
from bus import arrived


async def test_a_merged_id_stands_for_the_kept_one(take, kept):
    merged = telling.merged()
    await take(merged)
    assert await kept("person_alias", merged_id=merged.merged_id) == [
        {
            "merged_id": merged.merged_id,
            "kept_id": merged.kept_id,
            "merged": True,
            "sequence": 1,
        }
    ]


async def test_a_merge_that_is_taken_back_holds_no_longer_whichever_is_heard_first(take, kept):
    merged = telling.merged()
    first, second = arrived(merged), arrived(telling.unmerged(merged))
    await take(second)
    await take(first)
    assert [row["merged"] for row in await kept("person_alias", merged_id=merged.merged_id)] == [
        False
    ]


async def test_who_is_merged_into_another_later_is_that_other(take, kept):
    merged, other = telling.merged(), uuid4()
    again = telling.merged(merged_id=merged.merged_id, kept_id=other)
    await take(merged, telling.unmerged(merged), again)
    [row] = await kept("person_alias", merged_id=merged.merged_id)
    assert (row["kept_id"], row["merged"]) == (other, True)
