"""What is somebody's own, once they have signed in."""

from pdu_portal.mine import (
    activity,
    booking,
    bringing,
    certificates,
    data,
    letters,
    notes,
    profile,
    surveys,
    tasks,
)

ROUTERS = tuple(
    room.router
    for room in (
        activity,
        booking,
        bringing,
        certificates,
        data,
        letters,
        notes,
        profile,
        surveys,
        tasks,
    )
)
