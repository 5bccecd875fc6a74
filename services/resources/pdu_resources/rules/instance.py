"""An installation as one document, and what is to change for it to be as another one says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

Value: TypeAlias = str | int | bool | tuple[str, ...]

SCHEMES = ("sector", "work_field", "role_level", "area", "heard_about")
NEVER_RETIRED = frozenset({"other", "unknown"})
"""The rules know these: not asked, and asked but told something else."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a list. Until `valid_to`, that day included, it may be chosen."""

    code: str
    label: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """A work stream under one of its names."""

    code: str
    label: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """A project year, from the first day to the last."""

    code: str
    label: str
    starts_on: date
    ends_on: date
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """All that one city has otherwise than another. None: nothing is said of it."""

    settings: Mapping[str, Value]
    words: Mapping[str, Sequence[Word] | None]
    """By scheme, in the order in which they are shown."""
    workstreams: Sequence[Stream] | None
    project_years: Sequence[Year] | None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, what kind, and what it was and becomes."""

    pointer: str
    kind: str
    was: str | None
    becomes: str | None


def completed(wanted: Document, present: Document, *, today: date) -> Document:
    """The document with what it leaves out.

    Words that it leaves out of a list which it names are retired as of yesterday: a code that was
    ever used stays, so that what was told with it can still be read. Names of work streams and
    project years that it leaves out stay as they are.
    """
    streams = {(one.code, one.valid_from): one for one in present.workstreams or ()}
    streams |= {(one.code, one.valid_from): one for one in wanted.workstreams or ()}
    years = {one.code: one for one in present.project_years or ()}
    years |= {one.code: one for one in wanted.project_years or ()}
    return Document(
        wanted.settings,
        {
            scheme: None
            if (words := wanted.words.get(scheme)) is None
            else _kept(words, present.words[scheme] or (), today)
            for scheme in SCHEMES
        },
        list(streams.values()),
        list(years.values()),
    )


def differences(present: Document, wanted: Document) -> list[Change]:
    """What is to change, in the order of the document."""
    return [
        *_settings(present, wanted),
        *(change for scheme in SCHEMES for change in _words(scheme, present, wanted)),
        *_streams(present, wanted),
        *_years(present, wanted),
    ]


def contradictions(wanted: Document) -> Iterator[tuple[str, str, str]]:
    """What cannot be, as (pointer, code, words)."""
    for scheme in SCHEMES:
        words = wanted.words.get(scheme) or ()
        yield from _twice(f"/{scheme}", [word.code for word in words])
        for word in words:
            if word.code in NEVER_RETIRED and word.valid_to is not None:
                told = "This word is never retired: rules depend on it."
                yield f"/{scheme}/{word.code}", "never-retired", told
    streams = wanted.workstreams or ()
    for one in streams:
        pointer = f"/workstream/{one.code}"
        if one.valid_to is not None and one.valid_to < one.valid_from:
            yield pointer, "ends-before-it-begins", "It ends before it begins."
        if _overlaps(one, streams):
            yield pointer, "overlaps", "It has another name at that time."
    yield from _misplaced_years(wanted.project_years or ())


def _misplaced_years(years: Sequence[Year]) -> Iterator[tuple[str, str, str]]:
    for one in years:
        pointer = f"/project_year/{one.code}"
        if one.ends_on < one.starts_on:
            yield pointer, "ends-before-it-begins", "It ends before it begins."
        if any(
            other.code != one.code
            and one.starts_on <= other.ends_on
            and other.starts_on <= one.ends_on
            for other in years
        ):
            yield pointer, "overlaps", "Another year has some of its days."


def _overlaps(one: Stream, streams: Sequence[Stream]) -> bool:
    return any(
        other is not one
        and other.code == one.code
        and other.valid_from != one.valid_from
        and one.valid_from <= (other.valid_to or date.max)
        and other.valid_from <= (one.valid_to or date.max)
        for other in streams
    )


def _twice(pointer: str, keys: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            yield f"{pointer}/{place}", "twice", "This is there already."


def _kept(wanted: Sequence[Word], present: Sequence[Word], today: date) -> list[Word]:
    named = {word.code for word in wanted}
    yesterday = today - ONE_DAY
    return [
        *wanted,
        *(
            word
            if word.code in NEVER_RETIRED or word.valid_to is not None
            else Word(word.code, word.label, yesterday)
            for word in present
            if word.code not in named
        ),
    ]


def _settings(present: Document, wanted: Document) -> Iterator[Change]:
    for name, value in sorted(wanted.settings.items()):
        if present.settings.get(name) != value:
            yield Change(
                f"/settings/{name}", "changed", _said(present.settings.get(name)), _said(value)
            )


def _words(scheme: str, present: Document, wanted: Document) -> Iterator[Change]:
    before = {word.code: word for word in present.words[scheme] or ()}
    after = wanted.words.get(scheme)
    if after is None:
        return
    for word in after:
        pointer, was = f"/{scheme}/{word.code}", before.get(word.code)
        if was is None:
            yield Change(pointer, "added", None, word.label)
        elif was.label != word.label:
            yield Change(pointer, "renamed", was.label, word.label)
        if was is not None and was.valid_to != word.valid_to:
            kind = "revived" if word.valid_to is None else "retired"
            yield Change(pointer, kind, _said(was.valid_to), _said(word.valid_to))
    order = [word.code for word in after]
    if [code for code in before if code in order] != [code for code in order if code in before]:
        yield Change(f"/{scheme}", "reordered", None, ", ".join(order))


def _streams(present: Document, wanted: Document) -> Iterator[Change]:
    before = {(one.code, one.valid_from): one for one in present.workstreams or ()}
    for one in wanted.workstreams or ():
        pointer, was = f"/workstream/{one.code}", before.get((one.code, one.valid_from))
        if was is None:
            yield Change(pointer, "added", None, f"{one.label}, from {one.valid_from}")
        elif was.label != one.label:
            yield Change(pointer, "renamed", was.label, one.label)
        if was is not None and was.valid_to != one.valid_to:
            yield Change(pointer, "retired", _said(was.valid_to), _said(one.valid_to))


def _years(present: Document, wanted: Document) -> Iterator[Change]:
    before = {one.code: one for one in present.project_years or ()}
    for one in wanted.project_years or ():
        was = before.get(one.code)
        if was != one:
            kind = "added" if was is None else "changed"
            yield Change(f"/project_year/{one.code}", kind, _year(was), _year(one))


def _year(year: Year | None) -> str | None:
    return None if year is None else f"{year.label}: {year.starts_on} to {year.ends_on}"


def _said(value: Value | date | None) -> str | None:
    match value:
        case None:
            return None
        case tuple():
            return ", ".join(value)
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
