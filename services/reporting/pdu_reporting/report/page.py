"""A report as a web page of its own: nothing is fetched for it, and it prints well."""

import base64
import functools
import hashlib
from importlib.resources import files

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from pdu_reporting.report.model import Report

MEDIA_TYPE = "text/html"


def page(report: Report) -> str:
    """The whole page."""
    return _environment().get_template("report.html").render(report=report, style=Markup(_style()))  # noqa: S704 - our own


def policy() -> str:
    """What the page may do: show itself in its own style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'none'; base-uri 'none'"


@functools.cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("pdu_reporting", "report/templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Drawings are made here, and all words in them are escaped there.
    made.filters["drawing"] = Markup
    return made


@functools.cache
def _style() -> str:
    return (files("pdu_reporting") / "report/templates/report.css").read_text("utf-8")
