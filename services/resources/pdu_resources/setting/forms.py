"""An installation as somebody sends it: the same document that is exported."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr

from pdu_resources.rules.instance import Document, Stream, Value, Word, Year
from pdu_resources.setting.catalogue import SETTINGS
from pdu_shared.contracts.message import Code
from pdu_shared.forms import Day, Form, PublishedLine
from pdu_shared.problems import Fault, Refused

MOST = 300
# Which numbers a setting takes is its own: that is what the answer says of those that it does not.
_Whole = Annotated[StrictInt, Field(json_schema_extra={"minimum": 0, "maximum": 2**31 - 1})]
Given = StrictBool | _Whole | StrictStr | list[StrictStr]


class GiveValue(Form):
    """The value of a setting: of the kind that it begins with."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": "09:00"}]})

    value: Given


class DescribeWord(Form):
    """What people read for a code, and until when they may choose it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"label": "Youth work"}]})

    label: PublishedLine
    valid_to: Day | None = Field(default=None, description="The last day; none while it is used")


class ListWord(DescribeWord):
    """A word of a list."""

    code: Code


class DescribeStream(Form):
    """What a work stream is called, from when and until when."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"label": "Youth", "valid_from": "2027-04-01"}]}
    )

    label: PublishedLine
    valid_from: Day
    valid_to: Day | None = None


class ListStream(DescribeStream):
    """A work stream under one of its names."""

    code: Code


class DescribeYear(Form):
    """A project year, from the first day to the last."""

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {"label": "Year 14 (2030)", "from": "2030-04-01", "to": "2031-03-31"},
            ]
        },
    )

    label: PublishedLine
    starts_on: Annotated[Day, Field(alias="from")]
    ends_on: Annotated[Day, Field(alias="to")]
    is_partial: StrictBool = False


class ListYear(DescribeYear):
    """A project year in the list of them."""

    code: Code


class InstanceForm(Form):
    """All that one city has otherwise than another. What is left out stays as it is.

    A list that is there is whole: words that it leaves out are retired.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "settings": {"instance.name": "PDU Leeds", "area.local": ["leeds"]},
                    "area": [
                        {"code": "leeds", "label": "Leeds"},
                        {"code": "unknown", "label": "Not known"},
                    ],
                }
            ]
        }
    )

    settings: dict[Code, Given] = Field(default_factory=dict, max_length=MOST)
    sector: list[ListWord] | None = Field(default=None, max_length=MOST)
    work_field: list[ListWord] | None = Field(default=None, max_length=MOST)
    role_level: list[ListWord] | None = Field(default=None, max_length=MOST)
    area: list[ListWord] | None = Field(default=None, max_length=MOST)
    heard_about: list[ListWord] | None = Field(default=None, max_length=MOST)
    workstream: list[ListStream] | None = Field(default=None, max_length=MOST)
    project_year: list[ListYear] | None = Field(default=None, max_length=MOST)

    def document(self) -> Document:
        """What is asked for. Raises Refused for settings that there are not, or cannot be."""
        words = {
            scheme: None
            if (listed := getattr(self, scheme)) is None
            else [Word(one.code, one.label, one.valid_to) for one in listed]
            for scheme in ("sector", "work_field", "role_level", "area", "heard_about")
        }
        return Document(
            settings=checked(self.settings),
            words=words,
            workstreams=[stream(one.code, one) for one in self.workstream or ()],
            project_years=[year(one.code, one) for one in self.project_year or ()],
        )


def checked(given: Mapping[str, Any]) -> dict[str, Value]:
    """Settings as they are kept. Raises Refused for those that there are not, or cannot be so."""
    faults = []
    for name, value in given.items():
        if name not in SETTINGS:
            faults.append(
                Fault(f"/settings/{name}", "unknown-setting", "There is no such setting.")
            )
        elif flaw := SETTINGS[name].flaw(value):
            faults.append(Fault(f"/settings/{name}", "bad-value", flaw))
    if faults:
        raise Refused(errors=faults)
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }


def stream(code: str, form: DescribeStream) -> Stream:
    """A name of a work stream."""
    return Stream(code, form.label, form.valid_from, form.valid_to)


def year(code: str, form: DescribeYear) -> Year:
    """A project year."""
    return Year(code, form.label, form.starts_on, form.ends_on, form.is_partial)
