"""Members as tests use them: `await a_member(http, database, token)`."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import a
from pdu_shared.identity import person_id
from signing_up import KEY, sign_up


@dataclass(frozen=True)
class Member:
    """Somebody with an account, and the header with which they come."""

    person_id: UUID
    email: str
    header: dict[str, str]
    said: dict[str, Any]

    async def profile(self, http):
        answer = await http.get("/members/me", headers=self.header)
        assert answer.status_code == 200, answer.text
        return answer

    async def change(self, http, **said):
        """What is answered to a change by somebody who has seen the present version."""
        etag = (await self.profile(http)).headers["ETag"]
        headers = {**self.header, "If-Match": etag}
        return await http.patch("/members/me", json=said, headers=headers)


async def a_member(http, token, **details):
    """Somebody who has just registered."""
    said = a.person(**details)
    answer = await sign_up(http, said)
    assert answer.status_code == 201, answer.text
    who = person_id(KEY, said["email"])
    return Member(who, said["email"], token("member", sub=who), said)
