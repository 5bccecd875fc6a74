"""Who may call which route of this service.

Figures are not open to everybody until small cells are suppressed, and neither is the journal:
pseudonyms are personal data.
"""

from pdu_shared.access import PUBLIC, Permission, Role, allow

_FIGURES = allow(Role.COORDINATOR, Role.EVALUATOR)
_JOURNAL = allow(Role.COORDINATOR, Role.EVALUATOR, Role.OPERATOR, Role.INTEGRATION)
_IMPORTS = allow(Role.COORDINATOR, Role.INTEGRATION)

ACCESS: dict[str, Permission] = {
    "GET /codes/{name}": _FIGURES,
    "GET /figures": PUBLIC,
    "GET /figures/{name}": _FIGURES,
    "GET /imports/{batch_id}": _IMPORTS,
    "GET /inbox": PUBLIC,
    "GET /journal": _JOURNAL,
    "GET /journal/stream": _JOURNAL,
}
