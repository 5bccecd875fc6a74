"""All that is kept about somebody as one archive: for programs as JSON, for people as a page."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

PAGES = Environment(
    loader=PackageLoader("pdu_resources"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
SERVICES = {
    "bookings": "Learning events and communities",
    "resources": "The online hub",
    "notifications": "Letters",
    "reporting": "Figures",
}


def archive(parts: Sequence[str], *, made_at: datetime) -> bytes:
    """The archive of what the services handed over, each part being one service's JSON."""
    told = sorted((json.loads(part) for part in parts), key=lambda one: str(one["service"]))
    whole = {"made_at": made_at.isoformat(), "services": told}
    files = {
        "data.json": json.dumps(whole, ensure_ascii=False, indent=2),
        "index.html": page(told, made_at=made_at),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in files.items():
            folder.writestr(zipfile.ZipInfo(name, made_at.timetuple()[:6]), text)
    return packed.getvalue()


def page(told: Sequence[Mapping[str, Any]], *, made_at: datetime) -> str:
    """The same for people: a heading for each service, a table for each kind of data."""
    return PAGES.get_template("archive.html").render(
        made_at=made_at,
        services=[
            {"title": SERVICES.get(one["service"], one["service"]), "holdings": one["holdings"]}
            for one in told
        ],
        in_words=_in_words,
    )


def _in_words(value: object) -> str:
    match value:
        case None | "":
            return "–"  # noqa: RUF001 - a dash for nothing, as in print
        case bool():
            return "yes" if value else "no"
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
