"""What every page of coding shares: who may code, the way between pages, boxes to tick."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends

from pdu_portal.signed_in import only_for
from pdu_portal.viewer import Viewer

Coder = Annotated[Viewer, Depends(only_for("coordinator", "evaluator"))]
PAGE = "/coding"
WAYS = (
    ("waiting", PAGE, "To be coded"),
    ("second", f"{PAGE}?view=second", "For a second coder"),
    ("coded", f"{PAGE}?view=coded", "Coded"),
    ("quotes", f"{PAGE}/quotes", "Quotes"),
    ("changes", f"{PAGE}/changes", "What changed"),
    ("book", f"{PAGE}/book", "Code book"),
)
YES = "yes"


def ticked(values: Mapping[str, str], group: str) -> list[str]:
    """The codes of a group of boxes that were ticked: `theme:trust` is one of `theme`."""
    start = f"{group}:"
    return [
        name.removeprefix(start)
        for name, said in values.items()
        if name.startswith(start) and said == YES
    ]


def boxes(group: str, codes: list[str]) -> dict[str, str]:
    """The same group as a form has it in which these are ticked."""
    return {f"{group}:{code}": YES for code in codes}
