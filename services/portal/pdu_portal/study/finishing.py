"""The end of a module: a certificate for whoever wants one, and what comes next."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from pdu_portal.asking import or_none
from pdu_portal.desk import AtDesk
from pdu_portal.hub_shapes import Module
from pdu_portal.link import key_in
from pdu_portal.mine.learning_shapes import MyPathways
from pdu_portal.signed_in import OwnForm, SignedIn
from pdu_portal.study.shapes import Certificate, Progress

router = APIRouter(include_in_schema=False)


@router.get("/learn/{module_key}/finished")
async def finished(module_key: str, _: SignedIn, desk: AtDesk) -> Response:
    """Say that it is done, as far as it is."""
    path, resources = f"/modules/{key_in(module_key)}", desk.services.resources
    progress = await resources.read(f"{path}/progress", Progress)
    if progress.state != "completed":
        return RedirectResponse(f"/learn/{module_key}/resume", 303)
    context = {
        "area": "learn",
        "within": True,
        "module": await resources.read(path, Module),
        "certificate": await or_none(resources, f"{path}/certificate", Certificate),
        "ways": await or_none(resources, "/my-pathways", MyPathways),
        "private": True,
    }
    return desk.pages.page("study/finished.html", context)


@router.post("/learn/{module_key}/finished")
async def ask_for_certificate(module_key: str, form: OwnForm, desk: AtDesk) -> Response:
    """Have a certificate, or have it name me otherwise."""
    path = f"/modules/{key_in(module_key)}/certificate"
    body = {"show_name": form.value("show_name") == "yes"}
    await desk.services.resources.put(path, body, shape=Certificate)
    return RedirectResponse(f"/learn/{module_key}/finished", 303)
