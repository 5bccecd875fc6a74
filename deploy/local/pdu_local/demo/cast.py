"""Who acts in the demonstration: their accounts, their roles, and what they sign in with."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pdu_local.demo.stage import Stage, said
from pdu_shared.access import Caller, Role
from pdu_shared.identity import person_id
from pdu_shared.tokens import mint

ADMINISTRATOR = "administrator"
AREA = "nottingham_city"
CODE = re.compile(r"^\s+(\d{3,4}[ -]?\d{3,4})\s*$", re.MULTILINE)
AUDIENCES = [f"pdu-{name}" for name in ("bookings", "resources", "notifications", "reporting")]

ReadCode = Callable[[str, str], Awaitable[str]]
"""The digits in the letter to an address; the second is the id of the code."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Mints what each person would hold after signing in; the launcher has the keys for it."""

    issuer: dict[str, Any]
    person_key: bytes

    def person(self, who: str) -> UUID:
        """The pseudonym of their address."""
        return person_id(self.person_key, address(who))

    async def bearer(self, who: str) -> dict[str, str]:
        """The headers of somebody who has signed in."""
        return {"Authorization": f"Bearer {self.token(who)}"}

    def token(self, who: str) -> str:
        """What somebody holds who has signed in."""
        roles = {ADMINISTRATOR} if who == ADMINISTRATOR else {"member", *people()[who]["roles"]}
        caller = Caller(
            sub=self.person(who),
            client_id="pdu-demo",
            roles=frozenset(Role(role) for role in roles),
        )
        return mint(self.issuer, caller, audiences=AUDIENCES)


def people() -> dict[str, dict[str, Any]]:
    """Everybody with an account, by their keys."""
    return said("people")


def address(who: str) -> str:
    """Where somebody gets letters."""
    return f"{who}@example.org"


async def enter(stage: Stage, cast: Cast, read_code: ReadCode) -> None:
    """Open an account for everybody, with a code from a letter, and give them their roles."""
    async with asyncio.TaskGroup() as group:
        for who, person in people().items():
            group.create_task(_enter(stage, cast, read_code, who, person))


async def _enter(
    stage: Stage, cast: Cast, read_code: ReadCode, who: str, person: dict[str, Any]
) -> None:
    email = address(who)
    if f"{who}.member" not in stage.ledger:
        asked = await stage.do(f"{who}.code", "POST resources /members/codes", {"email": email})
        form = {
            "name": person["name"],
            "sector": person["sector"],
            "work_field": person["work_field"],
            "role_level": person["role_level"],
            "area": AREA,
            "interests": person["interests"],
            "code_id": asked["code_id"],
            "code": await read_code(email, asked["code_id"]),
        }
        if "organisation" in person:
            form["organisation"] = person["organisation"]
        await stage.do(f"{who}.member", "POST resources /members", form)
    for role in person["roles"]:
        path = f"/persons/{cast.person(who)}/roles/{role}"
        await stage.do(f"{who}.{role}", f"PUT resources {path}", {}, by=ADMINISTRATOR)
