"""Ids that are one person: a letter to one of them reaches them under the other."""

from uuid import uuid4

import pytest

from notifications.office import Clock, PostBox, office, tell, the_letter_of
from notifications.told import Story
from pdu_notifications.postman import deliver_next
from pdu_shared.contracts.resources.member import PersonMerged, PersonUnmerged


@pytest.fixture
async def waiting(database):
    """Somebody without an address has booked: their confirmation lies in the post."""
    story = Story()
    await tell(database, *story.announced, story.booked)
    await database.pool.execute(
        "INSERT INTO link (related_id, path) VALUES ($1, 'b/x')", story.booking_id
    )
    return story


@pytest.mark.parametrize("which", ["kept", "merged"])
async def test_whoever_booked_without_an_address_is_reached_at_a_later_one(
    database, sealer, post_box, waiting, which
):
    box, known = await post_box(PostBox()), Story(person_id=uuid4())
    at_work = office(database, box, clock=Clock())
    await deliver_next(at_work)
    assert (await the_letter_of(database, waiting))["reason"] == "no_address"
    ids = {"kept_id": known.person_id, "merged_id": waiting.person_id}
    if which == "merged":
        ids = {"kept_id": waiting.person_id, "merged_id": known.person_id}
    await tell(database, known.contact(), PersonMerged(**ids, basis="same"), sealer=sealer)
    assert await deliver_next(at_work)
    assert box.reached() == [known.address]


async def test_once_they_are_two_again_nobody_gets_the_letter_of_the_other(
    database, sealer, post_box, waiting
):
    box, known = await post_box(PostBox()), Story(person_id=uuid4())
    ids = {"kept_id": known.person_id, "merged_id": waiting.person_id}
    merged = PersonMerged(**ids, basis="same")
    await tell(database, known.contact(), merged, PersonUnmerged(**ids), sealer=sealer)
    await deliver_next(office(database, box, clock=Clock()))
    assert box.reached() == []
    assert (await the_letter_of(database, waiting))["reason"] == "no_address"


async def test_who_has_an_address_of_their_own_is_reached_there(
    database, sealer, post_box, waiting
):
    box, known = await post_box(PostBox()), Story(person_id=uuid4())
    merged = PersonMerged(kept_id=known.person_id, merged_id=waiting.person_id, basis="same")
    await tell(database, known.contact(), waiting.contact(), merged, sealer=sealer)
    assert await deliver_next(office(database, box, clock=Clock()))
    assert box.reached() == [waiting.address]
