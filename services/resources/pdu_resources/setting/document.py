"""An installation as one document, as it stands in the database."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from pdu_resources.rules.instance import SCHEMES, Document, Stream, Value, Word, Year
from pdu_resources.setting.catalogue import SETTINGS
from pdu_shared.database import Conn


async def present(conn: Conn) -> Document:
    """What this installation has, its settings among it."""
    return Document(
        settings=await settings(conn),
        words=await _words(conn),
        workstreams=await _streams(conn),
        project_years=await _years(conn),
    )


async def settings(conn: Conn) -> dict[str, Value]:
    """Every setting by its name: as it was set, or as it begins."""
    rows = await conn.fetch("SELECT name, value FROM setting")
    found = {row["name"]: json.loads(row["value"]) for row in rows}
    return {name: _value(found.get(name, one.default)) for name, one in SETTINGS.items()}


async def setting(conn: Conn, name: str) -> Value:
    """One setting: as it was set, or as it begins."""
    found = await conn.fetchval("SELECT value FROM setting WHERE name = $1", name)
    return SETTINGS[name].default if found is None else _value(json.loads(found))


def as_json(document: Document) -> dict[str, Any]:
    """The document as it is exported, and taken again."""
    lists: dict[str, Any] = {
        scheme: [_without_nothing(_word(word)) for word in document.words[scheme] or ()]
        for scheme in SCHEMES
    }
    return {
        "settings": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in document.settings.items()
        },
        **lists,
        "workstream": [
            _without_nothing(
                {
                    "code": one.code,
                    "label": one.label,
                    "valid_from": one.valid_from,
                    "valid_to": one.valid_to,
                }
            )
            for one in document.workstreams or ()
        ],
        "project_year": [
            {
                "code": one.code,
                "label": one.label,
                "from": one.starts_on,
                "to": one.ends_on,
                "is_partial": one.is_partial,
            }
            for one in document.project_years or ()
        ],
    }


def _word(word: Word) -> dict[str, str | date | None]:
    return {"code": word.code, "label": word.label, "valid_to": word.valid_to}


def _without_nothing(told: dict[str, str | date | None]) -> dict[str, str | date]:
    return {name: value for name, value in told.items() if value is not None}


def _value(found: Value | list[str]) -> Value:
    return tuple(found) if isinstance(found, list) else found


async def _words(conn: Conn) -> dict[str, Sequence[Word] | None]:
    rows = await conn.fetch("""
        SELECT 'sector' AS scheme, code, label, valid_to, place FROM sector
        UNION ALL SELECT 'work_field',  code, label, valid_to, place FROM work_field
        UNION ALL SELECT 'role_level',  code, label, valid_to, place FROM role_level
        UNION ALL SELECT 'area',        code, label, valid_to, place FROM area
        UNION ALL SELECT 'heard_about', code, label, valid_to, place FROM heard_about
         ORDER BY place, code
        """)
    words: dict[str, list[Word]] = {scheme: [] for scheme in SCHEMES}
    for row in rows:
        words[row["scheme"]].append(Word(row["code"], row["label"], row["valid_to"]))
    return dict(words)


async def _streams(conn: Conn) -> list[Stream]:
    rows = await conn.fetch(
        "SELECT code, label, valid_from, valid_to FROM workstream ORDER BY place, valid_from, code"
    )
    return [Stream(**row) for row in rows]


async def _years(conn: Conn) -> list[Year]:
    rows = await conn.fetch(
        "SELECT code, label, starts_on, ends_on, is_partial FROM project_year ORDER BY starts_on"
    )
    return [Year(**row) for row in rows]
