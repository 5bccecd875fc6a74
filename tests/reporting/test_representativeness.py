"""Those who answered beside those who came."""

from uuid import uuid4

import telling


async def test_respondents_stand_beside_those_who_came(take, answer):
    year, survey = telling.project_year(), telling.word("survey").code
    twice = uuid4()
    came = [
        (twice, "voluntary"),
        (twice, "voluntary"),
        (uuid4(), "statutory"),
        (uuid4(), "private"),
    ]
    said = ["voluntary", "voluntary", "statutory", None]
    await take(
        year,
        *(
            telling.attendance(person_id=one, sector=sector, held_on=year.starts_on)
            for one, sector in came
        ),
        *(telling.submitted(survey_key=survey, sector=sector) for sector in said),
    )
    asked = {
        "survey_key": survey,
        "by": "sector",
        "period_from": year.starts_on.isoformat(),
        "period_to": year.ends_on.isoformat(),
    }
    rows = (await answer("representativeness", **asked))["rows"]
    told = {(row["people"], row["sector"]): (row["numerator"], row["denominator"]) for row in rows}
    assert told == {
        ("attendees", "voluntary"): (1, 3),
        ("attendees", "statutory"): (1, 3),
        ("attendees", "private"): (1, 3),
        ("respondents", "voluntary"): (2, 3),
        ("respondents", "statutory"): (1, 3),
    }
    del asked["by"]
    private = {"sector": "private", "people": "respondents"}
    [row] = (await answer("representativeness", **asked, **private))["rows"]
    assert (row["value"], row["numerator"], row["denominator"]) == (0.0, 0, 3)
