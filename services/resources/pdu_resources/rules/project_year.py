"""Which project year a day belongs to, and which years there are."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
FIRST_DAY = date(2017, 10, 1)
APRIL = 4
YEAR_BEFORE_THE_FIRST = 2016


@dataclass(frozen=True, slots=True)
class ProjectYear:
    """A year of the programme, from the first day to the last."""

    number: int
    starts_on: date
    ends_on: date

    @property
    def code(self) -> str:
        """The number, as a word of the list of years."""
        return str(self.number)

    @property
    def label(self) -> str:
        """`Year 2 (April 2018 to March 2019)`."""
        return f"Year {self.number} ({self.starts_on:%B %Y} to {self.ends_on:%B %Y})"

    @property
    def is_partial(self) -> bool:
        """Whether it is shorter than twelve months, so that its totals compare with no other."""
        return (self.starts_on.month, self.starts_on.day) != (APRIL, 1)


def local_date(at: datetime) -> date:
    """The day it is in the programme's city at this (aware) time."""
    return at.astimezone(LONDON).date()


def project_year(day: date) -> int | None:
    """The number of the project year of a local day; None before the programme began.

    Year 1 is 1 October 2017 to 31 March 2018, six months; every other one runs from 1 April to
    31 March.
    """
    if day < FIRST_DAY:
        return None
    began_in = day.year if day.month >= APRIL else day.year - 1
    return began_in - YEAR_BEFORE_THE_FIRST


def project_years(latest: int) -> list[ProjectYear]:
    """All project years from the first to the one with this number."""
    return [_year(number) for number in range(1, latest + 1)]


def _year(number: int) -> ProjectYear:
    began_in = YEAR_BEFORE_THE_FIRST + number
    starts_on = date(began_in, APRIL, 1)
    return ProjectYear(number, max(starts_on, FIRST_DAY), date(began_in + 1, APRIL - 1, 31))
