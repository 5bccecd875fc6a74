"""The platform's own programs: what each is started with, and what it may know."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from pdu_local.children import Child
from pdu_local.failure import USAGE, Failure, run_or_fail
from pdu_local.keys import Keys
from pdu_local.paths import ROOT, State
from pdu_shared.platform import SERVICES

PORTAL = "portal"
POSTBOX = "postbox"
ABOUT_MAIL = ("PDU_SMTP_", "PDU_MAIL_", "PDU_BOUNCE_", "PDU_NOTIFY_", "PDU_DKIM_")
EVERYTHING = (*SERVICES, PORTAL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run's servers and ports are, and where its secrets lie.

    The two URLs name server and port; each program gets its own user and database.
    """

    state: State
    ports: Mapping[str, int]
    database_url: str
    amqp_url: str
    demo: bool = False

    def url(self, name: str) -> str:
        """Where this program answers over HTTP."""
        return f"http://127.0.0.1:{self.ports[name]}"


def chosen(only: str | None) -> tuple[str, ...]:
    """The programs to run: all of them, or those named, in our order."""
    if not only:
        return EVERYTHING
    names = {name.strip() for name in only.split(",") if name.strip()}
    if unknown := sorted(names - set(EVERYTHING)):
        known = ", ".join(EVERYTHING)
        raise Failure(
            f"There is no service called {', '.join(unknown)}.", f"Say {known}.", code=USAGE
        )
    return tuple(name for name in EVERYTHING if name in names)


def service(name: str, place: Place) -> Child:
    """A service with its daily rights."""
    environment = _environment(place, name)
    return _program(name, [f"pdu_{name}"], environment, place)


def migration(name: str, place: Place) -> Child:
    """The same service as the owner of its database and queue, for its migrate step."""
    environment = _environment(place, name, owner=True)
    return _program(f"{name}-migrate", [f"pdu_{name}", "migrate"], environment, place)


def errand(name: str, words: Sequence[str], place: Place) -> str:
    """What a service's own command says, such as `parked list`."""
    command = [sys.executable, "-P", "-m", f"pdu_{name}", *words]
    environment = _environment(place, name)
    return run_or_fail(command, f"{name} could not do this:", env=environment, cwd=ROOT)


def errand_with(name: str, words: Sequence[str], said: str, place: Place) -> str:
    """The same, for what reads something from standard input."""
    command = [sys.executable, "-P", "-m", f"pdu_{name}", *words]
    environment = _environment(place, name)
    return run_or_fail(command, f"{name} could not do this:", env=environment, cwd=ROOT, input=said)


def finding(name: str, words: Sequence[str], place: Place) -> str:
    """What a service's own command found out; exit code 1 is one of the things to be found."""
    command = [sys.executable, "-P", "-m", f"pdu_{name}", *words]
    environment = _environment(place, name)
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise Failure(f"{name} could not do this:", done.stderr)
    return done.stdout


def owner_errand(name: str, words: Sequence[str], place: Place) -> int:
    """A service's own command with the owner's rights, talking on this terminal; its exit code."""
    command = [sys.executable, "-P", "-m", f"pdu_{name}", *words]
    environment = _environment(place, name, owner=True)
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def mail_errand(words: Sequence[str], place: Place) -> int:
    """A command about mail, with the settings of mail that are set on this terminal."""
    ours = _environment(place, "notifications", owner=True)
    theirs = {name: value for name, value in os.environ.items() if name.startswith(ABOUT_MAIL)}
    command = [sys.executable, "-P", "-m", "pdu_notifications", *words]
    return subprocess.run(command, env={**ours, **theirs}, cwd=ROOT, check=False).returncode


def postbox(place: Place) -> Child:
    """The development post box: SMTP in, a page out."""
    words = [
        "pdu_local.postbox",
        *("--folder", str(place.state.mail)),
        *("--smtp-port", str(place.ports["smtp"])),
        *("--http-port", str(place.ports[POSTBOX])),
    ]
    return _program(POSTBOX, words, _bare(), place)


def _program(name: str, words: Sequence[str], env: Mapping[str, str], place: Place) -> Child:
    command = [sys.executable, "-P", "-m", *words]
    log = place.state.logs / f"{name}.log"
    return Child(name=name, command=command, log=log, env=env, folder=ROOT)


def _environment(place: Place, name: str, *, owner: bool = False) -> dict[str, str]:
    environment = _bare() | {
        "PDU_ENV": "development",
        "PDU_HTTP_HOST": "127.0.0.1",
        "PDU_HTTP_PORT": str(place.ports[name]),
        "PDU_PORTAL_URL": place.url(PORTAL),
        "PDU_QUIET_HOURS": "",  # who tries it in the evening wants to see every letter
    }
    if name == PORTAL:
        return environment | _neighbours(place) | _files_of_portal(place)
    prefix, role, user = ("owner_", "owner", f"{name}_owner") if owner else ("", "app", name)
    keys = Keys(place.state.secrets)
    environment |= {
        "PDU_DATABASE_URL": _with_user(place.database_url, f"{name}_{role}", f"pdu_{name}"),
        "PDU_AMQP_URL": _with_user(place.amqp_url, user, "pdu"),
        "PDU_SMTP_URL": f"smtp+plain://127.0.0.1:{place.ports['smtp']}",
        "PDU_MAIL_FROM": "pdu@example.org",
        "PDU_POST_BOX": str(place.state.mail),
        "PDU_FILES_URL": f"file:{place.state.files}",
        "PDU_PUBLIC_URL": place.url(name),
    }
    files = {
        "PDU_DATABASE_PASSWORD_FILE": f"{prefix}database_password",
        "PDU_AMQP_PASSWORD_FILE": f"{prefix}amqp_password",
        "PDU_JWKS_FILE": "jwks.json",
        "PDU_PERSON_KEY_FILE": "person_key",
        "PDU_SEALING_KEYS_FILE": "sealing_keys.json",
        "PDU_LINK_KEY_FILE": "link_key",
        "PDU_BADGE_KEYS_FILE": "badge_keys.json",
        "PDU_FACTOR_KEY_FILE": "factor_key",
        "PDU_ISSUER_KEYS_FILE": "issuer_keys.json",
        "PDU_PORTAL_CLIENT_SECRET_FILE": "portal_client_secret",
    }
    held = {variable: keys.file(name, file) for variable, file in files.items()}
    return environment | {variable: str(file) for variable, file in held.items() if file.exists()}


def _files_of_portal(place: Place) -> dict[str, str]:
    keys = Keys(place.state.secrets)
    files = {
        "PDU_REPORTING_TOKEN_FILE": "reporting_token",
        "PDU_COOKIE_KEY_FILE": "cookie_key",
        "PDU_CLIENT_SECRET_FILE": "portal_client_secret",
    }
    return {variable: str(keys.file(PORTAL, file)) for variable, file in files.items()}


def _neighbours(place: Place) -> dict[str, str]:
    addresses = {f"PDU_{name.upper()}_URL": place.url(name) for name in (*SERVICES, POSTBOX)}
    return addresses | ({"PDU_DEMO": "1"} if place.demo else {})


def _bare() -> dict[str, str]:
    # An administrator's addresses and our own switches are not for the services.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PDU_")}
    return kept | {"PYTHONUNBUFFERED": "1"}


def _with_user(url: str, user: str, path: str) -> str:
    nodes = (urlsplit(node.strip()) for node in url.split(","))
    return ",".join(
        urlunsplit(
            node._replace(netloc=f"{user}@{node.netloc.rpartition('@')[2]}", path=f"/{path}")
        )
        for node in nodes
    )
