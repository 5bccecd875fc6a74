"""The letter that asks back whether it was you who asked for a list."""

from collections.abc import Sequence
from uuid import UUID

from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section, listed
from pdu_shared.contracts.vocabulary import MailingList

__all__ = ["LISTENERS", "compose", "post"]

KIND = "subscription_confirmation"
LISTENERS = ()
NAMES = {
    MailingList.BULLETIN: "the monthly bulletin",
    MailingList.OPPORTUNITIES: "upcoming learning, every fortnight",
    MailingList.ALERTS: "what is new in the hub",
    MailingList.AFTER_EVENTS: "letters after events",
    MailingList.SURVEYS: "surveys",
}


def compose(
    subscriber_id: UUID,
    person_id: UUID,
    lists: Sequence[MailingList],
    *,
    pending: bool,
    turn: int,
) -> Letter:
    """What we write to whoever owns an address that was typed. One letter for each turn."""
    wanted = listed([NAMES[one] for one in lists])
    if pending:
        subject = f"Do you want letters from the {PROVIDER}?"
        sentences: tuple[str, ...] = (
            f"Somebody, probably you, asked for {wanted}.",
            "Please confirm it with this link. Until then we send you nothing.",
            "If it was not you, do nothing: we forget your address after two weeks.",
        )
        manage = "Yes, send me these letters"
    else:
        subject = f"You get letters from the {PROVIDER} already"
        sentences = (f"You asked for {wanted}, and you get it already. There is nothing to do.",)
        manage = "See or change what you get"
    return Letter(
        kind=KIND,
        person_id=person_id,
        related_id=subscriber_id,
        offset=str(turn),
        repeatable=True,
        mail_only=True,
        content=Content(subject=subject, sections=(Section(sentences=sentences, manage=manage),)),
    )
