"""What members may do with their private log. There is no route for anybody else."""

from pdu_resources.reflection import export, holdings, reading, writing
from pdu_resources.usage.room import LEARNERS
from pdu_shared.service import Room

ROOM = Room(
    routes=(writing.router, reading.router, export.router),
    access={
        "POST /reflections": LEARNERS,
        "GET /reflections": LEARNERS,
        "GET /reflections/{reflection_id}": LEARNERS,
        "PUT /reflections/{reflection_id}": LEARNERS,
        "DELETE /reflections/{reflection_id}": LEARNERS,
        "GET /reflection-log": LEARNERS,
    },
    holdings=holdings.HOLDINGS,
)
