"""Showing a form, and sending it on: the same way for every step, person and wish."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from starlette.responses import RedirectResponse, Response

from pdu_portal.asks import Ask, Step, read, today
from pdu_portal.desk import Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import Refused


def shown(
    desk: Desk, step: Step, *, back: str, form: Form | None = None, **more: object
) -> Response:
    """The page of one step; days are today until somebody says otherwise."""
    if form is None:
        form = Form(values={ask.name: today() for ask in step.asks if ask.kind == "day"})
    context = {"step": step, "form": form, "back": back, "private": True, "within": True, **more}
    refused = bool(form.errors or form.trouble)
    return desk.pages.page("step.html", context, status=422 if refused else 200)


async def sent(  # noqa: PLR0913 - what, where to, and how
    desk: Desk,
    step: Step,
    form: Form,
    *,
    to: str,
    back: str,
    send: Callable[[], Awaitable[object]],
    **more: object,
) -> Response:
    """Send it on, and lead to the page that shows it; or show again what was typed."""
    try:
        await send()
    except Refused as no:
        errors = by_field(step.asks, no)
        trouble = "" if errors else no.refusal.detail or no.refusal.title
        refused = Form(form.key, form.values, errors, trouble)
        return shown(desk, step, back=back, form=refused, **more)
    return RedirectResponse(to, 303)


async def taken(  # noqa: PLR0913 - what, where to, and how
    desk: Desk,
    step: Step,
    form: Form,
    *,
    to: str,
    back: str,
    send: Callable[[dict[str, object]], Awaitable[object]],
    **more: object,
) -> Response:
    """Read what was typed, and send it on; or show it again with what is missing."""
    said, errors = read(step.asks, form.values)
    if errors:
        return shown(desk, step, back=back, form=without(form, errors), **more)
    doing = partial(send, step.body(said))
    return await sent(desk, step, form, to=to, back=back, send=doing, **more)


def by_field(asks: Sequence[Ask], no: Refused) -> dict[str, str]:
    """What bookings refused, at the fields that it names."""
    known = {ask.name for ask in asks}
    found: dict[str, str] = {}
    for fault in no.refusal.errors:
        name = fault.pointer.strip("/").partition("/")[0]
        name = {"starts_at": "on", "expenses_pence": "pounds"}.get(name, name)
        if name in known:
            found[name] = fault.detail or "This cannot be so. Please look again"
    return found


def without(form: Form, errors: Mapping[str, str]) -> Form:
    """The form with what is missing in it."""
    return Form(form.key, form.values, errors)


def only(step: Step, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles takes this step."""
    return not roles.isdisjoint(step.roles)
