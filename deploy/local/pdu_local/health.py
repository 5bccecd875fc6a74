"""What a program says about its own health."""

import json
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

# A proxy of the machine's environment is for the world outside, not for our own ports.
_OPENER = build_opener(ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Health:
    """`ready`, `degraded` or `away`, and why."""

    state: str
    reasons: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Nothing is amiss."""
        return self.state == "ready"


AWAY = Health("away")


def ask(url: str, *, timeout: float = 2) -> Health:
    """The answer of its /readyz."""
    try:
        with _OPENER.open(f"{url}/readyz", timeout=timeout) as answer:
            said = json.load(answer)
    except HTTPError as error:
        return Health("unready", _reasons(error.read()))
    except (OSError, HTTPException, ValueError):
        return AWAY
    if isinstance(said, dict) and said.get("status") == "degraded":
        return Health("degraded", _listed(said))
    return Health("ready")


def _reasons(body: bytes) -> tuple[str, ...]:
    try:
        said = json.loads(body)
    except ValueError:
        return ()
    return _listed(said) if isinstance(said, dict) else ()


def _listed(said: dict[str, object]) -> tuple[str, ...]:
    reasons = said.get("reasons") or said.get("detail") or ()
    return (reasons,) if isinstance(reasons, str) else tuple(map(str, reasons))  # type: ignore[call-overload]
