"""What a manager asks of bookings and the hub, on their stand-ins."""

from dataclasses import dataclass, field

from portal.stand_in import Town, now

YEAR = "y10"


@dataclass
class Team:
    """Whom a manager asked to come, and what their organisation promised."""

    town: Town
    asked: list[dict] = field(default_factory=list)
    promises: list[dict] = field(default_factory=list)

    def nominate(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        self.asked.append(body)
        return 201, {"nomination_id": "018f0000-0000-7000-8000-0000000000a7"}

    def promise(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        if self.town.refusal:
            return self.town.refusal
        known = {"commitment_id": "018f0000-0000-7000-8000-0000000000a8", "state": "intended"}
        self.promises.append({**known, "kept": 3, **body})
        return 201, self.promises[-1]


def managing(town: Town) -> Team:
    """A manager's team in this town, with its first event open to nominations."""
    it = Team(town)
    path = f"/learning-events/{next(iter(town.events))}/nominations"
    words = town.resources.answers["GET /vocabulary"]
    this_year = now().year
    years = [
        {"code": YEAR, "label": "Year 10", "from": f"{this_year}-01-01", "to": f"{this_year}-12-31"}
    ]

    def vocabulary(*asked: object) -> tuple[int, object]:
        status, lists = words(*asked)
        return status, {**lists, "project_years": years}

    bookings = {
        f"GET {path}": lambda *_: (
            200, {"nominated": len(it.asked), "accepted": 0, "declined": 0}
        ),
        f"POST {path}": it.nominate,
    }  # fmt: skip
    town.reporting.answers["GET /own-organisation"] = lambda *_: (200, {
        "withheld_below": 5,
        "years": [
            {"label": "Year 8", "is_partial": True, "individuals": 12, "attendances": 31},
            {"label": "Year 9", "withheld": True, "individuals": None, "attendances": None},
        ],
    })  # fmt: skip
    town.bookings_service.answers = {**bookings, **town.bookings_service.answers}
    town.resources.answers |= {
        "GET /vocabulary": vocabulary,
        "GET /commitments": lambda *_: (200, {"items": it.promises, "next": None}),
        "POST /commitments": it.promise,
    }
    return it
