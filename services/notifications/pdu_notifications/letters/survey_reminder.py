"""The reminder of a survey: twice at most, and none to who has answered."""

from pdu_notifications.learning_event import title_of
from pdu_notifications.letter import Letter, call_back, post
from pdu_notifications.rules.courtesy import SURVEY_REMINDER as KIND
from pdu_notifications.rules.local_time import moment_in_words
from pdu_notifications.wording import PROVIDER, Content, Section
from pdu_shared.contracts.resources.survey import SurveyReminderIssued, SurveyRemindersStopped
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn

INVITATION = "survey_invitation"
SHOWN_AS = {KIND: "A reminder of a survey"}


async def remind_of_survey(conn: Conn, message: SurveyReminderIssued) -> None:
    """Post the reminder of a survey that somebody has not answered."""
    title = None
    if message.learning_event_id:
        title = await title_of(conn, message.learning_event_id)
    await post(conn, compose(message, title))


async def stop_reminding(conn: Conn, message: SurveyRemindersStopped) -> None:
    """Call back what has not gone out yet."""
    await call_back(conn, message.invitation_id, [INVITATION, KIND], reason="answered")


LISTENERS = (remind_of_survey, stop_reminding)


def compose(message: SurveyReminderIssued, title: str | None) -> Letter:
    """What we write to somebody who has not answered. The last one says that it is the last."""
    closes = moment_in_words(message.closes_at)
    last = ("We do not ask again.",) if message.number > 1 else ()
    about = f"about {title}" if title else "that we asked you to answer"
    return Letter(
        kind=KIND,
        person_id=message.person_id,
        related_id=message.invitation_id,
        offset=str(message.number),
        expires_at=message.closes_at,
        list=MailingList.SURVEYS,
        repeatable=True,
        content=Content(
            subject=f"Still open: {title or message.survey_title}",
            sections=(
                Section(
                    sentences=(
                        f"The short survey of the {PROVIDER} (PDU) {about} is still open.",
                        f"It closes at {closes}.",
                        (
                            "You do not have to answer. If you would like to, it takes about five "
                            "minutes, and you can leave out any question."
                        ),
                        *last,
                    ),
                    manage=f"Answer the survey: {message.survey_title}",
                ),
                Section(
                    sentences=(
                        "If you have answered in the meantime: thank you, and please forget this.",
                    )
                ),
            ),
        ),
    )
