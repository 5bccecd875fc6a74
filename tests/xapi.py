"""A strict reader of xAPI 1.0.3 statements, as part two of the specification demands."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

IRI = re.compile(r"^[a-z][a-z0-9+.-]*:\S+$")
LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")
STATEMENT = {
    "id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority",
    "version", "attachments",
}  # fmt: skip
DEFINITION = {
    "name", "description", "type", "moreInfo", "interactionType", "correctResponsesPattern",
    "choices", "scale", "source", "target", "steps", "extensions",
}  # fmt: skip
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
IDENTIFIERS = {"mbox", "mbox_sha1sum", "openid", "account"}


def complaints(statement: dict[str, Any]) -> list[str]:
    """What a record store would refuse it for."""
    found = [f"unknown {name}" for name in statement.keys() - STATEMENT]
    found += [f"missing {name}" for name in {"actor", "verb", "object"} - statement.keys()]
    if found:
        return found
    found += _empty(statement, "statement")
    found += _actor(statement["actor"]) + _verb(statement["verb"]) + _object(statement["object"])
    if "result" in statement:
        found += [f"unknown result {name}" for name in statement["result"].keys() - RESULT]
        if not isinstance(statement["result"].get("completion", True), bool):
            found.append("completion is no boolean")
    if "id" in statement and str(UUID(statement["id"])) != statement["id"]:
        found.append("id is no UUID")
    if "timestamp" in statement:
        at = datetime.fromisoformat(statement["timestamp"])
        if at.tzinfo is None or statement["timestamp"].endswith("-00:00"):
            found.append("timestamp without an offset")
    if not re.fullmatch(r"1\.0(\.\d+)?", statement.get("version", "1.0.3")):
        found.append("version")
    return found


def _empty(value: Any, where: str) -> list[str]:
    """Nothing in a statement is null or empty (2.2)."""
    if value is None or value in ("", {}):
        return [f"{where} is empty"]
    if isinstance(value, dict):
        return [one for name, inner in value.items() for one in _empty(inner, f"{where}.{name}")]
    return []


def _actor(actor: dict[str, Any]) -> list[str]:
    found = [f"unknown actor {n}" for n in actor.keys() - IDENTIFIERS - {"objectType", "name"}]
    if actor.get("objectType", "Agent") != "Agent":
        found.append("actor is no agent")
    if len(IDENTIFIERS & actor.keys()) != 1:
        found.append("an agent has exactly one identifier")
    if account := actor.get("account"):
        if account.keys() != {"homePage", "name"}:
            found.append("an account has a home page and a name")
        elif not IRI.match(account["homePage"]):
            found.append("home page is no IRL")
    return found


def _verb(verb: dict[str, Any]) -> list[str]:
    found = [f"unknown verb {name}" for name in verb.keys() - {"id", "display"}]
    if not IRI.match(verb.get("id", "")):
        found.append("verb is no IRI")
    return found + _language_map(verb.get("display", {}))


def _object(told: dict[str, Any]) -> list[str]:
    found = [f"unknown object {n}" for n in told.keys() - {"objectType", "id", "definition"}]
    if told.get("objectType", "Activity") != "Activity":
        found.append("object is no activity")
    if not IRI.match(told.get("id", "")):
        found.append("object is no IRI")
    definition = told.get("definition", {})
    found += [f"unknown definition {name}" for name in definition.keys() - DEFINITION]
    if not IRI.match(definition.get("type", "x:y")):
        found.append("type is no IRI")
    return found + _language_map(definition.get("name", {}))


def _language_map(told: dict[str, str]) -> list[str]:
    return [f"no language: {tag}" for tag in told if not LANGUAGE.match(tag)]
