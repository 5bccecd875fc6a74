"""Who may read the library, and who looks after it."""

from pdu_resources.library import (
    collecting,
    collection,
    item,
    life,
    listing,
    looking_after,
    passing_on,
    retiring,
    seen,
    streams,
)
from pdu_resources.library.holding import HOLDINGS, SCHEDULE
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)
_FOR_STAFF = allow(Role.ORGANISATION_LEAD, Role.MANAGER)

ROOM = Room(
    routes=(
        listing.pages,
        listing.router,
        looking_after.router,
        passing_on.router,
        item.router,
        life.router,
        seen.router,
        collection.router,
        collecting.router,
        streams.router,
        retiring.router,
    ),
    access={
        "GET /items": PUBLIC,
        "POST /items": _COORDINATOR,
        "GET /items/{item_key}": PUBLIC,
        "PATCH /items/{item_key}": _COORDINATOR,
        "PUT /items/{item_key}/publication": _COORDINATOR,
        "PUT /items/{item_key}/review": _COORDINATOR,
        "PUT /items/{item_key}/archive": _COORDINATOR,
        "GET /items/{item_key}/history": _COORDINATOR,
        "GET /library/counts": PUBLIC,
        "GET /library/items": _COORDINATOR,
        "GET /library/review-due": _COORDINATOR,
        "GET /library/for-my-staff": _FOR_STAFF,
        "GET /collections": PUBLIC,
        "GET /collections/{collection_key}": PUBLIC,
        "PUT /collections/{collection_key}": _COORDINATOR,
        "PUT /collections/{collection_key}/adoption": _FOR_STAFF,
        "DELETE /collections/{collection_key}/adoption": _FOR_STAFF,
        "POST /collections/{collection_key}/shares": PUBLIC,
        "GET /collections/{collection_key}/shares": _COORDINATOR,
        "GET /workstreams": PUBLIC,
        "POST /workstreams": _COORDINATOR,
        "PUT /workstreams/{code}/retirement": _COORDINATOR,
    },
    holdings=HOLDINGS,
    schedule=SCHEDULE,
)
