"""The invitation to answer a survey: what it is for, how long it takes, and that nobody has to."""

from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.resources.survey import SurveyLinkIssued
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "survey_invitation"
HOWEVER_IT_WAS = "We would like to hear what came of it, whether much, little or nothing."
IT_IS_UP_TO_YOU = (
    "You do not have to answer. Whatever you decide, you are just as welcome as before.",
    "It takes about five minutes. You can leave out any question, and stop when you want to.",
    "Please look after yourself: nobody has to write about what is hard to think about.",
)
WHO_READS_IT = (
    "The PDU's coordinators and evaluators read the answers. Reports show them in numbers.",
    "What you write yourself is quoted only if you agree, and never with your name.",
    "The link is for you alone. If it no longer works, the survey has closed.",
)


async def invite_to_survey(conn: Conn, message: SurveyLinkIssued) -> None:
    """Post the invitation to a survey."""
    title = None
    if message.learning_event_id:
        title = await title_of(conn, message.learning_event_id)
    await post(conn, compose(message, title))


LISTENERS = (invite_to_survey,)


def compose(message: SurveyLinkIssued, title: str | None) -> Letter:
    """What we write to somebody who was there, or, without a title, to somebody who knows us."""
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.invitation_id,
        repeatable=True,
        list=MailingList.SURVEYS,
        content=Content(
            subject=f"Would you tell us about {title}?" if title else message.survey_title,
            sections=(
                Section(sentences=(_why(title), HOWEVER_IT_WAS)),
                Section(
                    heading="It is up to you",
                    sentences=IT_IS_UP_TO_YOU,
                    manage=f"Answer the survey: {message.survey_title}",
                ),
                Section(heading="Who reads it", sentences=WHO_READS_IT),
            ),
        ),
    )


def _why(title: str | None) -> str:
    if title:
        return f"Thank you for coming to {title}, provided by the {PROVIDER} (PDU)."
    return f"You know the work of the {PROVIDER} (PDU)."
