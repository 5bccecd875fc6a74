"""Who reads our logs or the bus learns nothing about the people we write to."""

import structlog

from notifications.office import PostBox, a_booking, office, tell
from notifications.told import Story
from pdu_notifications.postman import deliver_next


async def test_logs_and_messages_hold_no_person(database, sealer, post_box):
    with structlog.testing.capture_logs() as lines:
        for script in ({}, {"rcpt": ["550 5.1.1 person unknown"]}, {"rcpt": ["451 later"]}):
            story = Story(name="Wilhelmina Canary")
            await a_booking(database, story, sealer)
            await tell(database, story.contact(), sealer=sealer)
            await deliver_next(office(database, await post_box(PostBox(**script))))
            await tell(database, story.cancelled)
            await deliver_next(office(database, await post_box()))
            bodies = await database.pool.fetch("SELECT body FROM outbox")
            told = " ".join([*map(str, lines), *(one["body"] for one in bodies)])
            for secret in (story.name, story.address, story.token, str(story.person_id)):
                assert secret not in told
    assert {"posted", "letter dealt with"} <= {line["event"] for line in lines}
