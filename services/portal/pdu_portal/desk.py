"""What every page has at hand: settings, templates, the four services and the board."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from pdu_portal.board import Board
from pdu_portal.lists import Lists
from pdu_portal.neighbours import Neighbours
from pdu_portal.pages import Pages
from pdu_portal.right_now import Counters
from pdu_portal.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """One portal's belongings, made when it opens."""

    settings: Settings
    pages: Pages
    services: Neighbours
    lists: Lists
    board: Board
    counters: Counters
    closing: Callable[[], bool]


def desk_of(request: Request) -> Desk:
    """The desk that the request came to."""
    return cast("Desk", request.app.state.desk)


AtDesk = Annotated[Desk, Depends(desk_of)]
