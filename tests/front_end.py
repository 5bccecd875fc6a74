"""A small front end, written by somebody who has nothing but the OpenAPI document."""

import copy
import json
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
from jsonschema_rs import Draft202012Validator

JSON = "application/json"
MADE_UP = {"idempotency-key": lambda: uuid4().hex}
"""Headers that the document asks for, and what it says a front end puts there."""


class FrontEnd:
    """Sends what the document describes, and holds each answer against it."""

    def __init__(
        self, http: httpx.AsyncClient, document: dict[str, Any], headers: dict[str, str]
    ) -> None:
        self.http, self.document, self.headers = http, document, headers

    async def __call__(
        self, route: str, changes: dict[str, Any] | None = None, /, **given: str
    ) -> Any:
        """Call a route such as `POST /learning-events`; what it answers.

        A body is the document's own example with `changes`; `given` fills path and query.
        """
        method, _, template = route.partition(" ")
        operation = self.document["paths"][template][method.lower()]
        told = operation.get("parameters", [])
        answer = await self.http.request(
            method,
            template.format(**{name: quote(value, safe="") for name, value in given.items()}),
            params={one["name"]: given[one["name"]] for one in told
                    if one["in"] == "query" and one["name"] in given},
            headers=self.headers | {one["name"]: MADE_UP[one["name"]]() for one in told
                                    if one["in"] == "header" and one["required"]},
            json=self._body(operation, changes or {}),
        )  # fmt: skip
        self._check(route, operation, answer)
        form = answer.headers.get("content-type", "")
        return answer.json() if form.startswith(JSON) else answer.text

    def _body(self, operation: dict[str, Any], changes: dict[str, Any]) -> Any:
        if "requestBody" not in operation:
            return None
        schema = operation["requestBody"]["content"][JSON]["schema"]
        return copy.deepcopy(self._whole(schema)["examples"][0]) | changes

    def _whole(self, schema: dict[str, Any]) -> dict[str, Any]:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.document["components"]["schemas"][name] if name else schema

    def _check(self, route: str, operation: dict[str, Any], answer: httpx.Response) -> None:
        promised = operation["responses"].get(str(answer.status_code))
        assert promised, f"{route} answered {answer.status_code}: {answer.text[:500]}"
        if "content" not in promised:
            assert not answer.content, f"{route} answered more than nothing"
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        schema = promised["content"][media_type].get("schema", {})
        if media_type == JSON:
            whole = {**schema, "components": self.document["components"]}
            faults = [one.message for one in Draft202012Validator(whole).iter_errors(answer.json())]
            assert not faults, f"{route}: {faults} in {json.dumps(answer.json())[:500]}"
