"""Records that nobody has seen: folders thrown together by chance, within the form of records.md.

Whatever comes out is a folder that somebody could have kept; nobody in it exists.
"""

import csv
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

Row = dict[str, str]
Rows = dict[str, list[Row]]

BOUNDARIES = (
    "2018-03-31T23:30",  # the last half hour of a year, by the clock on the wall
    "2018-04-01T00:15",  # and the first of the next, which is still 31 March in UTC
    "2019-03-31T00:30",  # the night when the clocks go forward
    "2019-03-31T02:15",
    "2019-10-27T01:30",  # an hour that comes twice
    "2020-02-29T10:00",
    "2020-03-31T23:59",
    "2020-04-01T00:00",
    "2020-12-31T22:45",
)
SECTORS = ("voluntary", "statutory", "private")
FIELDS = ("housing_homelessness", "criminal_justice", "mental_health", "substance_use", "other")
LEVELS = ("front_line", "team_manager", "senior_manager", "volunteer")
AREAS = ("nottingham_city", "nottinghamshire", "national")
STREAMS = ("housing", "pie", "women")
SERIES = ("tenants", "hearing_voices")
STATES = ("present", "present", "present", "absent_no_show", "absent_apologies")
ACTIONS = ("viewed", "downloaded", "module_started", "module_completed")
HOUSES = ("Hearth House", "hearth  house", "HEARTH HOUSE", "Lantern Trust", "")
WAVES = ("chance-1", "chance-2")


INDICATORS = ("completion", "staff_retention")
QUARTERS = (
    ("2018-04-01", "2018-06-30"), ("2018-12-01", "2019-02-28"), ("2019-01-01", "2019-03-31"),
    ("2020-04-01", "2020-06-30"),
)  # fmt: skip


