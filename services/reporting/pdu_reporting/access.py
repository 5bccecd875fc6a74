"""Who may call which route of this service.

Figures with free filters are for the team: two of them side by side can tell of one person. What
everybody may see is the published set. Neither is the journal open: pseudonyms are personal data.
"""

from pdu_shared.access import PUBLIC, Permission, Role, allow

_FIGURES = allow(Role.COORDINATOR, Role.EVALUATOR)
_REPORTS = allow(Role.COORDINATOR, Role.EVALUATOR, Role.COMMISSIONER_FUNDER, Role.STEERING_GROUP)
_JOURNAL = allow(Role.COORDINATOR, Role.EVALUATOR, Role.OPERATOR, Role.INTEGRATION)
_IMPORTS = allow(Role.COORDINATOR, Role.INTEGRATION)

ACCESS: dict[str, Permission] = {
    "GET /claims": _FIGURES,
    "GET /codes/{name}": _FIGURES,
    "GET /facts": _FIGURES,
    "GET /facts/{name}": _FIGURES,
    "GET /figures": PUBLIC,
    "GET /figures/{name}": _FIGURES,
    "GET /figures/{name}/messages": _FIGURES,
    "GET /imports/{batch_id}": _IMPORTS,
    "GET /inbox": PUBLIC,
    "GET /journal": _JOURNAL,
    "GET /journal/stream": _JOURNAL,
    "GET /ledgers": _JOURNAL,
    "GET /own-organisation": allow(Role.ORGANISATION_LEAD, Role.MANAGER),
    "GET /published": PUBLIC,
    "GET /published/{name}": PUBLIC,
    "GET /recomputations": _JOURNAL,
    "GET /reports/annual": _REPORTS,
    "GET /reports/evidence": _REPORTS,
    "GET /reports/snapshots/{snapshot_id}": _FIGURES,
    "GET /snapshots": _FIGURES,
    "POST /snapshots": _FIGURES,
    "GET /snapshots/{snapshot_id}": _FIGURES,
    "GET /snapshots/{snapshot_id}/compare": _FIGURES,
    "PUT /claims/{report}": _FIGURES,
}
