"""Questions to figures that nobody has thought of: a metric, with filters that make sense of it."""

from collections.abc import Callable
from random import Random

from random_records import FIELDS, INDICATORS, SECTORS, SERIES, Rows
from spreadsheet import Filter, Spreadsheet

Asks = Callable[[Random, Rows], dict[str, object]]


def asked_by_chance(
    random: Random, rows: Rows, metrics: dict[str, Asks]
) -> tuple[str, dict[str, object]]:
    """A metric, and what is asked of it."""
    metric = random.choice(sorted(metrics))
    return metric, metrics[metric](random, rows)


def counted(sheet: Spreadsheet, metric: str, asked: Filter) -> object:
    """What a spreadsheet counts; None where there is nothing that it could be counted of."""
    try:
        return sheet.figure(metric, asked)
    except (ValueError, ZeroDivisionError):
        return None


def told(row: dict[str, object], like: object) -> object:
    """The same of an answer: its value, or its two numbers where the spreadsheet has two."""
    if isinstance(like, tuple):
        return row["numerator"], row["denominator"]
    return row["value"]


def _period(random: Random, _rows: Rows) -> dict[str, object]:
    year = random.randrange(1, 5)
    starts = f"{2017 + random.randrange(3)}-{random.choice(('04-01', '10-01', '11-01'))}"
    return random.choice(
        (
            {},
            {"project_year": year},
            {"period_from": starts, "period_to": "2020-03-31"},
            {"period_to": random.choice(("2018-03-31", "2019-03-31", "2020-02-29"))},
        )
    )


def _whom(random: Random) -> dict[str, object]:
    return random.choice(
        (
            {},
            {"sector": random.choice(SECTORS)},
            {"sector": random.sample(SECTORS, 2)},
            {"work_field": random.choice(FIELDS)},
            {"sector": random.choice(SECTORS), "work_field": random.sample(FIELDS, 3)},
        )
    )


def _sessions(random: Random, rows: Rows) -> dict[str, object]:
    kind: dict[str, object] = random.choice(
        ({}, {"kind": "learning_event"}, {"kind": "cop_session"}, {"series": random.choice(SERIES)})
    )
    return {**_period(random, rows), **kind}


def _people(random: Random, rows: Rows) -> dict[str, object]:
    return {**_sessions(random, rows), **_whom(random)}


def _of_kind(random: Random, rows: Rows) -> dict[str, object]:
    kind = random.choice(({}, {"kind": "learning_event"}, {"kind": "cop_session"}))
    return {**_period(random, rows), **kind}


def _reported(random: Random, _rows: Rows) -> dict[str, object]:
    kind: dict[str, object] = random.choice(({}, {"indicator": random.choice(INDICATORS)}))
    days = random.choice(
        (
            {},
            {"period_from": "2018-04-01"},
            {"period_from": "2019-01-01", "period_to": "2020-06-30"},
        )
    )
    return {**kind, **days}


def _ratio(random: Random, rows: Rows) -> dict[str, object]:
    one, other = random.sample(SECTORS, 2)
    return {**_sessions(random, rows), "sector": one, "against_sector": other}


def _until(random: Random, _rows: Rows) -> dict[str, object]:
    days = ("2018-03-31", "2018-04-01", "2019-03-31", "2020-02-29", "2021-08-16")
    return random.choice(({}, {"as_of": random.choice(days)}))


def _registered(random: Random, rows: Rows) -> dict[str, object]:
    return {**_until(random, rows), "sector": random.choice(SECTORS)}


def _survey(random: Random, rows: Rows) -> dict[str, object]:
    row = random.choice(rows["survey_answers"])
    wave = random.choice(({}, {"wave": row["wave"]}))
    field = random.choice(({}, {}, {"respondent_work_field": random.choice(FIELDS)}))
    return {"survey_key": row["survey_key"], **wave, **field}


def _question(random: Random, rows: Rows) -> dict[str, object]:
    row = random.choice(rows["survey_answers"])
    return {"survey_key": row["survey_key"], "question_code": row["question_code"]}


def _option(random: Random, rows: Rows) -> dict[str, object]:
    row = random.choice(rows["survey_answers"])
    base = random.choice(("answered", "respondents"))
    names = ("survey_key", "wave", "question_code", "option_code")
    return {**{name: row[name] for name in names}, "base": base}


def _invited(random: Random, rows: Rows) -> dict[str, object]:
    row = random.choice(rows["survey_invitations"])
    return {"survey_key": row["survey_key"], "wave": row["wave"]}


def _ranked(random: Random, rows: Rows) -> dict[str, object]:
    row = random.choice([row for row in rows["survey_answers"] if row["rank"]])
    names = ("survey_key", "question_code", "option_code")
    offered = {one["option_code"] for one in rows["survey_answers"]
               if one["question_code"] == row["question_code"]}  # fmt: skip
    return {**{name: row[name] for name in names}, "items_offered": len(offered)}


OF_PEOPLE: dict[str, Asks] = {
    "attendances": _people,
    "individuals": _people,
    "organisations": _of_kind,
    "attendance_share": _people,
    "attendance_ratio": _ratio,
    "attendance_range_per_session": _people,
    "repeat_attendance_band": _people,
    "hub_active_users": _period,
    "individuals_reached": _until,
    "individuals_blended": _until,
    "individuals_hub_only": _until,
    "individuals_events_only": _until,
}
"""Metrics that another look at who is one person changes, and no others."""

METRICS: dict[str, Asks] = {
    **OF_PEOPLE,
    "events_held": _sessions,
    "indicator_share": _reported,
    "cops_active": _period,
    "bookings": _people,
    "hub_registrations": _until,
    "hub_registration_share": _registered,
    "hub_new_users": _period,
    "survey_responses": _survey,
    "question_responses": _question,
    "survey_share": _option,
    "response_rate": _invited,
    "rank_score": _ranked,
    "rank_position": _ranked,
}
