"""What a front end asks for when it sends somebody here to sign in (RFC 6749 §4.1.1, RFC 7636)."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, StringConstraints

from pdu_resources.identity.client import Client, client_of
from pdu_resources.rules.sign_in import granted, is_challenge
from pdu_shared.database import Conn
from pdu_shared.problems import Fault, Refused

Said = Annotated[str, StringConstraints(max_length=1000)]


class AuthorizationRequest(BaseModel):
    """The words of the request. All are optional here: what is missing is told in OAuth's way."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "response_type": "code",
                    "client_id": "portal",
                    "redirect_uri": "http://127.0.0.1:8000/signed-in",
                    "scope": "openid",
                    "state": "af0ifjsldkj",
                    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                    "code_challenge_method": "S256",
                }
            ]
        }
    )

    response_type: Said | None = None
    client_id: Said | None = None
    redirect_uri: Said | None = None
    scope: Said | None = None
    state: Said | None = None
    nonce: Said | None = None
    code_challenge: Said | None = None
    code_challenge_method: Said | None = None

    def said(self) -> dict[str, Any]:
        """What was said of it, to be said again."""
        return {name: value for name, value in self if value is not None and name in WORDS}


WORDS = frozenset(AuthorizationRequest.model_fields)


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that may be granted, once it is known who is there."""

    client: Client
    redirect_uri: str
    code_challenge: str
    scope: str
    state: str | None
    nonce: str | None


class SentBack(Exception):
    """The front end is at fault, and is told so at its own address."""

    def __init__(self, redirect_uri: str, error: str, state: str | None) -> None:
        super().__init__(error)
        self.redirect_uri, self.error, self.state = redirect_uri, error, state


async def read(conn: Conn, said: AuthorizationRequest) -> Asking:
    """What is asked for.

    Raises Refused when it is not certain where people should come back to: then they are sent
    nowhere. Raises SentBack for any other fault.
    """
    client = await client_of(conn, said.client_id) if said.client_id else None
    if client is None:
        raise Refused(errors=[Fault("/client_id", "unknown-client", "There is no such client.")])
    redirect_uri = said.redirect_uri
    # To the letter: an address that is nearly right is somebody else's.
    if redirect_uri is None or redirect_uri not in client.redirect_uris:
        told = "This address is not registered for the client."
        raise Refused(errors=[Fault("/redirect_uri", "unknown-address", told)])
    if said.response_type != "code":
        raise SentBack(redirect_uri, "unsupported_response_type", said.state)
    challenge = said.code_challenge
    if said.code_challenge_method != "S256" or challenge is None or not is_challenge(challenge):
        raise SentBack(redirect_uri, "invalid_request", said.state)
    scope = granted(said.scope, client.scopes)
    return Asking(client, redirect_uri, challenge, scope, said.state, said.nonce)


def with_query(address: str, /, **said: str | None) -> str:
    """The address with these words added; those that are None are left out."""
    parts = urlsplit(address)
    added = urlencode({name: value for name, value in said.items() if value is not None})
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, added)))))
