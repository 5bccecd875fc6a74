"""A strict reader of Open Badges 3.0 credentials as JWT: what the specification asks of them."""

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from joserfc import jws
from joserfc.jwk import JWKRegistry
from jsonschema_rs import Draft202012Validator

URI = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:\S+$"}
TEXT = {"type": "string", "minLength": 1}
PROFILE = {
    "type": "object",
    "required": ["id", "type"],
    "properties": {
        "id": URI,
        "type": {"type": "array", "contains": {"const": "Profile"}},
        "name": TEXT,
        "url": URI,
    },
}
ACHIEVEMENT = {
    "type": "object",
    "required": ["id", "type", "criteria", "description", "name"],
    "properties": {
        "id": URI,
        "type": {"type": "array", "contains": {"const": "Achievement"}},
        "achievementType": {
            "anyOf": [
                {"enum": ["Badge", "Certificate", "Course", "LearningProgram", "MicroCredential"]},
                {"type": "string", "pattern": "^ext:"},
            ]
        },
        "criteria": {
            "type": "object",
            "anyOf": [{"required": ["id"]}, {"required": ["narrative"]}],
            "properties": {"id": URI, "narrative": TEXT},
        },
        "description": TEXT,
        "name": TEXT,
    },
}
IDENTITY = {
    "type": "object",
    "required": ["type", "hashed", "identityHash", "identityType"],
    "properties": {
        "type": {"const": "IdentityObject"},
        "hashed": {"type": "boolean"},
        "identityHash": {"type": "string", "pattern": r"^sha256\$[0-9a-f]{64}$"},
        "identityType": {"enum": ["emailAddress", "name", "systemId", "identifier"]},
        "salt": TEXT,
    },
}
CREDENTIAL = {
    "type": "object",
    "required": ["@context", "id", "type", "credentialSubject", "issuer", "validFrom"],
    "properties": {
        "@context": {
            "type": "array",
            "minItems": 2,
            "prefixItems": [
                {"const": "https://www.w3.org/ns/credentials/v2"},
                {"pattern": r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context-3\.0\.\d\.json$"},
            ],
        },
        "id": URI,
        "type": {
            "type": "array",
            "allOf": [
                {"contains": {"const": "VerifiableCredential"}},
                {"contains": {"enum": ["OpenBadgeCredential", "AchievementCredential"]}},
            ],
        },
        "name": TEXT,
        "issuer": {"anyOf": [URI, PROFILE]},
        "validFrom": {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$",
        },
        "credentialSubject": {
            "type": "object",
            "required": ["type", "achievement"],
            "anyOf": [{"required": ["id"]}, {"required": ["identifier"]}],
            "properties": {
                "id": URI,
                "type": {"type": "array", "contains": {"const": "AchievementSubject"}},
                "identifier": {"type": "array", "items": IDENTITY},
                "achievement": ACHIEVEMENT,
            },
        },
    },
}
_VALIDATOR = Draft202012Validator(CREDENTIAL)


def complaints(document: dict[str, Any]) -> list[str]:
    """What is wrong with a credential."""
    return [error.message for error in _VALIDATOR.iter_errors(document)]


def opened(token: str, keys: dict[str, Any]) -> dict[str, Any]:
    """The credential in a JWT, verified with these public keys. AssertionError if it is unfit."""
    [key] = [one for one in keys["keys"] if one["kid"] == kid_of(token)]
    assert not {"d", "k"} & key.keys(), "a private key was published"
    found = jws.deserialize_compact(token, JWKRegistry.import_key(key), algorithms=["ES256"])
    told: dict[str, Any] = json.loads(found.payload)
    assert told["iss"] == told["issuer"]["id"]
    assert told["jti"] == told["id"]
    assert told["sub"] == told["credentialSubject"]["id"]
    assert told["nbf"] == int(datetime.fromisoformat(told["validFrom"]).timestamp())
    assert found.headers()["alg"] in {"ES256", "RS256", "Ed25519"}
    claims = {"iss", "jti", "sub", "nbf", "iat", "exp"}
    document = {name: value for name, value in told.items() if name not in claims}
    assert not complaints(document), complaints(document)
    return document


def kid_of(token: str) -> str:
    """The id of the key, at the end of the address at which it is."""
    header = jws.extract_compact(token.encode()).headers()
    assert "jwk" not in header, "who signs does not say with which key to verify"
    assert urlsplit(header["kid"]).scheme in {"http", "https"}
    return re.sub(r".*/", "", header["kid"])
