"""What people may do about their account, and coordinators about who is one person."""

from datetime import timedelta

from pdu_resources.member import (
    address,
    code_letter,
    duplicate,
    holdings,
    leaving,
    listing,
    merge,
    profile,
    registration,
)
from pdu_shared.access import PUBLIC, Role, allow
from pdu_shared.limits import Limit
from pdu_shared.service import Room

_COORDINATOR = allow(Role.COORDINATOR)
_PEOPLE = allow(*(set(Role) - {Role.VISITOR, Role.INTEGRATION}))

ROOM = Room(
    routes=(
        registration.router,
        profile.router,
        address.router,
        leaving.router,
        merge.router,
        duplicate.router,
        listing.router,
    ),
    access={
        "POST /members": PUBLIC,
        "POST /members/codes": PUBLIC,
        "GET /members/me": _PEOPLE,
        "PATCH /members/me": _PEOPLE,
        "DELETE /members/me": _PEOPLE,
        "GET /members/me/history": _PEOPLE,
        "POST /members/me/address-codes": _PEOPLE,
        "PUT /members/me/address": _PEOPLE,
        "POST /persons/merges": _COORDINATOR,
        "DELETE /persons/merges/{merged_id}": _COORDINATOR,
        "GET /coordinator/duplicates": _COORDINATOR,
        "PUT /coordinator/duplicates/{one_id}/{other_id}/set-aside": _COORDINATOR,
        "GET /coordinator/members": _COORDINATOR,
        "GET /coordinator/members/file": _COORDINATOR,
        "POST /coordinator/members/search": _COORDINATOR,
        "GET /coordinator/members/{person_id}": _COORDINATOR,
    },
    limits={
        "POST /members/codes": Limit("letter", 20, timedelta(hours=1)),
        "POST /members": Limit("sign_up", 60, timedelta(hours=1)),
    },
    workers=(code_letter.send_codes,),
    holdings=holdings.HOLDINGS,
    schedule=holdings.SCHEDULE,
)
