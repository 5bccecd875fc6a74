"""Who keeps the outcomes map and the logs beside it, who reports for an organisation, who reads."""

from pdu_resources.outcome_map import (
    evaluation,
    indicator,
    influence,
    observing,
    partner,
    pledge,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_WRITES = allow(Role.COORDINATOR, Role.EVALUATOR)
_READS = allow(Role.COORDINATOR, Role.EVALUATOR, Role.STEERING_GROUP)
_FOR_ORGANISATIONS = allow(Role.ORGANISATION_LEAD, Role.MANAGER, Role.COORDINATOR)

ROOM = Room(
    routes=(
        partner.router,
        observing.router,
        influence.router,
        indicator.router,
        pledge.router,
        evaluation.router,
    ),
    access={
        "GET /outcomes-map": _READS,
        "PUT /boundary-partners/{partner}": _WRITES,
        "POST /progress-markers/{marker_id}/observations": _WRITES,
        "POST /strategic-influences": allow(*_READS.roles),
        "GET /strategic-influences": _READS,
        "GET /strategic-influences/{influence_id}": _READS,
        "PUT /strategic-influences/{influence_id}": _WRITES,
        "POST /indicator-reports": _FOR_ORGANISATIONS,
        "GET /indicator-reports": allow(*_FOR_ORGANISATIONS.roles, Role.EVALUATOR),
        "GET /pledges": PUBLIC,
        "PUT /pledges/{code}": allow(Role.COORDINATOR),
        "POST /pledges/{code}/adoptions": _FOR_ORGANISATIONS,
        "PUT /pledge-adoptions/{adoption_id}/state": _FOR_ORGANISATIONS,
        "POST /evaluation-activities": _WRITES,
        "GET /evaluation-activities": _READS,
    },
)
