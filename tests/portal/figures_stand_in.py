"""Reporting of a town: figures as the team sees them, and as everybody does."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs
from uuid import uuid4

from portal.stand_in import Town, now

YEARS = [
    {"code": "y1", "label": "Year 1", "starts_on": "2017-10-01", "ends_on": "2018-03-31",
     "is_partial": True, "in_progress": False, "comparable": False, "months": 6},
    {"code": "y2", "label": "Year 2", "starts_on": "2018-04-01", "ends_on": "2019-03-31",
     "is_partial": False, "in_progress": False, "comparable": True, "months": 12},
]  # fmt: skip
WITHHELD = {"withheld": "[c] is withheld, so that nobody can be recognised: fewer than 5."}
SVG = '<svg class="chart" role="img" width="100%" height="9em"><title>Columns</title></svg>'
FILTERS = ("project_year", "workstream", "sector")

CLAIMS = {
    "items": [
        {
            "report": "2021",
            "claim": {
                "id": "reach",
                "statement": "947 individuals were reached.",
                "metric": "individuals_reached",
                "filter": {},
                "value": 947,
                "source_report": "Evaluation 2021, page 9",
            },
            "counted": 946,
            "numerator": None,
            "denominator": None,
            "verdict": verdict,
            "reason": reason,
        }
        for verdict, reason in (("same", ""), ("base", "Printed as 36 of 75."))
    ],
    "verdicts": {"same": 1, "base": 1},
    "as_of": None,
    "journal_position": 4711,
}


def row(value: object, **more: object) -> dict:
    return {
        "value": value,
        "numerator": None,
        "denominator": None,
        "withheld": False,
        "comparable": True,
        "caveats": [],
    } | more


def hidden(**more: object) -> dict:
    return row(None, withheld=True, caveats=["withheld"], **more)


@dataclass
class Counted:
    """What reporting would say, and what it was asked."""

    town: Town
    asked: list[dict] = field(default_factory=list)
    svg: str = SVG
    refusal: tuple[int, dict] | None = None
    snapshots: list[dict] = field(default_factory=list)
    published: dict = field(default_factory=dict)
    definitions: list[dict] = field(default_factory=list)
    frozen: list[dict] = field(default_factory=list)

    def rows(self, name: str, by: str) -> list[dict]:  # noqa: PLR0911 - one for each cut
        match by:
            case "project_year":
                return [row(164, project_year="y1"), row(312, project_year="y2")]
            case "sector":
                return [row(252, sector="voluntary"), row(3, sector="private")]
            case "work_field,project_year":
                return [
                    row(71, work_field="housing_homelessness", project_year="y1"),
                    row(111, work_field="housing_homelessness", project_year="y2"),
                    row(22, work_field=None, project_year="y2"),
                ]
            case "option_code":
                return [
                    row(48.0, option_code="much_greater", numerator=36, denominator=75),
                    row(36.0, option_code="some_more", numerator=27, denominator=75),
                ]
            case "survey_key":
                return [row(36.0, survey_key="post_event", numerator=75, denominator=210,
                            caveats=["small_base"])]  # fmt: skip
            case "level":
                return []
        return [row({"individuals_reached": 947, "attendances": 1349}.get(name, 660))]

    def answer(self, path: str, query: dict, _body: dict) -> tuple[int, object]:
        name = path.split("/")[2]
        if path.endswith("/messages"):
            return self.behind(query)
        self.asked.append({"name": name} | {k: v[0] for k, v in query.items()})
        if self.refusal:
            return self.refusal
        by = query.get("by", [""])[0]
        answer = {
            "name": name,
            "statement": f"How {name} are counted.",
            "unit": "percent" if name in {"survey_share", "response_rate"} else "count",
            "as_of": now().isoformat(),
            "journal_position": 4711,
            "audience": "team",
            "by": by.split(",") if by else [],
            "filters": {},
            "project_years": YEARS,
            "caveats": {"small_base": "A small base, fewer than 30: do not generalise."},
            "rows": self.rows(name, by),
        }
        match query.get("format", ["json"])[0]:
            case "chart" if len(answer["by"]) != 1 or not answer["rows"]:
                errors = [{"pointer": "/query/by", "code": "not_drawn", "detail": "By one."}]
                return 422, {"title": "No.", "status": 422, "errors": errors}
            case "chart":
                words = {"title": f"{name} rose", "subtitle": "Of all", "notes": ["Mind this."]}
                return 200, words | {"svg": self.svg, "answer": answer}
            case "csv":
                return 200, "sector,value\nvoluntary,252\n"
        return 200, answer

    def behind(self, query: dict) -> tuple[int, object]:
        after = int(query["after"][0])
        one = {
            "position": after + 1,
            "message_id": str(uuid4()),
            "type": "bookings.AttendanceRecorded",
            "subject": f"session/{uuid4()}",
            "occurred_at": now().isoformat(),
        }
        return 200, {"items": [one], "next": None if after else 1, "journal_position": 4711}

    def report(self, path: str, query: dict, _body: dict) -> tuple[int, object]:
        if self.refusal:
            return self.refusal
        self.asked.append({"path": path} | {k: v[0] for k, v in query.items()})
        return 200, "%PDF of the year"

    def freeze(self, _path: str, _query: dict, body: dict) -> tuple[int, object]:
        self.frozen.append(body)
        return 201, self.snapshot(**body)

    def snapshot(self, **more: object) -> dict:
        one = {
            "snapshot_id": str(uuid4()),
            "kind": "report",
            "title": "For the funders",
            "up_to": None,
            "frozen_at": now().isoformat(),
            "as_of": now().isoformat(),
            "journal_position": 4000,
            "tables": ["attendances", "individuals"],
        } | more
        self.snapshots.append(one)
        return one

    def compare(self, path: str, query: dict, _body: dict) -> tuple[int, object]:
        then = next(one for one in self.snapshots if one["snapshot_id"] == path.split("/")[2])
        differs = {
            "name": "attendances.project_year",
            "figure": "attendances",
            "by": ["project_year"],
            "filters": {},
            "same": False,
            "rows": [
                {"row": {"project_year": "y2"}, "then": 310, "now": 312, "difference": 2},
                {"row": {"project_year": "y1"}, "then": 164, "now": 164, "difference": 0},
            ],
            "reasons": {"late": 2},
            "messages": {"bookings.AttendanceRecorded": 2},
        }
        same = differs | {"name": "individuals", "same": True}
        other = query["with"][0]
        now_ = None if other == "now" else self.snapshots[-1]
        return 200, {
            "then": then,
            "now": now_,
            "positions": [4000, 4711],
            "tables": [differs, same],
        }


def table(name: str, by: str, *rows: dict) -> dict:
    return {
        "name": name,
        "figure": name.partition(".")[0],
        "statement": f"How {name} is counted.",
        "unit": "count",
        "by": [by] if by else [],
        "rows": list(rows),
    }


def counted(town: Town) -> Counted:
    """A town with figures, of which a set is published."""
    it = Counted(town)
    names = (
        "attendances", "individuals", "individuals_reached", "hub_registrations", "survey_share",
        "response_rate", "impacts",
    )  # fmt: skip
    it.definitions = [
        {
            "name": name,
            "statement": f"How {name} are counted.",
            "unit": "count",
            "dimensions": ["project_year", "sector"],
            "filters": [
                {"name": one, "kind": "codes", "required": False, "codes": None} for one in FILTERS
            ],
        }
        for name in names
    ]
    it.published = {
        "snapshot_id": str(uuid4()),
        "title": "Spring 2026",
        "frozen_at": now().isoformat(),
        "as_of": now().isoformat(),
        "journal_position": 4000,
        "project_years": [
            {name: year[name] for name in ("code", "label", "starts_on", "ends_on", "is_partial")}
            for year in YEARS
        ],
        "caveats": WITHHELD,
        "tables": [
            table(
                "totals", "figure",
                row(940, figure="individuals_reached"), row(1345, figure="attendances"),
                hidden(figure="individuals"), row(470, figure="hub_registrations"),
            ),
            table(
                "attendances.sector", "sector",
                row(252, sector="voluntary"), hidden(sector="private"), hidden(sector=None),
            ),
            table("attendances", "project_year", row(164, project_year="y1")),
        ],
    }  # fmt: skip
    town.services["reporting"].answers |= {
        "GET /figures": lambda *_: (200, {"items": it.definitions}),
        "GET /figures/*": it.answer,
        "GET /codes/*": lambda path, *_: (
            200,
            {"name": path, "codes": ["y1", "y2"] if path.endswith("year") else ["housing"]},
        ),
        "GET /claims": lambda *_: (200, CLAIMS),
        "GET /reports/*": it.report,
        "GET /published": lambda *_: (200, it.published),
        "GET /snapshots": lambda *_: (200, {"items": it.snapshots, "next": None}),
        "GET /snapshots/*": it.compare,
        "POST /snapshots": it.freeze,
    }
    return it


def asked_of(address: str) -> dict:
    """What an address asks for."""
    return {key: value[0] for key, value in parse_qs(address.partition("?")[2]).items()}