class Chance:
    """A folder's worth of rows, the same for the same seed."""

    def __init__(self, seed: int, questions: dict[str, "Question"]) -> None:
        self.random = Random(seed)  # noqa: S311 - the same for a seed
        self.name = f"x{seed}"
        self.questions = questions
        self.people = [f"{self.name}.guest{number}@example.org" for number in range(30)]

    def rows(self) -> Rows:
        """The six files."""
        events = [self._event(number) for number in range(14)]
        members = [self._member(who) for who in self.random.sample(self.people, 15)]
        invitations, answers = self._surveys(events)
        return {
            "events": events,
            "attendances": [row for event in events for row in self._register(event)],
            "members": members,
            "activity": self._activity(members),
            "survey_invitations": invitations,
            "survey_answers": answers,
        }

    def indicators(self) -> list[Row]:
        """What organisations count themselves; some put right what they reported before."""
        rows = []
        for _ in range(12):
            first, last = self.random.choice(QUARTERS)
            kind = self.random.choice(INDICATORS)
            denominator = self.random.randrange(1, 60)
            rows.append(
                {
                    "organisation": self.random.choice(("Hearth House", "HEARTH HOUSE", "Lantern")),
                    "indicator": kind,
                    "series": kind,
                    "period_from": first,
                    "period_to": last,
                    "numerator": str(self.random.randrange(denominator + 1)),
                    "denominator": str(denominator),
                }
            )
        return rows

    def _at(self) -> str:
        if self.random.random() < 0.4:
            return self.random.choice(BOUNDARIES)
        first = datetime(2017, 10, 1, 9)  # noqa: DTZ001 - local, as in the files
        return (first + timedelta(hours=self.random.randrange(0, 1300 * 24, 24))).isoformat(
            "T", "minutes"
        )

    def _written(self, address: str) -> str:
        return self.random.choice((address, address.upper(), address.title()))

    def _who(self) -> Row:
        choose = self.random.choice
        return {
            "organisation": choose(HOUSES),
            "sector": choose(SECTORS),
            "work_field": choose(FIELDS),
            "role_level": choose(LEVELS),
            "area": choose(AREAS),
        }

    def _event(self, number: int) -> Row:
        starts_at = self._at()
        ends_at = datetime.fromisoformat(starts_at) + timedelta(hours=4)
        kind = self.random.choice(("learning_event", "learning_event", "cop_session"))
        return {
            "event_key": f"{self.name}-e{number}",
            "title": f"By chance, number {number}",
            "kind": kind,
            "series": self.random.choice(SERIES) if kind == "cop_session" else "",
            "workstream": self.random.choice(STREAMS),
            "delivery_mode": "in_person",
            "starts_at": starts_at,
            "ends_at": ends_at.isoformat("T", "minutes"),
            "capacity": "60",
            "status": "cancelled" if self.random.random() < 0.1 else "held",
        }

    def _register(self, event: Row) -> list[Row]:
        booked = datetime.fromisoformat(event["starts_at"]) - timedelta(days=9)
        return [
            {
                "event_key": event["event_key"],
                "person_email": self._written(who),
                **self._who(),
                "booked_at": booked.isoformat("T", "minutes"),
                "state": self.random.choice(STATES) if event["status"] == "held" else "",
                "heard_about": self.random.choice(("", "word_of_mouth", "newsletter")),
            }
            for who in self.random.sample(self.people, self.random.randrange(1, 12))
        ]

    def _member(self, who: str) -> Row:
        return {"person_email": self._written(who), **self._who(), "registered_at": self._at()}

    def _activity(self, members: list[Row]) -> list[Row]:
        rows = {}
        for _ in range(40):
            row = {
                "person_email": self.random.choice(members)["person_email"],
                "item_key": f"res-{self.random.randrange(1, 9):03}",
                "action": self.random.choice(ACTIONS),
                "at": self._at(),
            }
            rows[tuple(row.values())] = row
        return list(rows.values())

    def _surveys(self, events: list[Row]) -> tuple[list[Row], list[Row]]:
        invitations, answers = [], []
        for number in range(25):
            survey = {
                "survey_key": self.random.choice(("post_event", "evaluation")),
                "wave": f"{self.name}-{self.random.choice(WAVES)}",
                "event_key": "",
            }
            if survey["survey_key"] == "post_event":
                survey["event_key"] = self.random.choice(events)["event_key"]
            invitations.append(
                {
                    "invitation_key": f"{self.name}-i{number}",
                    **survey,
                    "person_email": self._written(self.random.choice(self.people)),
                    "sent_at": "2020-06-03T14:00",
                    "delivered": self.random.choice(("true", "true", "false")),
                }
            )
            if self.random.random() < 0.7:
                answers += self._response(number, survey)
        return invitations, answers

    def _response(self, number: int, survey: Row) -> list[Row]:
        response = {
            "response_key": f"{self.name}-r{number}",
            **survey,
            "submitted_at": self._at(),
            "respondent_sector": self.random.choice(SECTORS),
            "respondent_work_field": self.random.choice(FIELDS),
        }
        asked = self.random.sample(sorted(self.questions), self.random.randrange(1, 5))
        return [
            {**response, "question_code": code, "option_code": option, "rank": rank, "number": ""}
            for code in asked
            for option, rank in self.questions[code].answered(self.random)
        ]


class Question:
    """A question as a folder knows it: its options, and whether they are ranked or ticked."""

    def __init__(self) -> None:
        self.options: set[str] = set()
        self.is_ranked = False
        self.most = 1

    def answered(self, random: Random) -> list[tuple[str, str]]:
        """Options that somebody chose or ranked, not always all of them."""
        most = len(self.options) if self.is_ranked else self.most
        chosen = random.sample(sorted(self.options), random.randint(1, most))
        return [
            (option, str(place) if self.is_ranked else "")
            for place, option in enumerate(chosen, start=1)
        ]


def questions_of(folder: Path) -> dict[str, Question]:
    """The questions that the answers of a folder were given to; those with numbers left out."""
    found: dict[str, Question] = defaultdict(Question)
    ticks: dict[tuple[str, str], int] = defaultdict(int)
    with (folder / "survey_answers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["number"] or not row["option_code"]:
                continue
            question = found[row["question_code"]]
            question.options.add(row["option_code"])
            question.is_ranked |= bool(row["rank"])
            ticks[row["response_key"], row["question_code"]] += 1
            question.most = max(question.most, ticks[row["response_key"], row["question_code"]])
    return dict(found)


def write(rows: Rows, folder: Path) -> Path:
    """The files, as somebody would keep them."""
    for name, lines in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, lines[0])
            writer.writeheader()
            writer.writerows(lines)
    return folder
