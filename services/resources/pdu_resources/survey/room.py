"""Who may define surveys, who answers them, and who is asked to."""

from datetime import timedelta

from pdu_resources.survey import (
    attendance,
    bank,
    diary,
    holdings,
    invitation,
    inviting,
    open_link,
    outcomes,
    own,
    personal,
    plan,
    question,
    response,
    survey,
    withdrawing,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.limits import Limit
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)
_ANSWERS = Limit("answers", 300, timedelta(hours=1))

ROOM = Room(
    routes=(
        question.router,
        survey.router,
        response.router,
        inviting.router,
        invitation.router,
        personal.router,
        own.router,
        open_link.router,
        outcomes.router,
        plan.router,
        withdrawing.router,
    ),
    access={
        "POST /questions": _COORDINATOR,
        "GET /surveys": _COORDINATOR,
        "POST /surveys": _COORDINATOR,
        "GET /surveys/{survey_key}": PUBLIC,
        "POST /surveys/{survey_key}/responses": PUBLIC,
        "GET /surveys/{survey_key}/invitations": _COORDINATOR,
        "POST /surveys/{survey_key}/invitations": _COORDINATOR,
        "GET /s/{token}": PUBLIC,  # whoever holds the link of a letter
        "PUT /s/{token}/draft": PUBLIC,
        "POST /s/{token}/responses": PUBLIC,
        "DELETE /s/{token}/responses": PUBLIC,
        "GET /own/surveys": allow(Role.MEMBER),
        "GET /own/surveys/{invitation_id}": allow(Role.MEMBER),
        "POST /own/surveys/{invitation_id}/responses": allow(Role.MEMBER),
        "POST /surveys/{survey_key}/open-links": _COORDINATOR,
        "GET /surveys/{survey_key}/open-links": _COORDINATOR,
        "PUT /open-links/{open_link_id}/closure": _COORDINATOR,
        "GET /o/{token}": PUBLIC,
        "POST /o/{token}/responses": PUBLIC,
        "DELETE /receipts/{token}": PUBLIC,  # whoever has the receipt for their answers
        "GET /learning-events/{learning_event_id}/outcomes": PUBLIC,
        "PUT /learning-events/{learning_event_id}/outcomes": _COORDINATOR,
        "GET /survey-plan": _COORDINATOR,
    },
    limits={
        "POST /surveys/{survey_key}/responses": _ANSWERS,
        "PUT /s/{token}/draft": Limit("drafts", 1000, timedelta(hours=1)),
        "POST /s/{token}/responses": _ANSWERS,
        "DELETE /s/{token}/responses": _ANSWERS,
        "POST /o/{token}/responses": _ANSWERS,
        "DELETE /receipts/{token}": _ANSWERS,
    },
    listeners=(attendance.learn_attendance, invitation.learn_delivery),
    workers=(diary.ask_when_due,),
    seeds=(bank.seed,),
    holdings=holdings.HOLDINGS,
    schedule=holdings.SCHEDULE,
)
