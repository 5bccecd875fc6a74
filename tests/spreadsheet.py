"""What somebody with a spreadsheet would count: every metric, straight from the rows of a folder.

Beside the six files of a folder there may be `indicators`, what organisations count themselves.

Written apart from the platform and without its code, so that the two can be held against each
other. Slow, simple, and right for small folders.
"""

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

FILES = (
    "events", "attendances", "members", "activity", "survey_invitations", "survey_answers",
    "indicators",
)  # fmt: skip
FIRST_DAY = date(2017, 10, 1)

Row = dict[str, str]
Filter = Mapping[str, object]
Share = tuple[int, int]


class Spreadsheet:
    """The rows of the six files, with the few columns worked out that counting needs."""

    def __init__(self, rows: Mapping[str, Sequence[Row]]) -> None:
        self.rows = {name: [dict(row) for row in rows.get(name, ())] for name in FILES}
        for row in (row for name in FILES for row in self.rows[name] if "person_email" in row):
            row["person"] = row["account"] = row["person_email"].strip().lower()
        for row in self.rows["events"]:
            row["day"] = row["starts_at"][:10]  # the local day on which it starts
        sessions = {row["event_key"]: row for row in self.rows["events"]}
        for row in self.rows["attendances"]:
            row.update({column: sessions[row["event_key"]][column] for column in ("day", "kind")})
            row["series"] = sessions[row["event_key"]]["series"]

    @classmethod
    def of(cls, folder: Path) -> "Spreadsheet":
        """The files of a folder; one that is missing has no rows."""
        rows: dict[str, list[Row]] = {}
        for name in FILES:
            if (path := folder / f"{name}.csv").exists():
                with path.open(encoding="utf-8", newline="") as file:
                    rows[name] = list(csv.DictReader(file))
        return cls(rows)

    def figure(self, metric: str, asked: Filter) -> str | Decimal | Share:
        """A figure: a whole number, "min-max", or the two numbers of a share, ratio or score."""
        counted: str | int | Share = METRICS[metric](self, asked)
        return Decimal(counted) if isinstance(counted, int) else counted

    def merge(self, kept: str, merged: str) -> None:
        """Two addresses turn out to be one person's."""
        for row in (row for name in FILES for row in self.rows[name]):
            if row.get("person") == merged:
                row.update(person=kept, under="another address")

    def came(self) -> list[Row]:
        """Who came: each once in a session, as they are under the address that is kept."""
        once: dict[tuple[str, str], Row] = {}
        for row in self.rows["attendances"]:
            if row["state"] == "present":
                first = once.setdefault((row["event_key"], row["person"]), row)
                if "under" in first and "under" not in row:
                    once[row["event_key"], row["person"]] = row
        return list(once.values())

    def sessions(self, asked: Filter) -> list[Row]:
        """Sessions that were held."""
        return [
            row for row in self.rows["events"] if row["status"] == "held" and _matches(row, asked)
        ]

    def attended(self, asked: Filter, *, without: tuple[str, ...] = ()) -> list[Row]:
        """Rows of people who came."""
        kept = {name: value for name, value in asked.items() if name not in without}
        return [row for row in self.came() if _matches(row, kept) and _is(row, kept, *WHO)]

    def members(self, asked: Filter) -> list[Row]:
        """Accounts registered up to a day, or within a period."""
        return [
            row
            for row in self.rows["members"]
            if row["registered_at"][:10] <= str(asked.get("as_of", "9"))
            and _within(row["registered_at"][:10], asked)
            and _is(row, asked, *WHO)
        ]

    def answers(self, asked: Filter) -> list[Row]:
        """Rows of the surveys, one for each option chosen."""
        return [
            row
            for row in self.rows["survey_answers"]
            if _is(row, asked, "survey_key", "wave", "question_code", "option_code")
            and _is(row, asked, "respondent_work_field")
            and row["submitted_at"][:10] >= str(asked.get("submitted_from", ""))
        ]


WHO = ("sector", "work_field")


def year_of(day: str) -> int | None:
    """The project year of a local day."""
    at = date.fromisoformat(day)
    if at < FIRST_DAY:
        return None
    return (at.year if at.month >= 4 else at.year - 1) - 2016


def as_printed(share: Share, *, times: int = 1) -> Decimal:
    """A share, ratio or score with two decimals, half up."""
    exact = Fraction(share[0] * times, share[1])
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


def _is(row: Row, asked: Filter, *names: str) -> bool:
    for name in names:
        wanted = asked.get(name)
        words = wanted if isinstance(wanted, list) else [wanted]
        if wanted is not None and row[name] not in words:
            return False
    return True


def _within(day: str, asked: Filter) -> bool:
    year = asked.get("project_year")
    return str(asked.get("period_from", "")) <= day <= str(asked.get("period_to", "9")) and (
        year is None or year_of(day) == int(str(year))
    )


def _matches(row: Row, asked: Filter) -> bool:
    return _within(row["day"], asked) and _is(row, asked, "kind", "series")


def _people(rows: Sequence[Row]) -> set[str]:
    return {row["person"] for row in rows}


def _accounts(rows: Sequence[Row]) -> set[str]:
    """Whoever has two of them is one person, and has two accounts still."""
    return {row["account"] for row in rows}


def _organisations(rows: Sequence[Row]) -> set[str]:
    """However their names are written."""
    return {" ".join(row["organisation"].lower().split()) for row in rows} - {""}


def _responses(rows: Sequence[Row]) -> set[str]:
    return {row["response_key"] for row in rows}


