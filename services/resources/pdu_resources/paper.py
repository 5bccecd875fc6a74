"""Documents to keep and to print: PDF made from a template and data, readable by screen readers."""

import asyncio
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from fastapi import Response

from pdu_shared.typeset import typeset

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
    return typeset(_source("house") + _source(template), data)


def _source(template: str) -> bytes:
    return (TEMPLATES / f"{template}.typ").read_bytes()
