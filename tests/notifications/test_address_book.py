"""The address book believes the newest word, also when it arrives first."""

from uuid import UUID

from bus import arrived
from notifications.office import tell
from notifications.told import Story
from pdu_notifications.app import service

OLDER, NEWER = (UUID(f"0190000{number}-0000-7000-8000-000000000000") for number in (1, 2))


async def hear(database, sealer, message, message_id):
    await service.take(database, [arrived(message, sealer=sealer, message_id=message_id)])


async def entry(database, story):
    return await database.pool.fetchrow(
        "SELECT address, name, verified FROM contact_point WHERE person_id = $1", story.person_id
    )


async def test_who_books_can_be_reached_and_has_a_link(database, sealer):
    story = Story()
    await tell(database, story.link, sealer=sealer)
    assert tuple(await entry(database, story)) == (story.address, story.name, False)
    path = await database.pool.fetchval(
        "SELECT path FROM link WHERE related_id = $1", story.booking_id
    )
    assert path == f"b/{story.token}"


async def test_the_newest_word_wins_whichever_service_says_it(database, sealer):
    story = Story()
    await hear(database, sealer, story.contact(name="Alan of the Dale"), OLDER)
    await hear(database, sealer, story.link, NEWER)
    assert (await entry(database, story))["name"] == "Alan a Dale"


async def test_an_older_word_that_arrives_late_changes_nothing(database, sealer):
    story = Story()
    await hear(database, sealer, story.contact(name="Alan of the Dale"), NEWER)
    await hear(database, sealer, story.link, OLDER)
    assert (await entry(database, story))["name"] == "Alan of the Dale"


async def test_an_address_stays_verified_until_there_is_another(database, sealer):
    story = Story()
    await tell(database, story.contact(verified=True), sealer=sealer)
    await tell(database, story.link, sealer=sealer)
    assert (await entry(database, story))["verified"]
    await tell(database, story.contact(address="other@example.org"), sealer=sealer)
    assert not (await entry(database, story))["verified"]
