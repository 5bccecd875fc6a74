"""What can be seen of a running service: its numbers, and the traces that pass through it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from opentelemetry import context, trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    exposition,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send

disable_created_metrics()  # type: ignore[no-untyped-call]

# Services register their own numbers here too, such as pdu_bookings_total.
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

OUTBOX_UNPUBLISHED = Gauge(
    "pdu_outbox_unpublished", "Messages written but not yet published.", registry=REGISTRY
)
OUTBOX_OLDEST = Gauge(
    "pdu_outbox_oldest_seconds", "Age of the oldest unpublished message.", registry=REGISTRY
)
RELAY_PUBLISHED = Counter(
    "pdu_relay_published", "Messages that the broker has confirmed.", registry=REGISTRY
)
INBOX_PARKED = Gauge(
    "pdu_inbox_parked", "Messages set aside with a reason, for a person.", registry=REGISTRY
)
INBOX_PASSED_OVER = Counter(
    "pdu_inbox_passed_over",
    "Deliveries acknowledged without effect: duplicate, stale, or not for this service.",
    ["why"],
    registry=REGISTRY,
)
CONSUMER_LAG = Gauge(
    "pdu_consumer_lag_seconds", "From commit to handling, of the last message.", registry=REGISTRY
)
HTTP_SECONDS = Histogram(
    "pdu_http_request_seconds",
    "Time until an answer begins.",
    ["method", "route", "status"],
    registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
)
METRICS_TYPE = exposition.CONTENT_TYPE_PLAIN_0_0_4
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
UNMATCHED = "unmatched"

# What ties together all that follows from one request or message.
CORRELATION_ID: ContextVar[str | None] = ContextVar("correlation_id", default=None)
_PROPAGATOR = TraceContextTextMapPropagator()


def metrics() -> bytes:
    """All numbers in the text format of Prometheus; its media type is METRICS_TYPE."""
    return exposition.generate_latest(REGISTRY)


def current_traceparent() -> str | None:
    """The W3C traceparent of what runs now, or None when nobody traces it."""
    if not trace.get_current_span().get_span_context().is_valid:
        return None
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def continuing(traceparent: str | None) -> Iterator[None]:
    """Make what runs inside a part of this trace; anything that is no traceparent is ignored."""
    if traceparent is None:
        yield
        return
    token = context.attach(_PROPAGATOR.extract({"traceparent": traceparent}))
    try:
        yield
    finally:
        context.detach(token)


@contextmanager
def span(name: str) -> Iterator[None]:
    """A step of the present trace; costs next to nothing until OpenTelemetry is configured."""
    with trace.get_tracer("pdu").start_as_current_span(name):
        yield


class Measured:
    """ASGI middleware: times every request by its route, and goes on with the caller's trace."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and observe how long its answer took to begin."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()

        async def observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _observe(scope, message["status"], time.perf_counter() - begun)
            await send(message)

        traceparent = _traceparent(scope)
        if traceparent is None:
            await self.app(scope, receive, observed)
            return
        with continuing(traceparent):
            await self.app(scope, receive, observed)


def _observe(scope: Scope, status: int, seconds: float) -> None:
    # The template of the route, never the path: paths hold ids, and tokens of manage links.
    route = getattr(scope.get("route"), "path", UNMATCHED)
    method = scope["method"] if scope["method"] in METHODS else "other"
    _seconds_of(method, route, status).observe(seconds)


@lru_cache(maxsize=1024)
def _seconds_of(method: str, route: str, status: int) -> Histogram:
    # The library makes words of all three and takes a lock before it finds what it has.
    return HTTP_SECONDS.labels(method, route, str(status))


def _traceparent(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return str(value.decode("latin-1"))
    return None
