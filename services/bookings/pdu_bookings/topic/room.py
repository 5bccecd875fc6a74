"""What people may do about topics, about speaking, and about what troubled them."""

from datetime import timedelta

from pdu_bookings.topic import (
    answer,
    assignment,
    backing,
    backlog,
    brief,
    concern,
    deciding,
    forgetting,
    handling,
    holdings,
    invitation,
    merging,
    offer,
    speakers,
    suggestion,
    triage,
    withdrawal,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.limits import Limit
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)
_HANDLES_CONCERNS = allow(Role.COORDINATOR, Role.DATA_PROTECTION_LEAD)
_PEOPLE = allow(
    Role.MEMBER,
    Role.COP_MEMBER,
    Role.COP_CONVENOR,
    Role.FACILITATOR_SPEAKER,
    Role.EXPERT_BY_EXPERIENCE,
    Role.BENEFICIARY_AMBASSADOR,
    Role.ORGANISATION_LEAD,
    Role.MANAGER,
    Role.STEERING_GROUP,
    Role.COORDINATOR,
)

ROOM = Room(
    routes=(
        suggestion.router,
        backlog.router,
        backing.router,
        deciding.router,
        merging.router,
        answer.router,
        offer.router,
        triage.router,
        assignment.router,
        speakers.router,
        brief.router,
        invitation.router,
        withdrawal.router,
        concern.router,
        handling.router,
    ),
    access={
        "POST /topics": PUBLIC,
        "POST /topics/gathered": allow(Role.COORDINATOR, Role.STEERING_GROUP),
        "GET /topics": PUBLIC,
        "GET /topics/backlog": _COORDINATOR,
        "PUT /topics/{topic_id}/backing": _PEOPLE,
        "PUT /b/{token}/topics/{topic_id}/backing": PUBLIC,  # whoever holds a booking's link
        "PUT /topics/{topic_id}/wording": _COORDINATOR,
        "PUT /topics/{topic_id}/decision": _COORDINATOR,
        "PUT /topics/{topic_id}/merge": _COORDINATOR,
        "PUT /topics/{topic_id}/answer": _COORDINATOR,
        "GET /t/{token}": PUBLIC,  # whoever suggested the topic
        "POST /speaker-offers": PUBLIC,
        "GET /speaker-offers": _COORDINATOR,
        "PUT /speaker-offers/{offer_id}/triage": _COORDINATOR,
        "POST /speaker-offers/{offer_id}/matches": _COORDINATOR,
        "PUT /speaker-offers/{offer_id}/answer": _COORDINATOR,
        "POST /learning-events/{learning_event_id}/assignments": _COORDINATOR,
        "GET /learning-events/{learning_event_id}/assignments": _COORDINATOR,
        "PUT /assignments/{assignment_id}/withdrawal": _COORDINATOR,
        "GET /learning-events/{learning_event_id}/speakers": PUBLIC,
        "GET /learning-events/{learning_event_id}/brief": _COORDINATOR,
        "PUT /learning-events/{learning_event_id}/brief": _COORDINATOR,
        "GET /f/{token}": PUBLIC,  # whoever holds the link of an invitation to speak
        "POST /f/{token}/confirmation": PUBLIC,
        "POST /f/{token}/withdrawal": PUBLIC,
        "PUT /f/{token}/brief-acknowledgement": PUBLIC,
        "PUT /f/{token}/recording-consent": PUBLIC,
        "POST /sessions/{session_id}/concerns": _PEOPLE,
        "POST /b/{token}/concerns": PUBLIC,
        "GET /concerns": _HANDLES_CONCERNS,
        "GET /concerns/{concern_id}": _HANDLES_CONCERNS,
        "POST /concerns/{concern_id}/actions": _COORDINATOR,
        "PUT /concerns/{concern_id}/outcome": _COORDINATOR,
    },
    limits={
        "POST /topics": Limit("topics", 60, timedelta(hours=1)),
        "POST /speaker-offers": Limit("speaker_offers", 60, timedelta(hours=1)),
    },
    schedule=forgetting.SCHEDULE,
    holdings=holdings.HOLDINGS,
)
