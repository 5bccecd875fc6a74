"""Members of a community hear when it begins, pauses or ends; nobody else does."""

from uuid import uuid4

from notifications.office import letters_of, tell
from notifications.told import Story
from pdu_shared.contracts.bookings.community import (
    CopCreated,
    CopMemberJoined,
    CopMemberLeft,
    CopStateChanged,
)

COMMUNITY = uuid4()
CREATED = CopCreated(
    community_id=COMMUNITY,
    key="housing_first",
    title="Housing First",
    workstream="housing",
    state="proposed",
)


def changed(state):
    return CopStateChanged(community_id=COMMUNITY, state=state, reason_code="enough_members")


def of(membership, story):
    return membership(
        membership_id=story.booking_id, community_id=COMMUNITY, person_id=story.person_id
    )


async def test_members_hear_of_each_change_that_matters(database):
    stays, leaves = Story(), Story()
    joined = [of(CopMemberJoined, one) for one in (stays, leaves)]
    await tell(database, CREATED, *joined, of(CopMemberLeft, leaves))
    for state in ("forming", "active", "paused", "active"):
        await tell(database, changed(state))
    letters = await letters_of(database, stays)
    assert [one["kind"] for one in letters] == ["community_news"] * 3
    assert "Housing First takes a break" in letters[1]["content"]
    assert {one["list"] for one in letters} == {None}
    assert await letters_of(database, leaves) == []


async def test_news_of_a_community_that_was_not_told_yet_waits_for_it(database):
    unknown = CopStateChanged(community_id=uuid4(), state="paused", reason_code="summer")
    await tell(database, unknown)
    waiting = await database.pool.fetch("SELECT listener, reason FROM waiting")
    assert [(one["listener"], one["reason"]) for one in waiting] == [
        ("letters.community_news.tell_community", "unknown_ref")
    ]
