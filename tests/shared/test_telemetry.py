"""The numbers carry the published names, and a trace goes on through us."""

import httpx
import pytest
from fastapi import FastAPI
from opentelemetry import trace
from prometheus_client.parser import text_string_to_metric_families

from pdu_shared import telemetry
from pdu_shared.telemetry import Measured, continuing, current_traceparent, span

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

app = FastAPI()
app.add_middleware(Measured)


@app.get("/b/{token}")
async def _manage(token: str) -> dict[str, str | None]:
    assert token
    return {"traceparent": current_traceparent()}


@pytest.fixture
async def client():
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://bookings.example.org"
    ) as one:
        yield one


def counted(**labels):
    return telemetry.REGISTRY.get_sample_value("pdu_http_request_seconds_count", labels) or 0


def test_the_published_names_are_there():
    page = telemetry.metrics().decode()
    names = {
        sample.name for family in text_string_to_metric_families(page) for sample in family.samples
    }
    assert names >= {
        "pdu_outbox_unpublished",
        "pdu_outbox_oldest_seconds",
        "pdu_relay_published_total",
        "pdu_inbox_parked",
        "pdu_consumer_lag_seconds",
        "process_resident_memory_bytes",
    }


async def test_a_request_is_counted_by_its_route_and_never_by_its_path(client):
    labels = {"method": "GET", "route": "/b/{token}", "status": "200"}
    before = counted(**labels)
    await client.get("/b/very-secret")
    assert counted(**labels) == before + 1
    assert b"very-secret" not in telemetry.metrics()


async def test_what_matches_no_route_is_counted_together(client):
    labels = {"method": "other", "route": "unmatched", "status": "404"}
    before = counted(**labels)
    await client.request("BREW", "/tea")
    await client.request("STIR", "/coffee")
    assert counted(**labels) == before + 2


async def test_a_request_goes_on_with_the_callers_trace(client):
    answer = await client.get("/b/1", headers={"traceparent": TRACE})
    assert answer.json() == {"traceparent": TRACE}


@pytest.mark.parametrize("header", [None, "", "nonsense", "00-0-0-00", TRACE + "-extra", "\u00e9"])
async def test_a_request_without_a_trace_has_none(client, header):
    headers = {} if header is None else {"traceparent": header.encode()}
    assert (await client.get("/b/1", headers=headers)).json() == {"traceparent": None}


def test_a_trace_ends_with_the_work_it_belongs_to():
    with continuing(TRACE), span("book"):
        assert current_traceparent() == TRACE
    assert current_traceparent() is None
    with continuing(None):
        assert current_traceparent() is None


def test_nothing_is_recorded_until_tracing_is_configured():
    with span("book"):
        assert not trace.get_current_span().is_recording()
