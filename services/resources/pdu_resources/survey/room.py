"""Who may define surveys, who answers them, and who is asked to."""

from datetime import timedelta

from pdu_resources.survey import (
    attendance,
    bank,
    holdings,
    invitation,
    inviting,
    personal,
    question,
    response,
    survey,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.limits import Limit
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(
        question.router,
        survey.router,
        response.router,
        inviting.router,
        invitation.router,
        personal.router,
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
        "POST /s/{token}/responses": PUBLIC,
    },
    limits={
        "POST /surveys/{survey_key}/responses": Limit("answers", 300, timedelta(hours=1)),
        "POST /s/{token}/responses": Limit("answers", 300, timedelta(hours=1)),
    },
    listeners=(attendance.learn_attendance, invitation.learn_delivery),
    seeds=(bank.seed,),
    holdings=holdings.HOLDINGS,
)
