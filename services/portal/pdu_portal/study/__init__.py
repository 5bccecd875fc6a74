"""Learning at one's own pace: modules part by part, pathways, recordings."""

from pdu_portal.study import finishing, pathway, player, recording

ROUTERS = tuple(room.router for room in (player, finishing, pathway, recording))
