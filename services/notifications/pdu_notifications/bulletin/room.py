"""The bulletin: who writes, approves and sends it, and what everybody may read."""

from pdu_notifications.bulletin import (
    archive,
    checking,
    holdings,
    preview,
    sending,
    stating,
    stream,
    writing,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)

ROOM = Room(
    routes=(writing.router, stating.router, checking.router, preview.router, archive.router),
    access={
        "POST /bulletins": _COORDINATOR,
        "GET /bulletins": _COORDINATOR,
        "GET /bulletins/{issue_key}": _COORDINATOR,
        "PUT /bulletins/{issue_key}": _COORDINATOR,
        "PUT /bulletins/{issue_key}/state": _COORDINATOR,
        "GET /bulletins/{issue_key}/checks": _COORDINATOR,
        "GET /bulletins/{issue_key}/preview/text": _COORDINATOR,
        "GET /bulletins/{issue_key}/preview/html": _COORDINATOR,
        "GET /bulletins/{issue_key}/preview/picture": _COORDINATOR,
        "GET /bulletin-archive": PUBLIC,
        "GET /bulletin-archive/{issue_key}": PUBLIC,
        "GET /bulletin-archive/{issue_key}/page": PUBLIC,
        "GET /bulletin-feed": PUBLIC,
    },
    listeners=stream.LISTENERS,
    workers=(sending.send,),
    holdings=holdings.HOLDINGS,
    schedule=holdings.SCHEDULE,
)
