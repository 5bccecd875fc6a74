"""Making an installation as a document says, and telling every service what is new."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from pdu_resources.rules.instance import SCHEMES, Change, Document, Stream, Value, Word, Year
from pdu_shared import outbox
from pdu_shared.contracts.resources.vocabulary import (
    CategoryDefined,
    ProjectYearDefined,
    SettingChanged,
    WorkstreamDefined,
)
from pdu_shared.database import Conn
from pdu_shared.identity import derived_id

Told: TypeAlias = CategoryDefined | ProjectYearDefined | SettingChanged | WorkstreamDefined

_UPSERT = {
    "sector": """
        INSERT INTO sector (code, label, place, valid_to) SELECT * FROM unnest(
            $1::text[], $2::text[], $3::smallint[], $4::date[])
            ON CONFLICT (code) DO UPDATE
           SET label = excluded.label, place = excluded.place, valid_to = excluded.valid_to
        """,
    "work_field": """
        INSERT INTO work_field (code, label, place, valid_to) SELECT * FROM unnest(
            $1::text[], $2::text[], $3::smallint[], $4::date[])
            ON CONFLICT (code) DO UPDATE
           SET label = excluded.label, place = excluded.place, valid_to = excluded.valid_to
        """,
    "role_level": """
        INSERT INTO role_level (code, label, place, valid_to) SELECT * FROM unnest(
            $1::text[], $2::text[], $3::smallint[], $4::date[])
            ON CONFLICT (code) DO UPDATE
           SET label = excluded.label, place = excluded.place, valid_to = excluded.valid_to
        """,
    "area": """
        INSERT INTO area (code, label, place, valid_to) SELECT * FROM unnest(
            $1::text[], $2::text[], $3::smallint[], $4::date[])
            ON CONFLICT (code) DO UPDATE
           SET label = excluded.label, place = excluded.place, valid_to = excluded.valid_to
        """,
    "heard_about": """
        INSERT INTO heard_about (code, label, place, valid_to) SELECT * FROM unnest(
            $1::text[], $2::text[], $3::smallint[], $4::date[])
            ON CONFLICT (code) DO UPDATE
           SET label = excluded.label, place = excluded.place, valid_to = excluded.valid_to
        """,
}


async def write(
    conn: Conn,
    wanted: Document,
    changes: Sequence[Change],
    *,
    by: UUID | None,
    now: datetime,
) -> None:
    """Write what changes, and promise a message for each thing that is new or otherwise."""
    touched = {change.pointer for change in changes}
    told: list[Told] = []
    for scheme in SCHEMES:
        words = wanted.words.get(scheme)
        if words is not None:
            await _write_words(conn, scheme, words)
            told += _told_words(scheme, words, touched)
    streams = [one for one in wanted.workstreams or () if f"/workstream/{one.code}" in touched]
    years = [one for one in wanted.project_years or () if f"/project_year/{one.code}" in touched]
    await _write_streams(conn, streams)
    await _write_years(conn, years)
    told += map(_told_stream, streams)
    told += map(_told_year, years)
    for name, value in sorted(wanted.settings.items()):
        if f"/settings/{name}" in touched:
            await _write_setting(conn, name, value, by=by, now=now)
            told.append(_told_setting(name, value))
    await outbox.add(conn, *told)


async def _write_words(conn: Conn, scheme: str, words: Sequence[Word]) -> None:
    await conn.execute(
        _UPSERT[scheme],
        [word.code for word in words],
        [word.label for word in words],
        list(range(1, len(words) + 1)),
        [word.valid_to for word in words],
    )


async def _write_streams(conn: Conn, streams: Sequence[Stream]) -> None:
    # Those that end first: of one work stream only one name is open at a time.
    for one in sorted(streams, key=lambda one: (one.valid_to is None, one.valid_from)):
        await conn.execute(
            """
            INSERT INTO workstream (code, label, valid_from, valid_to, place)
            SELECT $1, $2, $3, $4, coalesce(max(place), 0) + 1 FROM workstream
                ON CONFLICT (code, valid_from) DO UPDATE
               SET label = excluded.label, valid_to = excluded.valid_to
            """,
            one.code,
            one.label,
            one.valid_from,
            one.valid_to,
        )


async def _write_years(conn: Conn, years: Iterable[Year]) -> None:
    for one in years:
        await conn.execute(
            """
            INSERT INTO project_year (code, label, starts_on, ends_on, is_partial)
            VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (code) DO UPDATE
               SET label = excluded.label, starts_on = excluded.starts_on,
                   ends_on = excluded.ends_on, is_partial = excluded.is_partial
            """,
            one.code,
            one.label,
            one.starts_on,
            one.ends_on,
            one.is_partial,
        )


async def _write_setting(
    conn: Conn, name: str, value: Value, *, by: UUID | None, now: datetime
) -> None:
    await conn.execute(
        """
        INSERT INTO setting (name, value, changed_at, changed_by) VALUES ($1, $2::jsonb, $3, $4)
            ON CONFLICT (name) DO UPDATE
           SET value = excluded.value, changed_at = excluded.changed_at,
               changed_by = excluded.changed_by
        """,
        name,
        json.dumps(value),
        now,
        by,
    )


def _told_words(scheme: str, words: Sequence[Word], touched: set[str]) -> list[CategoryDefined]:
    return [
        CategoryDefined(
            category_id=derived_id("category", scheme, word.code),
            scheme=scheme,
            code=word.code,
            label=word.label,
            valid_to=word.valid_to,
        )
        for word in words
        if f"/{scheme}/{word.code}" in touched
    ]


def _told_stream(one: Stream) -> WorkstreamDefined:
    return WorkstreamDefined(
        workstream_id=derived_id("workstream", one.code),
        code=one.code,
        label=one.label,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
    )


def _told_year(one: Year) -> ProjectYearDefined:
    return ProjectYearDefined(
        project_year_id=derived_id("project_year", one.code),
        code=one.code,
        label=one.label,
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        is_partial=one.is_partial,
    )


def _told_setting(name: str, value: Value) -> SettingChanged:
    return SettingChanged(
        setting_id=derived_id("setting", name),
        key=name,
        number=int(value) if isinstance(value, int) else None,
        wording=value if isinstance(value, str) else None,
        codes=value if isinstance(value, tuple) else (),
    )
