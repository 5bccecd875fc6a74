"""Whoever edits says which version they have seen, so that nothing unseen is overwritten."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from fastapi.responses import Response

from pdu_shared.problems import PreconditionFailed


@dataclass(frozen=True, slots=True)
class Seen:
    """Which version whoever edits has seen, and the answer that tells the next one."""

    if_match: str
    response: Response

    def check(self, version: int) -> None:
        """Raise PreconditionFailed when somebody else changed it in the meantime."""
        if self.if_match != etag(version):
            raise PreconditionFailed

    def renew(self, version: int) -> None:
        """Tell the version that the edit made."""
        self.response.headers["ETag"] = etag(version)


async def seen(
    if_match: Annotated[str, Header(description="The ETag of what you edit, as you read it")],
    response: Response,
) -> Seen:
    """The version that whoever makes the present request has seen."""
    return Seen(if_match, response)


def etag(version: int) -> str:
    """What an edit has to know."""
    return f'"{version}"'


Version = Annotated[Seen, Depends(seen)]
