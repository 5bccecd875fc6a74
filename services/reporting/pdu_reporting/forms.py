"""The forms in which an answer is given: a table for programs and spreadsheets, or a drawing."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic import BaseModel

from pdu_reporting.answer import BESIDE, Answer, Cell, shown
from pdu_reporting.charting import chart_of
from pdu_reporting.export import metadata, parquet, plain, workbook
from pdu_reporting.export.table import Cell as Exported
from pdu_reporting.export.table import Column, Holds, Table
from pdu_reporting.figure import Unit
from pdu_reporting.labels import Labels
from pdu_reporting.media import FILES, FORMATS

ALONE = 720
"""How wide a drawing is that stands alone, in pixels."""
ONE_NUMBER = {Unit.COUNT: Holds.WHOLE, Unit.POSITION: Holds.WHOLE, Unit.RANGE: Holds.TEXT}


class Drawn(BaseModel):
    """A chart with the words around it, for a page that draws its table beside it."""

    title: str
    """The finding where there is one, else what is measured."""
    subtitle: str
    svg: str
    """As wide as its column and in the page's own size of text; classes and attributes only."""
    notes: list[str]
    """At most three things to keep in mind."""
    answer: Answer


@dataclass(frozen=True, slots=True)
class Given:
    """An answer in one of its forms."""

    body: bytes
    media_type: str
    headers: Mapping[str, str]


def given(answer: Answer, form: str, query: Sequence[tuple[str, str]], labels: Labels) -> Given:
    """The answer in a form; `query` is how it was asked for. Raises `Refused` if undrawable."""
    headers = {}
    if form in FILES:
        headers["Content-Disposition"] = f'attachment; filename="{answer.name}.{form}"'
    if form == "csv":
        about = _address(answer, query, "csvw")
        headers["Link"] = f'<{about}>; rel="describedby"; type="{metadata.MEDIA_TYPE}"'
    body = _body(answer, form, _address(answer, query, "csv"), labels)
    return Given(body if isinstance(body, bytes) else body.encode(), FORMATS[form], headers)


def _body(answer: Answer, form: str, csv: str, labels: Labels) -> str | bytes:
    match form:
        case "chart":
            return drawn(answer, labels).model_dump_json()
        case "svg":
            return alone(answer, labels)
        case "json":
            return answer.model_dump_json()
        case _:
            return _exported(as_table(answer, empty=form == "parquet"), form, csv)


def _exported(table: Table, form: str, csv: str) -> str | bytes:
    match form:
        case "csvw":
            return metadata.metadata(csv, table)
        case "xlsx":
            return workbook.workbook(table)
        case "parquet":
            file = io.BytesIO()
            parquet.write(file, table.columns, [table.rows], table.told)
            return file.getvalue()
        case _:
            return plain.heading(table.columns) + plain.lines(table.rows)


def drawn(answer: Answer, labels: Labels) -> Drawn:
    """A chart for a page."""
    chart = chart_of(answer, labels)
    return Drawn(
        title=chart.title,
        subtitle=chart.subtitle,
        svg=chart.svg(),
        notes=list(chart.notes),
        answer=answer,
    )


def alone(answer: Answer, labels: Labels) -> str:
    """A drawing that stands alone: a file of its own, or a picture in a paper."""
    return chart_of(answer, labels).alone(ALONE)


def as_table(answer: Answer, *, empty: bool = False) -> Table:
    """The answer as a table for export, with all that is told of it.

    What is withheld says so, or is empty where a column can hold numbers only.
    """
    of_each = {
        "value": Column("value", ONE_NUMBER.get(answer.unit, Holds.NUMBER), answer.statement),
        "numerator": Column("numerator", Holds.WHOLE, "Of so many; empty for plain counts."),
        "denominator": Column("denominator", Holds.WHOLE, "Among so many; n."),
        "comparable": Column(
            "comparable", Holds.FLAG, "False about a year that is not whole: leave it out of rows"
            " of years.",
        ),
        "caveats": Column("caveats", Holds.TEXT, "Reasons for care, with spaces between them."),
        "withheld": Column("withheld", Holds.FLAG, "Not told, so that nobody can be recognised."),
    }  # fmt: skip
    columns = [
        *(Column(name, Holds.TEXT, f"Code of the {name.replace('_', ' ')}; empty: not known.")
          for name in answer.by),
        *(of_each[name] for name in BESIDE),
        Column("figure", Holds.TEXT, "The name of the figure."),
        Column("as_of", Holds.MOMENT, "When the newest message counted came in."),
        Column("journal_position", Holds.WHOLE, "The same position gives the same figure."),
    ]  # fmt: skip
    always = (answer.name, answer.as_of, answer.journal_position)
    rows = [
        [*(_cell(row[name]) for name in (*answer.by, *BESIDE)), *always]
        for row in (answer.rows if empty else map(shown, answer.rows))
    ]
    told = answer.model_dump(mode="json", exclude={"rows", "name", "statement"})
    return Table(answer.name, answer.statement, columns, rows, told)


def _cell(cell: Cell) -> Exported:
    return " ".join(cell) if isinstance(cell, list) else cell


def _address(answer: Answer, query: Sequence[tuple[str, str]], form: str) -> str:
    """The same question in another form, from where this one stands."""
    asked = [(name, word) for name, word in query if name != "format"]
    return f"{answer.name}?{urlencode([*asked, ('format', form)], safe=',')}"
