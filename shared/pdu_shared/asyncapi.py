"""What a service tells and hears, described as AsyncAPI 3."""

from collections.abc import Iterable, Mapping
from typing import Any

from pdu_shared import VERSION
from pdu_shared.bus import inbox_queue
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.message import COMMANDS_EXCHANGE, CONTENT_TYPE, Message, schema


def describe(
    service: str, heard: Iterable[type[Message]], *, everything: bool = False
) -> dict[str, Any]:
    """The AsyncAPI document of a service: one channel and one operation for each message."""
    told = [message for message in MESSAGES.values() if message.service() == service]
    unsealed = [message for message in MESSAGES.values() if not message.sealed_for]
    listens = sorted(unsealed if everything else set(heard), key=Message.routing_key.__func__)  # type: ignore[attr-defined]
    every = {message.routing_key(): message for message in [*told, *listens]}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"pdu-{service}", "version": VERSION},
        "defaultContentType": CONTENT_TYPE,
        "channels": {key: _channel(message) for key, message in sorted(every.items())},
        "operations": {
            **{f"send.{one.routing_key()}": _operation("send", one) for one in told},
            **{f"receive.{one.routing_key()}": _operation("receive", one) for one in listens},
        },
        "components": {
            "messages": {
                key: {
                    "name": f"pdu.{key}",
                    "summary": (message.__doc__ or "").strip().splitlines()[0],
                    "contentType": CONTENT_TYPE,
                    "x-public": message.public,
                    **({"x-sealed-for": message.sealed_for} if message.sealed_for else {}),
                    "payload": _envelope(message),
                }
                for key, message in sorted(every.items())
            }
        },
        "x-inbox": inbox_queue(service),
    }


def add_commands(
    document: dict[str, Any], service: str, over_bus: Mapping[str, str], openapi: dict[str, Any]
) -> None:
    """Describe, beside the messages, the routes that may be asked for over the bus.

    What is inside the sealed `data` is what OpenAPI says of the route: its path and its body.
    """
    schemas = openapi["components"]["schemas"]
    used: dict[str, Any] = {}
    for name, route in sorted(over_bus.items()):
        method, _, path = route.partition(" ")
        operation = openapi["paths"][path][method.lower()]
        inside = _inside(operation)
        _collect(inside, schemas, used)
        key = f"{service}.{name}"
        document["channels"][key] = {
            "address": key,
            "messages": {name: {"$ref": f"#/components/messages/{key}"}},
            "bindings": {
                "amqp": {
                    "is": "routingKey",
                    "exchange": {"name": COMMANDS_EXCHANGE, "type": "topic", "durable": True},
                }
            },
        }
        document["operations"][f"receive.{key}"] = {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{key}"},
            "summary": f"The same as {route}.",
        }
        document["components"]["messages"][key] = {
            "name": f"pdu.{key}",
            "summary": operation.get("description", "").strip(),
            "contentType": CONTENT_TYPE,
            "x-sealed-for": service,
            "headers": {"type": "object", "properties": {"authorization": {"type": "string"}}},
            "payload": _command(key, inside),
        }
    document["components"]["schemas"] = used


def _inside(operation: Mapping[str, Any]) -> dict[str, Any]:
    path = [one for one in operation.get("parameters", ()) if one["in"] == "path"]
    inside: dict[str, Any] = {}
    if path:
        inside["path"] = {
            "type": "object",
            "required": [one["name"] for one in path],
            "properties": {one["name"]: one["schema"] for one in path},
        }
    if "requestBody" in operation:
        inside["body"] = operation["requestBody"]["content"]["application/json"]["schema"]
    return {"type": "object", "required": list(inside), "properties": inside}


def _collect(schema: object, schemas: Mapping[str, Any], used: dict[str, Any]) -> None:
    """Every schema that this one refers to, and those that they do."""
    match schema:
        case {"$ref": str(pointer)}:
            name = pointer.rpartition("/")[2]
            if name not in used:
                used[name] = schemas[name]
                _collect(schemas[name], schemas, used)
        case dict():
            for inner in schema.values():
                _collect(inner, schemas, used)
        case list():
            for inner in schema:
                _collect(inner, schemas, used)


def _command(key: str, inside: dict[str, Any]) -> dict[str, Any]:
    uuid, text = {"type": "string", "format": "uuid"}, {"type": "string"}
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": uuid,
            "source": text,
            "type": {"const": f"pdu.{key}"},
            "time": {"type": "string", "format": "date-time"},
            "correlationid": uuid,
            "datacontenttype": {"const": "application/jose"},
            "data": {**text, "contentMediaType": "application/jose", "contentSchema": inside},
        },
    }


def _channel(message: type[Message]) -> dict[str, Any]:
    key = message.routing_key()
    return {
        "address": key,
        "messages": {message.__name__: {"$ref": f"#/components/messages/{key}"}},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": message.exchange(), "type": "topic", "durable": True},
            }
        },
    }


def _operation(action: str, message: type[Message]) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{message.routing_key()}"}}


def _envelope(message: type[Message]) -> dict[str, Any]:
    """The CloudEvent with this message's data; sealed data is a compact JWE."""
    data = {"type": "string"} if message.sealed_for else schema(message)
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid"},
            "source": {"const": f"/{message.service()}"},
            "type": {"const": f"pdu.{message.routing_key()}"},
            "subject": text,
            "time": {"type": "string", "format": "date-time"},
            "recordedtime": {"type": "string", "format": "date-time"},
            "sequence": {"type": "string", "pattern": "^[0-9]{10}$"},
            "correlationid": {"type": "string", "format": "uuid"},
            "causationid": {"type": "string", "format": "uuid"},
            "traceparent": text,
            "origin": {"enum": ["live", "import", "correction"]},
            "data": data,
        },
    }
