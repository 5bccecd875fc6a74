"""What a page asks for that is only for somebody who has signed in, and the forms on it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import Depends, Request

from pdu_portal.desk import AtDesk
from pdu_portal.form import LARGEST, MOST_FIELDS, Form, typed
from pdu_portal.neighbours import Away
from pdu_portal.viewer import Viewer


class SignInFirst(Exception):
    """Nobody has signed in; what was typed is kept."""

    def __init__(self, sent: Mapping[str, str] | None = None) -> None:
        super().__init__("sign in first")
        self.sent = sent


class PressAgain(Exception):
    """The key of a form is not one of ours any more; what was typed is kept."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        super().__init__("press again")
        self.sent = sent


class NotForYou(Exception):
    """The page is for others."""


async def signed_in(request: Request, desk: AtDesk) -> Viewer:
    """Whoever has signed in; raises SignInFirst, or Away while the hub cannot say."""
    if desk.viewer is None:
        raise SignInFirst(await typed(request) if request.method == "POST" else None)
    if not desk.viewer.token:
        raise Away("resources")
    return desk.viewer


SignedIn = Annotated[Viewer, Depends(signed_in)]


def form_of(
    *, largest: int = LARGEST, most_fields: int = MOST_FIELDS
) -> Callable[..., Awaitable[Form]]:
    """The door for forms of at most this size, as `Depends` wants it."""

    async def own_form(request: Request, viewer: SignedIn, desk: AtDesk) -> Form:
        """A form that this viewer was shown not long ago; raises PressAgain when it is not."""
        sent = await typed(request, largest=largest, most_fields=most_fields)
        if not desk.jar.is_good(sent.get("key", ""), viewer):
            raise PressAgain(sent)
        return Form(sent["key"], {name: value.strip() for name, value in sent.items()})

    return own_form


OwnForm = Annotated[Form, Depends(form_of())]
"""Every form of somebody who has signed in comes through this door."""


def only_for(*roles: str) -> Callable[[Viewer], Awaitable[Viewer]]:
    """What `Depends` lets on a page, and nobody else; services check it again."""

    async def check(viewer: SignedIn) -> Viewer:
        if not viewer.has(*roles):
            raise NotForYou
        return viewer

    return check
