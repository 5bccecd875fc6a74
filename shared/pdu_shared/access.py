"""Who may call which route: one table a service, asked before every one of its routes."""

import copy
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from pdu_shared.limits import Limit, count_by_address
from pdu_shared.problems import Forbidden, Unauthenticated

CALLER = "pdu.caller"  # where the gate leaves the caller in the scope


class Role(StrEnum):
    """What a caller may be; the words of the access tokens."""

    VISITOR = "visitor"
    MEMBER = "member"
    COP_MEMBER = "cop_member"
    COP_CONVENOR = "cop_convenor"
    FACILITATOR_SPEAKER = "facilitator_speaker"
    EXPERT_BY_EXPERIENCE = "expert_by_experience"
    BENEFICIARY_AMBASSADOR = "beneficiary_ambassador"
    ORGANISATION_LEAD = "organisation_lead"
    MANAGER = "manager"
    STEERING_GROUP = "steering_group"
    COMMISSIONER_FUNDER = "commissioner_funder"
    EVALUATOR = "evaluator"
    COORDINATOR = "coordinator"
    DATA_PROTECTION_LEAD = "data_protection_lead"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
    INTEGRATION = "integration"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: `sub` is a person, and None for a machine (which has a client_id) or nobody."""

    sub: UUID | None = None
    client_id: str | None = None
    roles: frozenset[Role] = frozenset()
    organisation_id: UUID | None = None
    scope: frozenset[str] = frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether the caller has one of these roles."""
        return not self.roles.isdisjoint(roles)


NOBODY = Caller(roles=frozenset({Role.VISITOR}))


@dataclass(frozen=True, slots=True)
class Permission:
    """One of the roles, and the scope when one is named; with the role visitor, everybody."""

    roles: frozenset[Role]
    scope: str | None = None

    @property
    def public(self) -> bool:
        """Whether nobody needs to sign in."""
        return Role.VISITOR in self.roles

    def admits(self, caller: Caller) -> bool:
        """Whether this caller may pass."""
        if self.public:
            return True
        return caller.has(*self.roles) and (self.scope is None or self.scope in caller.scope)

    def as_openapi(self) -> dict[str, Any]:
        """The permission as OpenAPI tells it: x-permission and security."""
        told: dict[str, Any] = {"roles": sorted(self.roles)}
        if self.scope:
            told["scope"] = self.scope
        signed_in: dict[str, list[str]] = {"bearer": []}
        security = [{}, signed_in] if self.public else [signed_in]
        return {"x-permission": told, "security": security}


def allow(*roles: Role, scope: str | None = None) -> Permission:
    """The entry of a route that callers with one of these roles may use."""
    return Permission(frozenset(roles), scope)


PUBLIC = allow(Role.VISITOR)


NO_LIMITS: Mapping[str, Limit] = MappingProxyType({})
Verify = Callable[[str, datetime], Caller]  # token and now in, or Unauthenticated
Learn = Callable[[datetime], Awaitable[bool]]  # whether it is worth to verify again


async def _nothing_new(_now: datetime) -> bool:
    return False


class AccessGap(Exception):
    """A route without an entry in the table, or an entry without a route."""


def enforce(  # noqa: PLR0913 - what stands before every route
    app: FastAPI,
    routers: Iterable[APIRouter],
    table: Mapping[str, Permission],
    verify: Verify,
    *,
    learn: Learn = _nothing_new,
    limits: Mapping[str, Limit] = NO_LIMITS,
) -> None:
    """Give the app the routes of these routers, each behind its entry in the table.

    Keys of the table read `POST /learning-events/{learning_event_id}/bookings`. AccessGap when
    table and routes differ: nothing is open by forgetting. Of two routes with one name the first
    answers, so a service may have its own answer where the kernel has one for all. `learn` is asked
    when a token names a key that is not known; `limits` say how often an address may use a route.
    """
    if unknown := limits.keys() - table.keys():
        raise AccessGap(f"Limits without route: {sorted(unknown)}.")
    routes: dict[str, APIRoute] = {}
    for router in routers:
        for name, route in _named(router):
            routes.setdefault(name, route)
    if routes.keys() != table.keys():
        raise AccessGap(
            f"Routes without permission: {sorted(routes.keys() - table.keys())}; "
            f"permissions without route: {sorted(table.keys() - routes.keys())}."
        )
    for name, route in routes.items():
        # Not include_router: it would match every request twice, and cannot be gated.
        app.router.routes.append(
            _gated(route, _Gate(route.app, table[name], verify, learn, limits.get(name)))
        )


async def caller(request: Request) -> Caller:
    """The caller of the present request, as the gate found it."""
    found: Caller = request.scope[CALLER]
    return found


Who = Annotated[Caller, Depends(caller)]


def _named(router: APIRouter) -> Iterable[tuple[str, APIRoute]]:
    for route in router.routes:
        methods = route.methods if isinstance(route, APIRoute) else None
        if not isinstance(route, APIRoute) or not methods or len(methods) != 1:
            raise AccessGap(f"Not a route with one method: {route!r}.")
        yield f"{min(methods)} {route.path}", route


def _gated(route: APIRoute, gate: "_Gate") -> APIRoute:
    # A copy, because a module's router may serve several apps in one process.
    gated = copy.copy(route)
    gated.app = gate
    extra = {**(route.openapi_extra or {}), **gate.permission.as_openapi()}
    if gate.limit:
        told = {"most": gate.limit.most, "seconds": int(gate.limit.within.total_seconds())}
        extra["x-rate-limit"] = told
    gated.openapi_extra = extra
    return gated


@dataclass(frozen=True, slots=True)
class _Gate:
    app: ASGIApp
    permission: Permission
    verify: Verify
    learn: Learn
    limit: Limit | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _bearer(scope)
        found = NOBODY if token is None else await self._behind(token, datetime.now(UTC))
        if not self.permission.admits(found):
            raise Unauthenticated if found is NOBODY else Forbidden
        if self.limit is not None:
            await count_by_address(scope, self.limit, datetime.now(UTC))
        scope[CALLER] = found
        await self.app(scope, receive, send)

    async def _behind(self, token: str, now: datetime) -> Caller:
        try:
            return self.verify(token, now)
        except Unauthenticated as refusal:
            if refusal.reason != "unknown_key" or not await self.learn(now):
                raise
        return self.verify(token, now)


def _bearer(scope: Scope) -> str | None:
    given: list[bytes] = [value for name, value in scope["headers"] if name == b"authorization"]
    if not given:
        return None
    kind, _, token = given[0].decode("latin-1").partition(" ")
    if len(given) > 1 or kind.lower() != "bearer" or not token.strip():
        raise Unauthenticated(reason="malformed")
    return token.strip()