def _range(numbers: Sequence[int]) -> str:
    return f"{min(numbers)}-{max(numbers)}"


def _up_to(asked: Filter) -> Filter:
    return {"period_to": asked.get("as_of", "9")}


def _bookings(sheet: Spreadsheet, asked: Filter) -> int:
    return sum(
        _matches(row, asked)
        and _is(row, asked, *WHO)
        and row["booked_at"][:10] <= str(asked.get("booked_to", "9"))
        for row in sheet.rows["attendances"]
    )


def _attendance_share(sheet: Spreadsheet, asked: Filter) -> Share:
    return len(sheet.attended(asked)), len(sheet.attended(asked, without=WHO))


def _attendance_ratio(sheet: Spreadsheet, asked: Filter) -> Share:
    other = {**asked, "sector": asked["against_sector"]}
    return len(sheet.attended(asked)), len(sheet.attended(other))


def _range_per_session(sheet: Spreadsheet, asked: Filter) -> str:
    return _range(list(Counter(row["event_key"] for row in sheet.attended(asked)).values()))


def _repeat_band(sheet: Spreadsheet, asked: Filter) -> str:
    times = Counter(row["person"] for row in sheet.attended(asked)).values()
    return _range([number for number in times if number > 1])


def _registration_share(sheet: Spreadsheet, asked: Filter) -> Share:
    everybody = {name: value for name, value in asked.items() if name not in WHO}
    return len(_accounts(sheet.members(asked))), len(_accounts(sheet.members(everybody)))


def _indicator_share(sheet: Spreadsheet, asked: Filter) -> Share:
    newest = {
        (row["organisation"].lower(), row["series"], row["period_from"]): row
        for row in sheet.rows["indicators"]
    }
    rows = [
        row
        for row in newest.values()
        if _is(row, asked, "indicator")
        and row["period_from"] >= str(asked.get("period_from", ""))
        and row["period_to"] <= str(asked.get("period_to", "9"))
    ]
    return sum(int(row["numerator"]) for row in rows), sum(int(row["denominator"]) for row in rows)


def _active(sheet: Spreadsheet, asked: Filter) -> int:
    return len(_people([row for row in sheet.rows["activity"] if _within(row["at"][:10], asked)]))


def _reach(sheet: Spreadsheet, asked: Filter) -> tuple[set[str], set[str]]:
    return _people(sheet.members(asked)), _people(sheet.attended(_up_to(asked)))


def _survey_share(sheet: Spreadsheet, asked: Filter) -> Share:
    without = ("option_code",) if asked["base"] == "answered" else ("option_code", "question_code")
    base = {name: value for name, value in asked.items() if name not in without}
    return len(_responses(sheet.answers(asked))), len(_responses(sheet.answers(base)))


def _response_rate(sheet: Spreadsheet, asked: Filter) -> Share:
    delivered = [
        row
        for row in sheet.rows["survey_invitations"]
        if row["delivered"] == "true" and _is(row, asked, "survey_key", "wave")
    ]
    return len(_responses(sheet.answers(asked))), len(delivered)


def _score(sheet: Spreadsheet, asked: Filter) -> Share:
    offered = int(str(asked["items_offered"]))
    ranks = [int(row["rank"]) for row in sheet.answers(asked) if row["rank"]]
    return sum(offered - rank + 1 for rank in ranks), len(ranks)


def _position(sheet: Spreadsheet, asked: Filter) -> int:
    everything = {name: value for name, value in asked.items() if name != "option_code"}
    items = {row["option_code"] for row in sheet.answers(everything) if row["rank"]}
    own = Fraction(*_score(sheet, asked))
    return 1 + sum(Fraction(*_score(sheet, {**asked, "option_code": item})) > own for item in items)


METRICS: dict[str, Callable[[Spreadsheet, Filter], str | int | Share]] = {
    "events_held": lambda sheet, asked: len(sheet.sessions(asked)),
    "cops_active": lambda sheet, asked: len(
        {row["series"] for row in sheet.sessions({**asked, "kind": "cop_session"})}
    ),
    "bookings": _bookings,
    "attendances": lambda sheet, asked: len(sheet.attended(asked)),
    "individuals": lambda sheet, asked: len(_people(sheet.attended(asked))),
    "organisations": lambda sheet, asked: len(_organisations(sheet.attended(asked))),
    "indicator_share": _indicator_share,
    "attendance_share": _attendance_share,
    "attendance_ratio": _attendance_ratio,
    "attendance_range_per_session": _range_per_session,
    "repeat_attendance_band": _repeat_band,
    "hub_registrations": lambda sheet, asked: len(_accounts(sheet.members(asked))),
    "hub_registration_share": _registration_share,
    "hub_new_users": lambda sheet, asked: len(_accounts(sheet.members(asked))),
    "hub_active_users": _active,
    "individuals_reached": lambda sheet, asked: len(set.union(*_reach(sheet, asked))),
    "individuals_blended": lambda sheet, asked: len(set.intersection(*_reach(sheet, asked))),
    "individuals_hub_only": lambda sheet, asked: len(set.difference(*_reach(sheet, asked))),
    "individuals_events_only": lambda sheet, asked: len(
        set.difference(*reversed(_reach(sheet, asked)))
    ),
    "survey_responses": lambda sheet, asked: len(_responses(sheet.answers(asked))),
    "question_responses": lambda sheet, asked: len(_responses(sheet.answers(asked))),
    "survey_share": _survey_share,
    "response_rate": _response_rate,
    "rank_score": _score,
    "rank_position": _position,
}
"""Every metric by its name."""
