"""Documents to keep and to print: PDF made from a template and data, readable by screen readers."""

import asyncio
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from fastapi import Response

PDF = "application/pdf"
AS_PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A document to keep, readable by screen readers (PDF/UA-1).",
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""What OpenAPI says of a route that answers with one."""
TEMPLATES = files("pdu_resources") / "papers"


async def pdf(template: str, data: Mapping[str, Any], *, name: str) -> Response:
    """A PDF (PDF/UA-1) of what `papers/<template>.typ` makes of the data, to keep as a file."""
    body = await asyncio.to_thread(_set, template, data)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(body, headers=headers, media_type=PDF)


def _set(template: str, data: Mapping[str, Any]) -> bytes:
    # The wheel is large, and few processes ever print anything.
    import typst  # noqa: PLC0415

    # Data goes in as a string that the template reads as JSON: it is text, and never mark-up.
    made = typst.compile(
        _source("house") + _source(template),
        sys_inputs={"data": json.dumps(data, default=str)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes), "one PDF, not one file for each page"
    return made


def _source(template: str) -> bytes:
    return (TEMPLATES / f"{template}.typ").read_bytes()
