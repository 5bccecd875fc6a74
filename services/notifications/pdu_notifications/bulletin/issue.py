"""An issue as it is kept, and as whoever writes it sends it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import asyncpg
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pdu_notifications.bulletin.recipients import Audience
from pdu_notifications.rules.bulletin import IssueState, Section
from pdu_notifications.subscription.asking import Topics
from pdu_shared.contracts.message import Code
from pdu_shared.contracts.vocabulary import MailingList
from pdu_shared.database import Conn
from pdu_shared.forms import Form, OneLine, Paragraphs
from pdu_shared.problems import NotFound

IssueList: TypeAlias = Literal[MailingList.BULLETIN, MailingList.OPPORTUNITIES, MailingList.ALERTS]
IssueKey = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,39}$",
        description="In addresses, and the source code of its links, such as bulletin-2027-01",
    ),
]


Codes = Annotated[tuple[Code, ...], Field(max_length=20)]


class Texts(Form):
    """What editors write, as Markdown (CommonMark with tables), section by section."""

    headline: Paragraphs | None = None
    upcoming: Paragraphs | None = None
    communities: Paragraphs | None = None
    hub: Paragraphs | None = None
    local_news: Paragraphs | None = None
    national_news: Paragraphs | None = None
    change: Paragraphs | None = None
    have_your_say: Paragraphs | None = None

    def of(self, section: Section) -> str:
        """What was written for a section."""
        return getattr(self, section) or ""


class DescribeIssue(Form):
    """All that is written of an issue. What the streams bring is not sent, only left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "list": "bulletin",
                    "title": "The PDU bulletin, January 2027",
                    "texts": {
                        "headline": "A new year, and **three new workshops**.",
                        "local_news": "- [Winter shelter opens](https://example.org/shelter)",
                    },
                }
            ]
        }
    )

    list: Annotated[
        IssueList,
        Field(
            description="Who gets it: the bulletin once a month, upcoming learning every fortnight,"
            " or alerts about chosen work streams"
        ),
    ] = MailingList.BULLETIN
    title: Annotated[OneLine, Field(description="Its subject line, too")]
    topics: Annotated[
        Topics, Field(description="Only for those who chose one of these, or none at all")
    ] = ()
    sectors: Annotated[
        Codes, Field(description="Only for those who said so when they booked; none for all")
    ] = ()
    work_fields: Codes = ()
    texts: Texts = Texts()
    left_out: Annotated[
        tuple[UUID, ...], Field(max_length=200, description="`source_id` of entries to drop")
    ] = ()


class Entry(BaseModel):
    """Something that a stream brought, with where it came from."""

    section: Section
    source: str
    source_id: UUID
    title: str
    facts: list[str] = []
    path: str | None = Field(None, description="Where it leads, below the portal's address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue with all that is kept of it."""

    issue_id: UUID
    issue_key: str
    list: MailingList
    title: str
    topics: tuple[str, ...]
    sectors: tuple[str, ...]
    work_fields: tuple[str, ...]
    texts: Texts
    left_out: tuple[UUID, ...]
    entries: tuple[Entry, ...]
    state: IssueState
    note: str | None
    version: int
    news_since: datetime
    written_by: tuple[UUID, ...]
    approved_by: UUID | None
    scheduled_for: datetime | None
    began_at: datetime | None
    sent_at: datetime | None
    counts: Mapping[str, int] | None
    changed_at: datetime

    @property
    def audience(self) -> Audience:
        """Whom it is for."""
        return Audience(
            list=self.list,
            topics=self.topics,
            sectors=self.sectors,
            work_fields=self.work_fields,
        )

    @property
    def told(self) -> tuple[Entry, ...]:
        """The entries that editors did not leave out."""
        return tuple(entry for entry in self.entries if entry.source_id not in self.left_out)


_ENTRIES = TypeAdapter(tuple[Entry, ...])


def issue_of(row: asyncpg.Record) -> Issue:
    """A row of `bulletin_issue`."""
    kept = dict(row)
    return Issue(
        **{
            **kept,
            "list": MailingList(kept["list"]),
            "topics": tuple(kept["topics"]),
            "sectors": tuple(kept["sectors"]),
            "work_fields": tuple(kept["work_fields"]),
            "texts": Texts.model_validate_json(kept["texts"]),
            "left_out": tuple(kept["left_out"]),
            "entries": _ENTRIES.validate_json(kept["entries"]),
            "state": IssueState(kept["state"]),
            "written_by": tuple(kept["written_by"]),
            "counts": json.loads(kept["counts"]) if kept["counts"] else None,
        }
    )


async def issue(conn: Conn, issue_key: str) -> Issue:
    """One issue. Raises NotFound."""
    row = await conn.fetchrow(
        """
        SELECT issue_id, issue_key, list, title, topics, sectors, work_fields, texts, left_out,
               entries, state, note, version, news_since, written_by, approved_by,
               scheduled_for, began_at, sent_at, counts, changed_at
          FROM bulletin_issue
         WHERE issue_key = $1
        """,
        issue_key,
    )
    if row is None:
        raise NotFound
    return issue_of(row)


async def lock_issue(conn: Conn, issue_key: str) -> Issue:
    """One issue, locked until the transaction ends. Raises NotFound."""
    await conn.execute("SELECT FROM bulletin_issue WHERE issue_key = $1 FOR UPDATE", issue_key)
    return await issue(conn, issue_key)


def entries_as_json(entries: tuple[Entry, ...]) -> str:
    """As they are kept."""
    return _ENTRIES.dump_json(entries).decode()
