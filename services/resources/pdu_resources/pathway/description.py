"""How a pathway is described, and what a description cannot say."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from pdu_resources.pathway.rows import StepKind
from pdu_resources.vocabulary import taxonomy
from pdu_shared.contracts.message import Code
from pdu_shared.database import Conn
from pdu_shared.forms import Form, OneLine, Paragraphs, PublishedLine
from pdu_shared.problems import Fault, Refused

Codes = Annotated[tuple[Code, ...], Field(max_length=30)]
_EXAMPLE: dict[str, Any] = {
    "title": "New in a front-line team",
    "summary": "A calm way in: four short modules and a recording.",
    "role_levels": ["front_line"],
    "interests": ["pie"],
    "gives_badge": True,
    "state": "published",
    "steps": [
        {"kind": "module", "ref": "tic-introduction", "title": "A first look", "minutes": 25},
        {
            "kind": "event",
            "ref": "018f0000-0000-7000-8000-000000000001",
            "title": "Come and meet others",
            "optional": True,
        },
    ],
}


class DescribeStep(Form):
    """A step: what it is by kind and key, and how it is called here."""

    kind: StepKind
    ref: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")] = Field(
        description="The key of a module or an item, the id of a learning event. It may come later"
    )
    title: OneLine
    minutes: Annotated[int, Field(ge=1, le=1000, strict=True)] | None = None
    optional: bool = False


class DescribePathway(Form):
    """What a pathway is, for whom, and what is on it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    title: PublishedLine
    summary: Paragraphs
    role_levels: Codes = ()
    work_fields: Codes = ()
    interests: Codes = ()
    starts_here: bool = Field(default=False, description="What newcomers are shown first")
    gives_badge: bool = False
    state: Literal["draft", "published", "retired"] = "draft"
    steps: Annotated[tuple[DescribeStep, ...], Field(min_length=1, max_length=30)]


class NewPathway(DescribePathway):
    """A pathway that is not there yet."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"pathway_key": "front-line-start", **_EXAMPLE}]}
    )

    pathway_key: Code


async def check(conn: Conn, form: DescribePathway, pathway_key: str) -> None:
    """Raise Refused with everything that a pathway under this key cannot be."""
    faults = [*_wrong_steps(form.steps)]
    lists = await taxonomy.codes(conn)
    for field, listed in (("role_levels", "role_level"), ("work_fields", "work_field")):
        faults += _unknown(field, getattr(form, field), lists[listed])
    if form.interests:
        faults += _unknown("interests", form.interests, await taxonomy.interests(conn))
    if form.starts_here and form.state == "published":
        other = await conn.fetchval(
            """
            SELECT pathway_key FROM pathway
             WHERE starts_here AND state = 'published' AND pathway_key <> $1
            """,
            pathway_key,
        )
        if other:
            told = f"Newcomers begin with {other}: say otherwise there first."
            faults.append(Fault("/starts_here", "one-only", told))
    if faults:
        raise Refused(errors=faults)


def _unknown(field: str, said: Sequence[str], possible: Sequence[str]) -> Iterator[Fault]:
    for place, code in enumerate(said):
        if code not in possible:
            yield Fault(
                f"/{field}/{place}", "unknown-code", f"Possible are: {', '.join(possible)}."
            )


def _wrong_steps(steps: Sequence[DescribeStep]) -> Iterator[Fault]:
    known = set()
    for place, step in enumerate(steps):
        if step.kind is StepKind.EVENT and not _is_uuid(step.ref):
            told = "A learning event is named by its id."
            yield Fault(f"/steps/{place}/ref", "not-an-id", told)
        if (step.kind, step.ref) in known:
            yield Fault(f"/steps/{place}", "repeated", "Each step once.")
        known.add((step.kind, step.ref))


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
