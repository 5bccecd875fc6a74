"""Whoever edits says which version they have seen, so that nothing unseen is overwritten."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from fastapi.responses import Response

from pdu_shared.problems import PreconditionFailed


@dataclass(frozen=True, slots=True)
class Seen:
    """The version that whoever edits has seen, and the answer that will tell the next one."""

    if_match: str
    response: Response

    def check(self, version: int) -> None:
        """Raise PreconditionFailed when it was changed in the meantime."""
        if self.if_match != etag(version):
            raise PreconditionFailed

    def renew(self, version: int) -> None:
        """Tell the version that the edit made."""
        tell_version(self.response, version)


def etag(version: int) -> str:
    """A version as a header tells it."""
    return f'"{version}"'


def tell_version(response: Response, version: int) -> None:
    """Let an answer say of which version it is. Nobody stores it on the way."""
    response.headers["ETag"] = etag(version)
    response.headers["Cache-Control"] = "no-store"


async def seen(
    if_match: Annotated[str, Header(description="The ETag of what you edit, as you read it")],
    response: Response,
) -> Seen:
    """The version that whoever makes the present request has seen."""
    return Seen(if_match, response)


Version = Annotated[Seen, Depends(seen)]
