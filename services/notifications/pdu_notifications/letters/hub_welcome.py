"""The welcome to a new member of the online hub, with its guide and where to begin."""

from uuid import uuid5

from pdu_notifications import pages
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.resources.member import MemberRegistered
from pdu_shared.database import Conn

KIND = "hub_welcome"


async def welcome_member(conn: Conn, message: MemberRegistered) -> None:
    """Post the welcome to somebody who has made an account."""
    await post(conn, compose(message))


LISTENERS = (welcome_member,)


def compose(message: MemberRegistered) -> Letter:
    """What we write to a new member."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        # What is told of a letter says nothing of who receives it.
        related_id=uuid5(message.person_id, KIND),
        repeatable=True,
        content=Content(
            subject="Welcome to the online hub",
            sections=(
                Section(
                    sentences=(
                        f"You have an account of the online hub of the {PROVIDER} (PDU) now.",
                        "You sign in with your e-mail address; a code comes by letter each time.",
                    ),
                    pages=(("Sign in", pages.SIGN_IN),),
                ),
                Section(
                    heading="Where to begin",
                    sentences=(
                        "The guide shows what there is, and suggests a pathway to start with.",
                        "Everything is at your own pace, and nothing has to be finished.",
                    ),
                    pages=(
                        ("The guide to the hub", pages.GUIDE),
                        ("The library", pages.LIBRARY),
                        ("Short lessons and pathways", pages.LEARN),
                        ("Events that are coming up", pages.EVENTS),
                        ("Get our bulletin, if you like", pages.subscribe("welcome")),
                    ),
                ),
                Section(
                    heading="If it was not you",
                    sentences=(
                        (
                            "Somebody else may have typed your address. Then answer this letter, "
                            "and we delete the account."
                        ),
                    ),
                ),
            ),
        ),
    )
