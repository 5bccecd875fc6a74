"""Whoever asked for a copy of their data hears once that it is ready, and where to get it."""

from uuid import uuid4

from notifications.office import office, tell
from notifications.told import Story
from pdu_notifications.postman import deliver_next
from pdu_shared.contracts.resources.protection import SubjectAccessAssembled


async def test_one_letter_says_that_the_copy_is_ready_and_holds_no_link_to_it(
    database, sealer, post_box
):
    story, box = Story(), await post_box()
    ready = SubjectAccessAssembled(request_id=uuid4(), person_id=story.person_id)
    await tell(database, *story.announced, story.link, sealer=sealer)
    for _ in range(2):
        await tell(database, ready, sealer=sealer)
    while await deliver_next(office(database, box)):
        pass
    [letter] = box.letters()
    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == "The copy of your data is ready"
    assert "https://portal.example.org/sign-in" in text
    assert "30 days" in text
    assert str(ready.request_id) not in text
    assert "data-archives" not in text
