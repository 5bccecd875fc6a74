"""The rules of the code that no linter knows: each function gives what breaks its rule."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import AwareDatetime

from pdu_shared.contracts.message import Code, Message, Part, RoutingKey, Wording

ROOT = Path(__file__).parents[1]
LONGEST_MODULE = 300
PUBLISHING = "shared/pdu_shared/publishing.py"
# These hand ledger rows to the one file that publishes, whose method has the same name.
ASK_TO_PUBLISH = {PUBLISHING, "shared/pdu_shared/relay.py", "shared/pdu_shared/replay.py"}
PLAIN = {UUID, AwareDatetime, date, int, float, bool, Code, RoutingKey, Wording}
PERSONAL = {
    "name", "first_name", "last_name", "surname", "address", "email", "e_mail", "phone", "mobile",
    "telephone", "postcode", "date_of_birth", "age", "gender", "ethnicity", "disability", "needs",
    "diet", "lived_experience", "comment", "notes", "free_text", "token", "ip",
}  # fmt: skip


def modules(root: Path, *folders: str) -> Iterator[tuple[str, str]]:
    """The code below the root: path and text of each module."""
    for folder in folders or ("shared", "services", "deploy"):
        for path in sorted((root / folder).rglob("*.py")):
            yield path.relative_to(root).as_posix(), path.read_text("utf-8")


def foreign_messages(root: Path, messages: Mapping[str, type[Message]]) -> list[str]:
    """Where somebody constructs a message that another service owns."""
    owners = {message.__name__: message.service() for message in messages.values()}
    return [
        f"{path}:{call.lineno} {name}"
        for path, text in modules(root)
        for call, name in _constructions(ast.parse(text))
        if owners.get(name, path.split("/")[1]) != path.split("/")[1]
    ]


def _constructions(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Calls of a name, an attribute, or `X.model_construct`; under the name that X was given."""
    aliases = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        made = node.func
        if isinstance(made, ast.Attribute) and made.attr in {"model_construct", "model_copy"}:
            made = made.value
        if isinstance(made, ast.Name):
            yield node, aliases.get(made.id, made.id)
        elif isinstance(made, ast.Attribute):
            yield node, made.attr


def publishers(root: Path) -> list[str]:
    """Where something is published, or an AMQP message made, beside the one file that may."""
    return [
        f"{path}:{node.lineno}"
        for path, text in modules(root)
        for node in ast.walk(ast.parse(text))
        if (_publishes(node) and path not in ASK_TO_PUBLISH)
        or (_makes_amqp_message(node) and path != PUBLISHING)
    ]


def _publishes(node: ast.AST) -> bool:
    publish = {"publish", "basic_publish", "publish_batch", "publisher"}
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in publish
    )


def _makes_amqp_message(node: ast.AST) -> bool:
    match node:
        case ast.ImportFrom(module=str(module), names=names):
            return module.startswith("aio_pika") and any(one.name == "Message" for one in names)
        case ast.Attribute(value=ast.Name(id="aio_pika"), attr="Message"):
            return True
    return False


def unfit_fields(messages: Iterable[type[Message]]) -> list[str]:
    """Fields of a kind that a message may not have; text is for sealed ones only."""
    return [
        f"{message.__name__}.{field}"
        for message in messages
        for field, kind in _fields(message)
        if not _fit(kind, PLAIN | {str} if message.sealed_for else PLAIN)
    ]


def _fields(message: type[Message | Part]) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(message, include_extras=True)
    yield from ((field, hints[field]) for field in message.model_fields)


def _fit(kind: Any, plain: set[Any]) -> bool:
    if get_origin(kind) in (Union, UnionType):
        return all(_fit(one, plain) for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is tuple:
        inner, *rest = get_args(kind)
        return rest == [...] and _fit(inner, plain)
    if isinstance(kind, type) and issubclass(kind, Part):
        return all(_fit(inner, plain) for _, inner in _fields(kind))
    return kind in plain or (isinstance(kind, type) and issubclass(kind, Enum))


def personal_fields(messages: Iterable[type[Message]]) -> list[str]:
    """Fields of messages in clear whose names speak of personal data."""
    return [
        f"{message.__name__}.{field}"
        for message in messages
        if not message.sealed_for
        for field in message.model_fields
        if field in PERSONAL or any(field.endswith(f"_{word}") for word in PERSONAL - {"name"})
    ]


def missing_samples(folder: Path, messages: Iterable[str]) -> set[str]:
    """Messages without a sample, and samples without a message."""
    return {path.name.removesuffix(".json") for path in folder.glob("*.json")} ^ set(messages)


def unlisted(root: Path) -> list[str]:
    """Letters, projections and figures that are in no list, so that nobody would run them."""
    lists = {
        "services/notifications/pdu_notifications/letters": "LETTERS",
        "services/reporting/pdu_reporting/projections": "PROJECTIONS",
        "services/reporting/pdu_reporting/figures": "FIGURES",
    }
    return [
        path.relative_to(root).as_posix()
        for folder, listing in lists.items()
        for path in sorted((root / folder).glob("[!_]*.py"))
        if path.stem not in _modules_in(root / folder / "__init__.py", listing)
    ]


def _modules_in(path: Path, listing: str) -> set[str]:
    """The modules whose names, or something of theirs, are in the list."""
    tree = ast.parse(path.read_text("utf-8"))
    source = {
        alias.asname or alias.name: (node.module or "").rpartition(".")[2]
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(one, ast.Name) and one.id == listing for one in targets):
            names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            return names | {source[name] for name in names & source.keys()}
    return set()


def long_modules(root: Path) -> list[str]:
    """Modules that serve too many readers."""
    return [
        f"{path}: {len(text.splitlines())} lines"
        for path, text in modules(root)
        if len(text.splitlines()) > LONGEST_MODULE
    ]


def addresses_in_locks(root: Path) -> list[str]:
    """Lock files that name a server: whoever installs chooses where packages come from."""
    return [
        f"{path.relative_to(root)}:{number}"
        for path in sorted(root.glob("**/*.lock"))
        if not {".venv", ".pdu"} & set(path.relative_to(root).parts)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "://" in line
    ]


def without_purpose(root: Path) -> list[str]:
    """Modules that do not open with one sentence saying what they are for."""
    return [
        path
        for path, text in modules(root)
        if not (ast.get_docstring(ast.parse(text)) or "").strip()
    ]
