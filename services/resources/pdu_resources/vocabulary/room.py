"""The lists that everybody uses: read by all, told to every service."""

from pdu_resources.vocabulary import seeds, taxonomy
from pdu_shared.access import PUBLIC
from pdu_shared.service import Room

ROOM = Room(
    routes=(taxonomy.router,),
    access={"GET /vocabulary": PUBLIC},
    seeds=(seeds.seed,),
)
