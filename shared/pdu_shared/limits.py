"""How often one may ask: counted in the service's database, where all its copies count together."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from math import ceil

from starlette.types import Scope

from pdu_shared.database import Conn
from pdu_shared.problems import TooMany
from pdu_shared.runtime import Runtime

KEPT_FOR = timedelta(days=1)
HOME = 64
"""So many bits of an IPv6 address are a household's or an office's."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in so long; all at once if need be, and then as they become free again."""

    name: str
    most: int
    within: timedelta

    @property
    def each(self) -> timedelta:
        """How long it takes until one more is free."""
        return self.within / self.most


async def count(runtime: Runtime, limit: Limit, about: str, now: datetime) -> None:
    """Count one more of this, for good. Raises TooMany when the share is used up.

    `about` is hashed with a key of this installation, so that no table holds who asked.
    """
    key = runtime.settings.database_dsn().encode()
    bucket = hmac.digest(key, f"{limit.name}\0{about}".encode(), "sha256")[:16]
    async with runtime.database.pool.acquire(timeout=5) as conn:
        # The moment until which the share is used up moves on by one each time.
        due_at = await conn.fetchval(
            """
            INSERT INTO rate_limit (bucket, due_at) VALUES ($1, $2::timestamptz + $3::interval)
                ON CONFLICT (bucket) DO UPDATE
               SET due_at = greatest(rate_limit.due_at, $2) + $3
             WHERE greatest(rate_limit.due_at, $2) + $3 <= $2 + $4::interval
         RETURNING due_at
            """,
            bucket,
            now,
            limit.each,
            limit.within,
        )
        if due_at is not None:
            return
        used_up = await conn.fetchval("SELECT due_at FROM rate_limit WHERE bucket = $1", bucket)
    free_at = (used_up or now) + limit.each - limit.within
    raise TooMany(retry_after=max(1, ceil((free_at - now).total_seconds())))


async def count_by_address(scope: Scope, limit: Limit, now: datetime) -> None:
    """Count a request by where it comes from; one from our own machines is not counted."""
    runtime: Runtime = scope["app"].state.runtime
    if (where := caller_address(scope, runtime.settings.trusted_proxies)) is not None:
        await count(runtime, limit, where, now)


async def count_about(scope: Scope, limit: Limit, about: str, now: datetime) -> None:
    """Count a request by what it is about, such as whom it would write to; ours are not counted."""
    runtime: Runtime = scope["app"].state.runtime
    if caller_address(scope, runtime.settings.trusted_proxies) is not None:
        await count(runtime, limit, about, now)


def caller_address(scope: Scope, trusted: str) -> str | None:
    """Where a request comes from; None when it comes from ourselves.

    A machine that is trusted (a load balancer, the portal) says for whom it asks in the last
    entry of X-Forwarded-For that it did not add for another such machine. Nobody else is heard.
    """
    near = scope.get("client")
    said = tuple(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    return _found(near[0] if near else "127.0.0.1", said, trusted)


# Most requests come from one of few machines, and taking an address apart takes its time.
@lru_cache(maxsize=256)
def _found(near: str, forwarded: tuple[bytes, ...], trusted: str) -> str | None:
    said = [part.strip() for value in forwarded for part in value.decode("latin-1").split(",")]
    for text in reversed([*said, near]):
        try:
            found = ip_address(text)
        except ValueError:
            return None
        if not any(found in network for network in _networks(trusted)):
            return str(ip_network((found, HOME), strict=False)) if found.version != 4 else text  # noqa: PLR2004
    return None


@lru_cache(maxsize=8)
def _networks(trusted: str) -> Iterable[IPv4Network | IPv6Network]:
    return tuple(ip_network(one.strip()) for one in trusted.split(",") if one.strip())


async def forget_counts(conn: Conn, now: datetime) -> int:
    """Forget counts that say nothing any more; how many."""
    done: str = await conn.execute("DELETE FROM rate_limit WHERE due_at < $1", now - KEPT_FOR)
    return int(done.rsplit(maxsplit=1)[-1])
