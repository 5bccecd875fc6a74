"""Asks a service whatever its OpenAPI document allows, and much that it forbids.

A process of its own, `python conformance.py < job.json`, because schemathesis works in threads and
a lost connection of aio-pika that is collected in another thread than its own says so loudly.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.generation.meta import TestPhase

from pdu_shared.idempotency import PRINTABLE

KEY = "idempotency-key"
PUBLISHED = {"title", "purpose", "place", "name", "wording", "published_name", "label", "note"}
POSSIBLE = ["2xx", "401", "403", "404", "409", "422"]
PARTICULAR = [
    # A draft is there, but nobody sees or books it before it is published.
    {
        "include-path": "/learning-events/{learning_event_id}/booking-form",
        "checks": {"ensure_resource_availability": {"enabled": False}},
    },
    # Whoever edits it says which version they have seen.
    {
        "include-path": "/learning-events/{learning_event_id}",
        "checks": {
            "ensure_resource_availability": {"enabled": False},
            "positive_data_acceptance": {"expected-statuses": [*POSSIBLE, "412"]},
            "missing_required_header": {"expected-statuses": ["401", "422", "428"]},
        },
    },
    # The same of items of the library; and a file is what its name says, which no document can say.
    *(
        {
            "include-path": path,
            "checks": {
                "positive_data_acceptance": {
                    "expected-statuses": [*POSSIBLE, "400", "412", "415", "428"]
                },
                "missing_required_header": {
                    "expected-statuses": ["400", "401", "415", "422", "428"]
                },
            },
        }
        for path in (
            "/items/{item_key}",
            "/items/{item_key}/publication",
            "/items/{item_key}/review",
            "/items/{item_key}/archive",
            "/items/{item_key}/files/{name}",
            "/collections/{collection_key}",
        )
    ),
    # Profiles, organisations and the instance are edited by whoever says which version they saw.
    *(
        {
            "include-path": path,
            "checks": {
                "positive_data_acceptance": {"expected-statuses": [*POSSIBLE, "412"]},
                "missing_required_header": {"expected-statuses": ["401", "403", "422", "428"]},
            },
        }
        for path in ("/members/me", "/organisations/{organisation_id}", "/instance")
    ),
    # A pathway, and an entry of a log, are edited by whoever says which version they have seen.
    *(
        {
            "include-path": path,
            "checks": {
                "ensure_resource_availability": {"enabled": False},
                "positive_data_acceptance": {"expected-statuses": [*POSSIBLE, "412"]},
                "missing_required_header": {"expected-statuses": ["401", "403", "422", "428"]},
            },
        }
        for path in ("/pathways/{pathway_key}", "/reflections/{reflection_id}")
    ),
    # Somebody could have this id, as far as the address of one member is concerned.
    {
        "include-path": "/coordinator/members/search",
        "checks": {
            "allow_header_conformance": {"enabled": False},
            "unsupported_method": {"enabled": False},
        },
    },
    # Nor is it known what an event asks of those who book: its own document says that.
    {
        "include-path": "/learning-events/{learning_event_id}/bookings",
        "checks": {
            "ensure_resource_availability": {"enabled": False},
            "positive_data_acceptance": {"expected-statuses": POSSIBLE},
        },
    },
    # Not every address that has the form of one is on the web.
    {
        "include-path": "/webhooks",
        "checks": {"positive_data_acceptance": {"expected-statuses": POSSIBLE}},
    },
    # So it is wherever somebody edits what others edit too.
    *(
        {
            "include-path": path,
            "checks": {
                "ensure_resource_availability": {"enabled": False},
                "positive_data_acceptance": {"expected-statuses": [*POSSIBLE, "412"]},
                "missing_required_header": {"expected-statuses": ["401", "422", "428"]},
            },
        }
        for path in (
            "/actions/{action_id}/progress",
            "/bulletins/{issue_key}",
            "/bulletins/{issue_key}/state",
            "/commitments/{commitment_id}/promise",
            "/commitments/{commitment_id}/review",
            "/directory/services/{service_id}",
            "/directory/services/{service_id}/review",
            "/plans/{plan_id}",
            "/steering/meetings/{meeting_id}",
            "/steering/meetings/{meeting_id}/attendance",
            "/steering/seats/{seat_id}",
            "/working-groups/{group_id}",
            "/impacts/{impact_id}/coding",
            "/case-studies/{case_study_id}",
            "/strategic-influences/{influence_id}",
        )
    ),
    # What can be asked of a figure depends on the figure, what can be answered to a question on the
    # question, and that on its type; how a learning event is described is bound in many ways: the
    # answer says what is possible.
    {
        "include-path": "/figures/{name}",
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "401", "422"]}},
    },
    *(
        {
            "include-path": path,
            "checks": {"positive_data_acceptance": {"expected-statuses": POSSIBLE}},
        }
        for path in (
            "/claims/{report}",
            "/figures/{name}/messages",
            "/reports/annual",
            "/reports/evidence",
            "/snapshots",
            "/snapshots/{snapshot_id}/compare",
            "/recodings/{code}",
            "/annotations/{code}",
            "/own/preferences",
            "/learning-events/{learning_event_id}/briefing",
            "/bulletins",
            "/settings/{name}",
            "/project-years/{code}",
            "/vocabulary/{scheme}/{code}",
            "/learning-events/{learning_event_id}/materials",
            "/learning-events/{learning_event_id}/eligibility",
            "/learning-events/{learning_event_id}/price",
            "/learning-events/{learning_event_id}/review",
            "/subscriptions",
            "/p/{token}",
            "/sign-in",
            "/sign-in/step",
            "/surveys/{survey_key}/open-links",
            "/surveys/{survey_key}/invitations",
            "/questions",
            "/impacts",
            "/case-studies",
            "/case-studies/{case_study_id}/consent",
            "/quotes",
            "/you-said",
            "/you-said/{item_id}/state",
            "/boundary-partners/{partner}",
            "/strategic-influences",
            "/indicator-reports",
            "/pledges/{code}",
            "/evaluation-activities",
            "/learning-events/{learning_event_id}/outcomes",
            "/members",
            "/persons/rights-requests",
            "/organisations",
            "/organisations/{organisation_id}/merge",
            "/activity",
            "/items",
            "/submissions",
            "/submissions/{item_key}/decision",
            "/workstreams",
            "/workstreams/{code}/retirement",
            "/modules",
            "/pathways",
            "/pathways/{pathway_key}/progress",
            "/reflections",
            "/badge-verifications",
            "/modules/{module_key}/progress",
            "/modules/{module_key}/answers/{question_code}",
            "/communities",
            "/communities/{key}/members",
            "/communities/{key}/invitations",
            "/communities/{key}/rota",
            "/communities/{key}/sessions",
            "/b/{token}",
            "/b/{token}/manager",
            "/bookings/{booking_id}/sessions",
            "/briefing-readers",
            "/modules/{module_key}/reminder",
            "/organisation-follow-ups/{learning_event_id}/{organisation_id}",
            "/persons/{person_id}/contact-way",
            "/n/{token}/acceptance",
            "/learning-events/{learning_event_id}/agreement",
            "/learning-events/{learning_event_id}/bookings/on-behalf",
            "/learning-events/{learning_event_id}/team-bookings",
            "/series/{key}/bookings",
            "/learning-events/{learning_event_id}/booking-questions",
            "/learning-events/{learning_event_id}/held-places",
            "/sessions/{session_id}/capacity",
            "/sessions/{session_id}/keep-apart",
            "/learning-events",
            "/learning-events/{learning_event_id}/copies",
            "/learning-events/{learning_event_id}/publish",
            "/sessions/{session_id}",
            "/templates/{template_id}/learning-events",
            "/series/{key}",
            "/venues",
            "/venues/{venue_id}",
            "/questions",
            "/surveys",
            "/surveys/{survey_key}/responses",
            "/s/{token}/responses",
            "/own/surveys/{invitation_id}/responses",
            "/learning-events/{learning_event_id}/assignments",
            "/speaker-offers/{offer_id}/matches",
            "/topics/{topic_id}/merge",
            "/topics/{topic_id}/decision",
            "/commitments",
            "/commitments/{commitment_id}/topics/{topic_id}",
            "/directory/services",
            "/objectives/{objective_id}/actions",
            "/plans",
            "/programme-periods/{code}",
            "/steering/meetings/{meeting_id}/actions",
            "/steering/seats",
            "/working-groups",
            "/working-groups/{group_id}/actions",
            "/sign-in",
            "/sign-in/step",
        )
    ),
    # What is good at the endpoints of OAuth only a client knows that has been there before; and its
    # errors have the status that RFC 6749 gives them.
    *(
        {
            "include-path": path,
            "checks": {
                "positive_data_acceptance": {"expected-statuses": [*POSSIBLE, "303", "400", "429"]},
                "negative_data_rejection": {"expected-statuses": ["303", "4xx"]},
            },
        }
        for path in (
            "/authorize",
            "/authorize/step",
            "/authorize/outside",
            "/authorize/outside/back",
            "/token",
            "/revoke",
        )
    ),
]


def config(job: dict[str, Any]) -> SchemathesisConfig:
    """All checks; the same requests each time unless the job has a seed.

    What is at the borders of a document is always asked. Requests at random, and steps that follow
    one another, are asked where the job says so: they take longest to think of.
    """
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
            "phases": {
                "fuzzing": {"enabled": job["at_random"]},
                "stateful": {"enabled": job["at_random"] and job["stateful"], "max-steps": 4},
            },
            "operations": PARTICULAR,
        }
    )


@schemathesis.hook("before_call")
def as_no_document_can_say(_context: Any, case: Any, _how: Any) -> None:
    """A good key names one request only; published text holds no address and no telephone."""
    if re.search(PRINTABLE, (case.headers or {}).get(KEY, "")):
        case.headers[KEY] = uuid4().hex
    if case.meta and case.meta.generation.mode.is_positive and isinstance(case.body, dict):
        parts = [case.body, *(case.body.get("sessions") or ())]
        for part in (one for one in parts if isinstance(one, dict)):
            for name in PUBLISHED & part.keys():
                if isinstance(part[name], str):
                    part[name] = re.sub("[@0-9]", "o", part[name])


@schemathesis.serializer("application/x-ndjson")
def lines(_context: Any, value: Any) -> bytes:
    """Records as lines, whatever they hold."""
    return str(value).encode(errors="surrogatepass")


@schemathesis.serializer("application/zip")
def archive(_context: Any, value: Any) -> bytes:
    """Something that is hardly ever an archive."""
    return str(value).encode(errors="surrogatepass")


def one_of_each() -> Callable[[Any, Any], bool]:
    """Lets through each operation with each kind of value, and with each parameter, once.

    All kinds for all parameters are some fifty requests for each operation.
    """
    seen: set[tuple[str, ...]] = set()

    def filter_case(_context: Any, case: Any) -> bool:
        if case.meta.phase.name is not TestPhase.COVERAGE:
            return True
        about, operation = case.meta.phase.data, case.operation.label
        kinds = {
            (operation, "kind", str(about.scenario)),
            (operation, "parameter", str(about.parameter_location), str(about.parameter)),
        }
        new = kinds - seen
        seen.update(kinds)
        return bool(new)

    return filter_case


def run(job: dict[str, Any]) -> dict[str, Any]:
    """How many requests were made, and what is wrong with the answers."""
    if not job["every_kind_everywhere"]:
        schemathesis.hook(one_of_each())
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
