"""The resources service: its table of contents."""

from pdu_resources import member, seeds, taxonomy
from pdu_resources.access import ACCESS
from pdu_shared.service import Service

service = Service(
    name="resources",
    routes=[member.router, taxonomy.router],
    access=ACCESS,
    seeds=[seeds.seed],
)
