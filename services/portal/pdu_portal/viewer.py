"""Who looks at a page: what is known of somebody who has signed in, and where they are led."""

import json
from base64 import urlsafe_b64decode
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who has signed in. All of it lies in their cookie, sealed; times are in seconds."""

    session_id: str
    person_id: str
    name: str
    roles: frozenset[str]
    until: int
    """When they have to sign in anew."""
    token: str = field(repr=False)
    """What the services believe; empty while no new one can be had."""
    token_until: int
    refresh: str = field(repr=False)
    visits: bool = False
    """Whether they look at everything as a visitor does, until they come back."""

    def has(self, *roles: str) -> bool:
        """Whether they have one of these roles."""
        return not self.roles.isdisjoint(roles)

    def called(self, name: str) -> Self:
        """The viewer with this name."""
        return replace(self, name=name)

    def as_kept(self) -> dict[str, Any]:
        """The viewer as JSON can hold it."""
        return asdict(self) | {"roles": sorted(self.roles)}

    @classmethod
    def kept(cls, said: dict[str, Any]) -> Self:
        """The viewer that was kept; raises TypeError, KeyError or ValueError when it is none."""
        return cls(**{**said, "roles": frozenset(said["roles"])})


def claims_of(token: str) -> dict[str, Any]:
    """What an access token says of its holder; raises ValueError when it is none.

    It comes from the issuer itself, so its signature is for the services to check.
    """
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 header, claims, signature
        raise ValueError("not a token")
    body = parts[1]
    found = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if not isinstance(found, dict):
        raise ValueError("not a token")  # noqa: TRY004 what is wrong is its content
    return found
