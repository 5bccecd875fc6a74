"""That the copy somebody asked for, of all that is kept about them, is ready to be fetched."""

from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import Content, Section
from pdu_shared.contracts.resources.protection import SubjectAccessAssembled
from pdu_shared.database import Conn

KIND = "archive_ready"


async def say_it_is_ready(conn: Conn, message: SubjectAccessAssembled) -> None:
    """Post it to whoever asked. The letter has no link to the copy: letters are read by others."""
    await post(conn, compose(message))


LISTENERS = (say_it_is_ready,)


def compose(message: SubjectAccessAssembled) -> Letter:
    """What we write when every service has handed over its part."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.request_id,
        repeatable=True,
        content=Content(
            subject="The copy of your data is ready",
            sections=(
                Section(
                    sentences=(
                        "You asked for a copy of all that we keep about you. It is ready.",
                        "It is a folder with a page to read, and the same for programs.",
                    ),
                ),
                Section(
                    heading="How to get it",
                    sentences=(
                        "Sign in and open your request: there you make a link to the copy.",
                        "The link works once, for three days; you can make another one.",
                        "After 30 days we delete the copy. Then you would have to ask again.",
                        "If you do not have an account, answer this letter and we will help.",
                    ),
                    pages=(("Sign in", "sign-in"),),
                ),
                Section(
                    heading="If it was not you",
                    sentences=(
                        "Nobody gets the copy without signing in with a code sent to you.",
                        "Please answer this letter if you did not ask for it.",
                    ),
                ),
            ),
        ),
    )
