"""What every page has at hand: settings, templates, the four services and the board."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Self, cast

from fastapi import Depends, Request

from pdu_portal.board import Board
from pdu_portal.jar import Jar
from pdu_portal.lists import Lists
from pdu_portal.neighbours import Neighbours
from pdu_portal.pages import Pages
from pdu_portal.right_now import Counters
from pdu_portal.settings import Settings
from pdu_portal.viewer import Viewer

VIEWER = "pdu.viewer"  # where it stands in the scope who looks


@dataclass(frozen=True, slots=True)
class Desk:
    """One portal's belongings, made when it opens; for a request, with who looks."""

    settings: Settings
    pages: Pages
    services: Neighbours
    """As the viewer meets them, if there is one."""
    everybodys: Neighbours
    """As everybody meets them."""
    lists: Lists
    board: Board
    counters: Counters
    jar: Jar
    closing: Callable[[], bool]
    viewer: Viewer | None = None

    def seen_by(self, viewer: Viewer) -> Self:
        """The desk at which this viewer stands: pages greet them, services answer them."""
        return replace(
            self,
            viewer=viewer,
            pages=self.pages.seen_by(viewer, self.jar.form_key(viewer)),
            services=self.everybodys.asked_by(viewer.token) if viewer.token else self.everybodys,
        )

    def visited_by(self, viewer: Viewer) -> Self:
        """The desk as a visitor meets it, with a way back in the footer for this viewer."""
        return replace(self, pages=self.pages.visited(self.jar.form_key(viewer)))


def who_visits(request: Request) -> Viewer | None:
    """Who has signed in, also while they look as a visitor does."""
    return cast("Viewer | None", request.scope.get(VIEWER))


def desk_of(request: Request) -> Desk:
    """The desk that the request came to, with who looks."""
    desk = cast("Desk", request.app.state.desk)
    viewer = request.scope.get(VIEWER)
    if viewer and viewer.visits:
        return desk.visited_by(viewer)
    return desk.seen_by(viewer) if viewer else desk


async def _desk(request: Request) -> Desk:
    # Not `desk_of` itself: FastAPI sends what is no coroutine to a thread and back.
    return desk_of(request)


AtDesk = Annotated[Desk, Depends(_desk)]
