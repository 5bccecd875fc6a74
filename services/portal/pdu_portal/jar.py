"""The cookies of those who sign in: sealed, so that nobody reads or makes one but the portal."""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from time import time
from typing import Any
from uuid import UUID, uuid4

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.requests import cookie_parser
from starlette.responses import Response

from pdu_portal.viewer import Viewer

SEALED = {"alg": "dir", "enc": "A256GCM"}
REGISTRY = jwe.JWERegistry(algorithms=list(SEALED.values()))
LONGEST = 4000
"""What browsers keep in one cookie."""
FORM_LASTS = 2 * 3600


class Jar:
    """Seals what a browser keeps for us, each kind with a key of its own, and the keys of forms.

    Without a `key` it makes one, and everybody signs in again after a restart.
    """

    def __init__(self, key: str | None, *, secure: bool) -> None:
        self._key = (key or secrets.token_urlsafe(32)).encode()
        self._secure = secure
        # Browsers take a __Host- cookie over TLS only, and from this very host.
        prefix = "__Host-" if secure else ""
        self.viewer_cookie, self.journey_cookie = f"{prefix}pdu", f"{prefix}pdu-signing-in"

    def viewer(self, header: str) -> Viewer | None:
        """The viewer in the header of a request, if there is one whose time is not over."""
        said = self._open(self.viewer_cookie, header)
        try:
            viewer = Viewer.kept(said) if said else None
        except (TypeError, KeyError):
            return None
        return viewer if viewer and viewer.until > time() else None

    def journey(self, header: str) -> dict[str, Any]:
        """What was noted when somebody went away to sign in; nothing when they did not."""
        return self._open(self.journey_cookie, header) or {}

    def keep(self, answer: Response, viewer: Viewer) -> None:
        """Let the browser keep the viewer until their time is over."""
        self._put(answer, self.viewer_cookie, viewer.as_kept(), int(viewer.until - time()))

    def keep_journey(self, answer: Response, said: Mapping[str, Any], lasting: int) -> None:
        """Let the browser keep what is needed when it comes back."""
        self._put(answer, self.journey_cookie, said, lasting)

    def forget(self, answer: Response) -> None:
        """Let the browser forget everything."""
        for name in (self.viewer_cookie, self.journey_cookie):
            answer.delete_cookie(name, secure=self._secure, httponly=True, samesite="lax")

    def forget_journey(self, answer: Response) -> None:
        """Let the browser forget that it went to sign in."""
        answer.delete_cookie(
            self.journey_cookie, secure=self._secure, httponly=True, samesite="lax"
        )

    def form_key(self, viewer: Viewer) -> str:
        """A key for a form of this viewer: good once, for them alone, for two hours."""
        once, at = str(uuid4()), str(int(time()))
        return f"{once}.{at}.{self._mac(viewer, once, at)}"

    def is_good(self, key: str, viewer: Viewer) -> bool:
        """Whether we gave this key to this viewer, not too long ago."""
        once, _, rest = key.partition(".")
        at, _, mac = rest.partition(".")
        try:
            UUID(once)
            fresh = 0 <= time() - int(at) < FORM_LASTS
        except ValueError:
            return False
        return fresh and hmac.compare_digest(mac.encode(), self._mac(viewer, once, at).encode())

    def _mac(self, viewer: Viewer, once: str, at: str) -> str:
        said = f"{viewer.session_id}|{once}|{at}".encode()
        made = hmac.digest(self._derived("form"), said, "sha256")
        return urlsafe_b64encode(made).rstrip(b"=").decode()

    def _derived(self, purpose: str) -> bytes:
        return hashlib.sha256(purpose.encode() + b"\0" + self._key).digest()

    def _put(self, answer: Response, name: str, said: Mapping[str, Any], lasting: int) -> None:
        key = OctKey.import_key(self._derived(name))
        sealed = jwe.encrypt_compact(SEALED, json.dumps(said), key, registry=REGISTRY)
        answer.set_cookie(
            name,
            sealed,
            max_age=lasting,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def _open(self, name: str, header: str) -> dict[str, Any] | None:
        sealed = cookie_parser(header).get(name, "")
        if not sealed or len(sealed) > LONGEST:
            return None
        try:
            key = OctKey.import_key(self._derived(name))
            text = jwe.decrypt_compact(sealed, key, registry=REGISTRY).plaintext
            said = json.loads(text or b"")
        except (JoseError, ValueError, TypeError, KeyError):
            return None
        return said if isinstance(said, dict) else None
