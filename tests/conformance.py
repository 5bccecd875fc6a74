"""Asks a service whatever its OpenAPI document allows, and much that it forbids.

A process of its own, `python conformance.py < job.json`, because schemathesis works in threads and
a lost connection of aio-pika that is collected in another thread than its own says so loudly.
"""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from pdu_shared.idempotency import PRINTABLE

KEY = "idempotency-key"
PUBLISHED = {"title", "purpose", "place"}
PARTICULAR = [
    # A draft is there, but nobody sees or books it before it is published.
    *(
        {"include-path": path, "checks": {"ensure_resource_availability": {"enabled": False}}}
        for path in (
            "/learning-events/{learning_event_id}",
            "/learning-events/{learning_event_id}/bookings",
        )
    ),
    # What can be asked of a figure depends on the figure: the answer says what is possible.
    {
        "include-path": "/figures/{name}",
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422"]}},
    },
]


def config(job: dict[str, Any]) -> SchemathesisConfig:
    """All phases and all checks; the same requests each time unless the job has a seed."""
    bearer = job["bearer"]
    return SchemathesisConfig.from_dict(
        {
            "base-url": job["url"],
            "auth": {"openapi": {"bearer": {"bearer": bearer}}} if bearer else {},
            "request-timeout": 20,
            "seed": job["seed"] or 1,
            "suppress-health-check": ["all"],
            "generation": {
                "max-examples": job["examples"],
                "deterministic": job["seed"] is None,
                "database": "none",
                "no-shrink": True,
                "allow-x00": False,  # no text of ours may hold it, and no document says so of each
            },
            "output": {"sanitization": {"enabled": False}},
            "phases": {"stateful": {"max-steps": 4}},
            "operations": PARTICULAR,
        }
    )


@schemathesis.hook("before_call")
def as_no_document_can_say(_context: Any, case: Any, _how: Any) -> None:
    """A good key names one request only; published text holds no address and no telephone."""
    if re.search(PRINTABLE, (case.headers or {}).get(KEY, "")):
        case.headers[KEY] = uuid4().hex
    if case.meta and case.meta.generation.mode.is_positive and isinstance(case.body, dict):
        for part in (case.body, *case.body.get("sessions", ())):
            for name in PUBLISHED & part.keys():
                part[name] = re.sub("[@0-9]", "o", part[name])


def run(job: dict[str, Any]) -> dict[str, Any]:
    """How many requests were made, and what is wrong with the answers."""
    schema = schemathesis.openapi.from_dict(job["document"], config=config(job))
    asked, complaints = 0, []
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                asked += len(event.recorder.interactions)
                complaints += _failures(event.recorder)
            case events.NonFatalError() | events.FatalError():
                complaints.append(repr(event))
    return {"asked": asked, "complaints": complaints}


def _failures(recorder: Any) -> Iterator[str]:
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure, case = check.failure_info.failure, recorder.cases[case_id].value
                answer = recorder.interactions[case_id].response
                told = answer.content[:300] if answer else b"no answer"
                yield f"{check.name}: {case.as_curl_command()}\n  {failure.message}\n  {told!r}"


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
