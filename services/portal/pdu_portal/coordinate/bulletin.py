"""The bulletin: written in parts, looked at as it will be, checked, and approved by a second."""

import asyncio
import re
from typing import Literal

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.coordinate.issue import PARTS, STATES, STEPS, WRITABLE, Checks, Issue, Issues
from pdu_portal.coordinate.room import Coordinator, DeskForm, Done, tried
from pdu_portal.desk import AtDesk, Desk
from pdu_portal.form import Form
from pdu_portal.neighbours import Away, NotThere, Refused

router = APIRouter(include_in_schema=False)

PAGE = "/coordinate/bulletins"
KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


@router.get(PAGE)
async def issues(desk: AtDesk, viewer: Coordinator) -> Response:
    """All issues, and a new one."""
    del viewer
    return await _list(desk, Form())


@router.post(PAGE)
async def begin(desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Begin an issue."""
    del viewer
    title = form.value("title")
    if not title:
        return await _list(desk, Form(form.key, form.values, {"title": "Enter a title"}), 422)
    key = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:50] or "issue"
    body = {"issue_key": key, "title": title, "texts": {}}
    doing = desk.services.notifications.send("/bulletins", body, key=form.key, shape=Done)
    trouble = await tried(doing, form)
    if trouble:
        return await _list(desk, trouble, 422)
    return RedirectResponse(f"{PAGE}/{key}", 303)


@router.get(PAGE + "/{issue_key}")
async def see(issue_key: str, desk: AtDesk, viewer: Coordinator) -> Response:
    """An issue: its parts, how it will look, and what stands in its way."""
    del viewer
    return await _page(desk, _key(issue_key), None)


@router.post(PAGE + "/{issue_key}")
async def write(issue_key: str, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Save its parts, if nobody else did in the meantime."""
    del viewer
    key = _key(issue_key)
    issue = await desk.services.notifications.read(f"/bulletins/{key}", Issue)
    body = {
        "title": form.value("title"),
        "texts": {part: form.value(part) or None for part in PARTS},
        "left_out": [one.source_id for one in issue.entries if form.value(f"out:{one.source_id}")],
        "topics": issue.topics,
        "list": issue.list,
    }
    doing = desk.services.notifications.put(
        f"/bulletins/{key}", body, shape=Done, tag=f'"{form.value("version")}"'
    )
    trouble = await tried(doing, form)
    if trouble:
        return await _page(desk, key, trouble, status=422)
    return RedirectResponse(f"{PAGE}/{key}#preview", 303)


@router.get(PAGE + "/{issue_key}/picture")
async def picture(
    issue_key: str, desk: AtDesk, viewer: Coordinator, width: Literal[390, 640] = 640
) -> Response:
    """The letter as it will look, on a screen or on a phone."""
    del viewer
    path = f"/bulletins/{_key(issue_key)}/preview/picture?width={width}"
    try:
        found = await desk.services.notifications.opened(path, {})
    except Refused as no:
        trouble = Form(trouble=no.refusal.detail or "There is no picture on this machine.")
        return await _page(desk, issue_key, trouble, status=409)
    content = await found.aread()
    await found.aclose()
    return Response(content, media_type="image/png", headers={"Cache-Control": "no-store"})


@router.post(PAGE + "/{issue_key}/state")
async def go_on(issue_key: str, desk: AtDesk, viewer: Coordinator, form: DeskForm) -> Response:
    """Bring it further, or back."""
    del viewer
    key, body = _key(issue_key), {"state": form.value("state")}
    if form.value("state") == "scheduled":
        body["scheduled_for"] = f"{form.value('day')}T{form.value('time') or '10:00'}"
    if form.value("note"):
        body["note"] = form.value("note")
    doing = desk.services.notifications.put(
        f"/bulletins/{key}/state", body, shape=Done, tag=f'"{form.value("version")}"'
    )
    trouble = await tried(doing, form)
    if trouble:
        return await _page(desk, key, trouble, status=422)
    return RedirectResponse(f"{PAGE}/{key}", 303)


def _key(given: str) -> str:
    if not KEY.fullmatch(given):
        raise NotThere("notifications")
    return given


async def _list(desk: Desk, form: Form, status: int = 200) -> Response:
    found = await or_none(desk.services.notifications, "/bulletins?limit=50", Issues)
    context = {"area": "bulletins", "issues": found, "states": STATES, "form": form, "at": PAGE}
    return desk.pages.page("coordinate/bulletins.html", context, status=status)


async def _page(desk: Desk, key: str, form: Form | None, *, status: int = 200) -> Response:
    letters, path = desk.services.notifications, f"/bulletins/{key}"
    issue = await letters.read(path, Issue)
    checks, text = await asyncio.gather(
        or_none(letters, f"{path}/checks", Checks), _preview(desk, path)
    )
    kept = form or Form()
    values = {name: said or "" for name, said in issue.texts.items()} | {"title": issue.title}
    values |= {f"out:{one}": "yes" for one in issue.left_out}
    context = {
        "area": "bulletins",
        "within": True,
        "issue": issue,
        "checks": checks,
        "preview": text,
        "parts_of": PARTS,
        "state": STATES.get(issue.state, issue.state),
        "steps": STEPS.get(issue.state, ()),
        "writable": issue.state in WRITABLE,
        "form": Form(kept.key, {**values, **kept.values}, kept.errors, kept.trouble),
        "at": f"{PAGE}/{key}",
    }
    return desk.pages.page("coordinate/bulletin.html", context, status=status)


async def _preview(desk: Desk, path: str) -> str | None:
    try:
        return await desk.services.notifications.text(f"{path}/preview/text")
    except (Away, NotThere, Refused):
        return None
