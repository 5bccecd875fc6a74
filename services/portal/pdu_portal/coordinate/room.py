"""What every page of the desk asks for, and how it tells that a service said no."""

from collections.abc import Awaitable, Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel

from pdu_portal.form import Form
from pdu_portal.neighbours import Away, NotThere, Refused
from pdu_portal.shapes import Refusal
from pdu_portal.signed_in import form_of, only_for
from pdu_portal.viewer import Viewer

LARGEST = 512 * 1024
MOST_FIELDS = 3000
"""A register of a large hall is one form."""
AWAY = {
    "bookings": "The booking desk does not answer just now.",
    "resources": "The online hub does not answer just now.",
    "notifications": "The letter desk does not answer just now.",
}
KEPT = "What you typed is kept; press the button again in a minute."
CHANGED = (
    "Somebody else changed this in the meantime. It is shown as it is now; please look, and press"
    " again if you still want to."
)

Coordinator = Annotated[Viewer, Depends(only_for("coordinator"))]


class Done(BaseModel):
    """That it was done; the page that follows asks anew for what it shows."""


DeskForm = Annotated[Form, Depends(form_of(largest=LARGEST, most_fields=MOST_FIELDS))]
"""A form of the desk, which may have many fields."""


async def tried(doing: Awaitable[object], form: Form) -> Form | None:
    """Nothing when it was done, else the form with what stands in the way."""
    try:
        await doing
    except Away as reason:
        away = AWAY.get(str(reason), "One of our services does not answer just now.")
        return Form(form.key, form.values, trouble=f"{away} {KEPT}")
    except Refused as no:
        return refused(form, no.refusal)
    return None


def refused(form: Form, refusal: Refusal) -> Form:
    """The form with what is wrong, at the field that it names where there is one."""
    if refusal.status == 412:  # noqa: PLR2004 - precondition failed
        return Form(values=form.values, trouble=CHANGED)
    errors: dict[str, str] = {}
    elsewhere: list[str] = []
    for wrong in refusal.errors:
        # What is wrong with a part is said of the part; of the whole it would be said again.
        if any(other.pointer.startswith(f"{wrong.pointer}/") for other in refusal.errors):
            continue
        name = wrong.pointer.strip("/").split("/")[-1 if "sessions/" in wrong.pointer else 0]
        if name in form.values:
            errors[name] = wrong.detail
        else:
            elsewhere.append(wrong.detail)
    trouble = " ".join(dict.fromkeys(elsewhere))
    if not errors and not trouble:
        trouble = refusal.detail or refusal.title or "This could not be done."
    return Form(values=form.values, errors=errors, trouble=trouble)


def lines(text: str) -> list[str]:
    """What somebody typed one below the other."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def said(values: Mapping[str, str], *names: str) -> dict[str, object]:
    """The fields that something was typed into."""
    return {name: values[name] for name in names if values.get(name)}


def id_in(form: Form, name: str) -> UUID:
    """The id in a hidden field; raises NotThere for what is none, as nobody typed it."""
    try:
        return UUID(form.value(name))
    except ValueError:
        raise NotThere(name) from None


def after_of(given: str) -> str:
    """Where a page of a list begins, if the address says it properly."""
    try:
        return f"&after={UUID(given)}"
    except ValueError:
        return ""
