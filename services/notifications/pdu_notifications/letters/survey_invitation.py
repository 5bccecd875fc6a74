"""The invitation to answer a survey: what it is for, how long it takes, and that nobody has to."""

from dataclasses import dataclass

from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter, post
from pdu_notifications.rules.local_time import moment_in_words
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.resources.survey import SurveyKind, SurveyLinkIssued
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

KIND = "survey_invitation"
SHOWN_AS = {KIND: "An invitation to a survey"}
HOWEVER_IT_WAS = "We would like to hear what came of it, whether much, little or nothing."
SOME_MONTHS_LATER = "Some months have gone by. Did you share it with others, or change anything?"
WHAT_HAPPENED = (
    "You told us then what you wanted to do. It is on the page, in your own words.",
    "It is one question: what became of it? Nothing at all is an answer, too.",
)
HOW_IT_WAS = (
    f"The {PROVIDER} (PDU) would like to know whether you felt prepared, listened to and valued.",
    "Whoever supports you can answer it with you.",
)
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
    said = _said(message, title)
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.invitation_id,
        expires_at=message.closes_at,
        repeatable=True,
        list=MailingList.SURVEYS,
        content=Content(
            subject=said.subject,
            sections=(
                Section(sentences=said.why),
                Section(
                    heading="It is up to you",
                    sentences=(*IT_IS_UP_TO_YOU, *_until(message)),
                    manage=f"Answer the survey: {message.survey_title}",
                ),
                Section(heading="Who reads it", sentences=WHO_READS_IT),
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Said:
    subject: str
    why: tuple[str, ...]


def _said(message: SurveyLinkIssued, title: str | None) -> _Said:
    """What it is about, by what the survey is for."""
    if title is None:
        knows = f"You know the work of the {PROVIDER} (PDU)."
        return _Said(message.survey_title, (knows, HOWEVER_IT_WAS))
    came = f"You came to {title}, provided by the {PROVIDER} (PDU)."
    match message.kind:
        case SurveyKind.FOLLOW_UP:
            return _Said(f"Some months after {title}", (came, SOME_MONTHS_LATER, HOWEVER_IT_WAS))
        case SurveyKind.OUTCOME:
            return _Said(f"What happened next, after {title}?", (came, *WHAT_HAPPENED))
        case SurveyKind.EXPERT_REFLECTION:
            return _Said(f"How was {title} for you?", (f"You were part of {title}.", *HOW_IT_WAS))
    thanks = f"Thank you for coming to {title}, provided by the {PROVIDER} (PDU)."
    return _Said(f"Would you tell us about {title}?", (thanks, HOWEVER_IT_WAS))


def _until(message: SurveyLinkIssued) -> tuple[str, ...]:
    if message.closes_at is None:
        return ()
    return (f"It is open until {moment_in_words(message.closes_at)}.",)
