"""What the library offers, by work stream and year."""

import telling
import telling_community


async def test_what_was_archived_is_offered_no_more(take, figure):
    year = telling.project_year()
    both = telling_community.in_library(
        workstreams=("housing", "justice"), published_on=year.starts_on
    )
    gone = telling_community.in_library(workstreams=("housing",), published_on=year.starts_on)
    await take(year, both, gone)
    asked = {"project_year": year.code}
    assert await figure("library_items", **asked) == [{"value": 2}]
    rows = await figure("library_items", **asked, by="workstream")
    assert [(row["workstream"], row["value"]) for row in rows] == [("housing", 2), ("justice", 1)]
    await take(telling_community.archived(gone))
    assert await figure("library_items", **asked) == [{"value": 1}]
    await take(gone.model_copy(update={"item_key": "res-002"}))
    assert await figure("library_items", **asked, type="toolkit") == [{"value": 2}]
