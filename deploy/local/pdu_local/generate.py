"""Papers that follow from the code: the README's table of messages, OpenAPI, AsyncAPI, schemas."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from pdu_local.failure import Failure
from pdu_local.paths import ROOT
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.message import Message, schema
from pdu_shared.service import Service
from pdu_shared.settings import Settings
from pdu_shared.tokens import new_issuer_key, public_jwks

API = Path("docs/api")
SCHEMAS = Path("docs/schemas")
README = Path("README.md")
BEGIN, END = "<!-- messages -->", "<!-- /messages -->"


def generate(root: Path) -> list[Path]:
    """Write the papers of the checkout at `root`; the paths that changed, deleted ones too."""
    wanted = papers(root)
    changed = drifted(root, wanted)
    for path in changed:
        if path in wanted:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(wanted[path], "utf-8")
        else:
            (root / path).unlink()
    return changed


def drifted(root: Path, wanted: Mapping[Path, str]) -> list[Path]:
    """The papers that are missing, differ from what the code says, or belong to nothing."""
    there = {
        path.relative_to(root)
        for folder in (API, SCHEMAS)
        for path in (root / folder).glob("*.json")
    }
    differing = {path for path, text in wanted.items() if _text(root / path) != text}
    return sorted(differing | (there - wanted.keys()))


def papers(root: Path) -> dict[Path, str]:
    """What the code says, by the path (below `root`) where it is kept."""
    services = services_of(root)
    found = {SCHEMAS / f"{key}.json": _json(schema(one)) for key, one in MESSAGES.items()}
    for service in services:
        found |= _interfaces(service.name)
    found[README] = with_table(_text(root / README) or "", table(services))
    return found


@cache
def _interfaces(name: str) -> Mapping[Path, str]:
    """What a service answers and tells. It takes seconds, and its code stays as it was loaded."""
    app = _app(import_module(f"pdu_{name}.app").service)
    return {
        API / f"{name}.openapi.json": _json(app.openapi()),
        API / f"{name}.asyncapi.json": _json(app.state.asyncapi()),
    }


def services_of(root: Path) -> list[Service]:
    """The services of a checkout, by name."""
    tables = sorted((root / "services").glob("*/pdu_*/app.py"))
    modules = [import_module(f"{path.parent.name}.app") for path in tables]
    found = [getattr(module, "service", None) for module in modules]
    return [service for service in found if isinstance(service, Service)]


def table(services: Iterable[Service]) -> str:
    """Message, publisher and listeners, as a table in Markdown."""
    known = list(services)
    lines = [
        "| message | tells that | told by | heard by | reach |",
        "|---|---|---|---|---|",
    ]
    for message in sorted(MESSAGES.values(), key=lambda one: (one.service(), one.__name__)):
        listeners = ", ".join(one.name for one in known if _hears(one, message)) or "nobody"
        sentence = (message.__doc__ or "").strip().splitlines()[0].rstrip(".")
        lines.append(
            f"| `{message.__name__}` | {sentence} | {message.service()} | {listeners}"
            f" | {_reach(message)} |"
        )
    return "\n".join(lines)


def with_table(readme: str, rows: str) -> str:
    """The README with these rows between its marks; Failure when it has none."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise Failure("README.md has no place for the messages.", f"Put {BEGIN} and {END} into it.")
    return f"{before}{BEGIN}\n{rows}\n{END}{after}"


def main() -> None:
    """Write the papers of this checkout and say which changed."""
    changed = generate(ROOT)
    for path in changed:
        print(path)
    print(f"{len(changed)} papers changed." if changed else "Every paper is up to date.")


def _reach(message: type[Message]) -> str:
    if message.sealed_for:
        return "sealed"
    return "public" if message.public else "internal"


def _hears(service: Service, message: type[Message]) -> bool:
    if service.takes_everything is not None:
        return message.sealed_for is None
    return message in service.heard


def _app(service: Service) -> FastAPI:
    # The app wants the issuer's public keys; for a description any will do.
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "jwks.json"
        keys.write_text(json.dumps(public_jwks(new_issuer_key())))
        return service.app(Settings(jwks_file=keys))


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


if __name__ == "__main__":
    main()
