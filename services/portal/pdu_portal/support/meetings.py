"""Where experts meet, what came out of it, and what somebody has prepared themselves with."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel
from starlette.responses import Response

from pdu_portal.asking import or_none
from pdu_portal.asks import AMBASSADOR, EXPERT, Ask, Step, terms
from pdu_portal.desk import AtDesk
from pdu_portal.form import Form
from pdu_portal.neighbours import NotThere
from pdu_portal.signed_in import OwnForm, only_for
from pdu_portal.step_form import shown, taken
from pdu_portal.support.shapes import Expert, Nothing
from pdu_portal.viewer import Viewer

router = APIRouter(include_in_schema=False)

Ambassador = Annotated[Viewer, Depends(only_for(AMBASSADOR))]
Staff = Annotated[Viewer, Depends(only_for(AMBASSADOR, "coordinator"))]
Meets = Annotated[Viewer, Depends(only_for(AMBASSADOR, EXPERT, "coordinator"))]
PAGE, API = "/support/meetings", "/lived-experience"
WHO = {"mixed": "Everybody", "women_only": "Women"}
TRAININGS = {
    "deciding_what_to_share": "Deciding what to share",
    "speaking_in_a_group": "Speaking in a group",
    "looking_after_oneself": "Looking after oneself",
    "planning_together": "Planning together",
    "other": "Something else",
}
ARRANGE = Step(
    "A new meeting",
    "Everybody who takes part sees the day and the place.",
    "Arrange it",
    f"{API}/meetings",
    (
        Ask("composition", "one_of", "Who is it for?", terms=terms(WHO)),
        Ask("on", "day", "Which day?"),
        Ask("begins", "clock", "When does it begin?"),
        Ask("ends", "clock", "When does it end?"),
        Ask("place", "line", "Where?"),
    ),
    roles=(AMBASSADOR,),
    body=lambda said: {
        "composition": said["composition"],
        "starts_at": f"{said['on']}T{said['begins']}",
        "ends_at": f"{said['on']}T{said['ends']}",
        "place": said["place"],
    },
)
OUTPUTS = Step(
    "What came out of it",
    "Ambassadors and coordinators read this. Leave out who said what.",
    "Save",
    "/outputs",
    (Ask("text", "long", "What came out of the meeting"),),
    roles=(AMBASSADOR,),
)
TRAINING = Step(
    "What they prepared themselves with",
    "Only you, they and coordinators see this.",
    "Save",
    "/trainings",
    (
        Ask("kind", "one_of", "What was it about?", terms=terms(TRAININGS)),
        Ask("taken_on", "day", "Which day was it?"),
    ),
    roles=(AMBASSADOR,),
)


class Meeting(BaseModel):
    """When and where experts meet."""

    meeting_id: UUID
    composition: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    place: str
    has_outputs: bool = False


class Meetings(BaseModel):
    """All of them, the latest first."""

    items: list[Meeting] = []


class Outputs(BaseModel):
    """What came out of one."""

    text: str


@router.get(PAGE)
async def meetings(desk: AtDesk, viewer: Meets) -> Response:
    """When and where experts meet."""
    found = await or_none(desk.services.bookings, f"{API}/meetings", Meetings)
    context = {
        "area": "support" if viewer.has(AMBASSADOR) else "part",
        "within": True,
        "private": True,
        "meetings": found,
        "who": WHO,
        "arranges": viewer.has(AMBASSADOR),
        "reads": viewer.has(AMBASSADOR, "coordinator"),
        "at": PAGE,
    }
    return desk.pages.page("support/meetings.html", context)


@router.get(PAGE + "/new")
async def new(desk: AtDesk, viewer: Ambassador) -> Response:
    """The form for another one."""
    del viewer
    return shown(desk, ARRANGE, back=PAGE, area="support")


@router.post(PAGE + "/new")
async def arrange(desk: AtDesk, viewer: Ambassador, form: OwnForm) -> Response:
    """Arrange it."""
    del viewer
    send = partial(desk.services.bookings.send, ARRANGE.path, key=form.once, shape=Meeting)
    return await taken(desk, ARRANGE, form, to=PAGE, back=PAGE, send=send, area="support")


@router.get(PAGE + "/{meeting_id}")
async def outputs(meeting_id: UUID, desk: AtDesk, viewer: Staff) -> Response:
    """What came out of one: ambassadors write it, coordinators read it, which is written down."""
    try:
        path = f"{API}/meetings/{meeting_id}/outputs"
        text = (await desk.services.bookings.read(path, Outputs)).text
    except NotThere:
        text = ""  # nothing is written down yet
    if viewer.has(AMBASSADOR):
        form = Form(values={"text": text})
        return shown(desk, OUTPUTS, back=PAGE, form=form, area="support")
    context = {"area": "support", "within": True, "private": True, "text": text, "at": PAGE}
    return desk.pages.page("support/outputs.html", context)


@router.post(PAGE + "/{meeting_id}")
async def write(meeting_id: UUID, desk: AtDesk, viewer: Ambassador, form: OwnForm) -> Response:
    """Write down what came out of it."""
    del viewer
    path = f"{API}/meetings/{meeting_id}/outputs"
    send = partial(desk.services.bookings.put, path, shape=Nothing)
    return await taken(desk, OUTPUTS, form, to=PAGE, back=PAGE, send=send, area="support")


@router.get("/support/people/{expert_id}/training")
async def training(expert_id: UUID, desk: AtDesk, viewer: Ambassador) -> Response:
    """The form for something they prepared themselves with."""
    del viewer
    await desk.services.bookings.read(f"{API}/experts/{expert_id}", Expert)
    return shown(desk, TRAINING, back=f"/support/people/{expert_id}", area="support")


@router.post("/support/people/{expert_id}/training")
async def note(expert_id: UUID, desk: AtDesk, viewer: Ambassador, form: OwnForm) -> Response:
    """Note it down."""
    del viewer
    back = f"/support/people/{expert_id}"
    path = f"{API}/experts/{expert_id}/trainings"
    send = partial(desk.services.bookings.put, path, shape=Expert)
    return await taken(desk, TRAINING, form, to=back, back=back, send=send, area="support")
