"""A report on paper: PDF/UA-1, which a screen reader can follow."""

from importlib.resources import files

from pdu_reporting.report.model import Report
from pdu_shared.typeset import typeset

MEDIA_TYPE = "application/pdf"


def paper(report: Report) -> bytes:
    """The whole document; the same report gives the same bytes."""
    source = (files("pdu_reporting") / "report/templates/report.typ").read_bytes()
    return typeset(source, report.model_dump(mode="json"))
