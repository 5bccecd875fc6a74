"""Searching, open to all, and the names of things, kept by coordinators."""

from pdu_resources.finding import search, synonym
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.service import Room

ROOM = Room(
    routes=(search.router, synonym.router),
    access={
        "GET /search": PUBLIC,
        "GET /synonyms": PUBLIC,
        "PUT /synonyms/{meaning}": allow(Role.COORDINATOR),
    },
    seeds=(synonym.seed,),
)
