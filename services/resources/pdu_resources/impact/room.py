"""Who writes changes down, who verifies and codes them, and what everybody reads."""

from pdu_resources.impact import case_study, case_study_life, life, recording, stories
from pdu_resources.usage.room import LEARNERS
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.holding import Holding
from pdu_shared.service import Room

_PEOPLE = allow(*LEARNERS.roles, Role.EVALUATOR)
_CHECKS = allow(Role.COORDINATOR, Role.EVALUATOR, Role.STEERING_GROUP)
_CODES = allow(Role.COORDINATOR, Role.EVALUATOR)
_COORDINATOR = allow(Role.COORDINATOR)
_WORDS = "Its codes, so that figures stay as they were; under an id that leads to nobody any more."

ROOM = Room(
    routes=(
        recording.router,
        life.router,
        case_study.router,
        case_study_life.router,
        stories.router,
    ),
    access={
        "POST /impacts": _PEOPLE,
        "GET /impacts": _PEOPLE,
        "GET /impacts/{impact_id}": _PEOPLE,
        "PUT /impacts/{impact_id}/verification": _CHECKS,
        "PUT /impacts/{impact_id}/coding": _CODES,
        "PUT /impacts/{impact_id}/consent": _PEOPLE,
        "PUT /impacts/{impact_id}/publication": _COORDINATOR,
        "PUT /impacts/{impact_id}/withdrawal": _PEOPLE,
        "GET /stories": PUBLIC,
        "POST /case-studies": _CODES,
        "GET /case-studies": _CHECKS,
        "GET /case-studies/{case_study_id}": _CHECKS,
        "PUT /case-studies/{case_study_id}": _CODES,
        "PUT /case-studies/{case_study_id}/consent": _COORDINATOR,
        "PUT /case-studies/{case_study_id}/review": _CHECKS,
        "PUT /case-studies/{case_study_id}/publication": _COORDINATOR,
        "PUT /case-studies/{case_study_id}/withdrawal": _COORDINATOR,
    },
    holdings=(
        Holding(
            table="impact_record",
            words="Changes that you wrote down",
            copy="""
                SELECT what, other_factors, level, organisation, happened_on, recorded_at,
                       may_publish, title, summary, published_at
                  FROM impact_record
                 WHERE recorded_by = ANY ($1::uuid[])
                """,
            forget="""
                UPDATE impact_record SET what = NULL, other_factors = NULL
                 WHERE recorded_by = ANY ($1::uuid[]) AND coalesce(what, other_factors) IS NOT NULL
                """,
            stays=_WORDS,
        ),
        Holding(
            table="case_study",
            words="Case studies that you wrote or read before they were published",
            copy="""
                SELECT title, written_at, reviewed_at FROM case_study
                 WHERE written_by = ANY ($1::uuid[]) OR reviewed_by = ANY ($1::uuid[])
                """,
            stays="They belong to the unit; who wrote them is an id that leads to nobody any more.",
        ),
    ),
)
