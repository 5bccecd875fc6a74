"""What everybody may read of who does what, and who keeps it."""

from pdu_resources.directory import as_file, finding, keeping, open_referral, review
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_KEEPS = allow(Role.ORGANISATION_LEAD, Role.COORDINATOR)

ROOM = Room(
    routes=(
        finding.router,
        keeping.router,
        review.router,
        as_file.router,
        open_referral.router,
    ),
    access={
        "GET /directory/services": PUBLIC,
        "GET /directory/services/{service_id}": PUBLIC,
        "POST /directory/services": _KEEPS,
        "PUT /directory/services/{service_id}": _KEEPS,
        "PUT /directory/services/{service_id}/visibility": _KEEPS,
        "PUT /directory/services/{service_id}/review": _KEEPS,
        "GET /directory/reviews": _KEEPS,
        "GET /directory/file": PUBLIC,
        "GET /directory/hsds/services": PUBLIC,
        "GET /directory/hsds/services/{service_id}": PUBLIC,
    },
)
