"""Who keeps the registry of organisations, and who looks into it."""

from pdu_resources.organisation import absence, editing, file, merging, naming, registry, typed
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(
        registry.router,
        editing.router,
        naming.router,
        merging.router,
        file.router,
        absence.router,
    ),
    access={
        "GET /organisations": PUBLIC,
        "GET /organisations/{organisation_id}": _COORDINATOR,
        "POST /organisations": _COORDINATOR,
        "PATCH /organisations/{organisation_id}": _COORDINATOR,
        "POST /organisations/{organisation_id}/names": _COORDINATOR,
        "DELETE /organisations/{organisation_id}/names/{name_id}": _COORDINATOR,
        "PUT /organisations/{organisation_id}/merge": _COORDINATOR,
        "DELETE /organisations/{organisation_id}/merge": _COORDINATOR,
        "GET /organisations/{organisation_id}/absence": _COORDINATOR,
        "PUT /organisations/{organisation_id}/absence": _COORDINATOR,
        "DELETE /organisations/{organisation_id}/absence": _COORDINATOR,
        "GET /organisation-names/unmatched": _COORDINATOR,
        "PUT /organisation-names/{name_id}/set-aside": _COORDINATOR,
        "GET /organisations-file": _COORDINATOR,
    },
    seeds=(typed.fill,),
)
