"""Documents to keep and to print: PDF made from a template and data, readable by screen readers."""

import json
from collections.abc import Mapping
from typing import Any


def typeset(template: bytes, data: Mapping[str, Any]) -> bytes:
    """A PDF (PDF/UA-1) of what a typst template makes of the data, which it reads as JSON.

    It takes a while, so call it in a thread. Where somebody would be left out, such as by a picture
    without words, it is not made.
    """
    # The wheel is large, and few processes ever print anything.
    import typst  # noqa: PLC0415

    # Data goes in as a string that the template reads as JSON: it is text, and never mark-up.
    made = typst.compile(
        template,
        sys_inputs={"data": json.dumps(data, default=str)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes), "one PDF, not one file for each page"
    return made
