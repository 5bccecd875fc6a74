"""Which facts can be had row by row: their columns, and the statement that gives them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdu_reporting.export.table import Column, Holds
from pdu_reporting.facts.persons import SAME_PERSON

PERSON = Column("person", Holds.TEXT, "Somebody: the same within this file, and in no other.")
WHO = (
    Column("sector", Holds.TEXT, "As it was on that day."),
    Column("work_field", Holds.TEXT, "As it was on that day."),
    Column("role_level", Holds.TEXT, "As it was on that day."),
    Column("area", Holds.TEXT, "As it was on that day."),
)
YEAR = Column("project_year", Holds.TEXT, "The project year of that day; empty: in none.")


@dataclass(frozen=True, slots=True)
class Extract:
    """Facts row by row. The statement takes a salt, and the first and last day or null."""

    name: str
    statement: str
    columns: Sequence[Column]
    tables: tuple[str, ...]
    """What it reads, in the order of their names as a rebuild takes them."""
    query: str


_SOMEBODY = """
    encode(substr(sha256($1::bytea || uuid_send(coalesce(kept_id, person_id))), 1, 16), 'hex')
    """
_YEAR_OF = """
    LEFT JOIN LATERAL (SELECT code
                         FROM project_year
                        WHERE {day} BETWEEN starts_on AND ends_on
                        ORDER BY starts_on DESC
                        LIMIT 1) AS year ON true
    """
_IN_DAYS = """
    BETWEEN coalesce($2::date, '-infinity') AND coalesce($3::date, 'infinity')
    """

ATTENDANCES = Extract(
    name="attendances",
    statement="One row for each person and session that was recorded, whether they came or not."
    " Those who came under two ids of one person are two rows of one person.",
    columns=(
        PERSON,
        Column("session", Holds.TEXT, "The session."),
        Column("learning_event", Holds.TEXT, "What it is a session of."),
        Column("kind", Holds.TEXT, "learning_event or cop_session."),
        Column("series", Holds.TEXT, "Of a cop_session, its community."),
        Column("held_on", Holds.DAY, "The local day on which it began."),
        YEAR,
        Column("state", Holds.TEXT, "present, partial, absent_apologies or absent_no_show."),
        Column("organisation", Holds.TEXT, "The organisation as it was named then."),
        *WHO,
    ),
    tables=("attendance", "learning_event", "person_alias", "project_year"),
    query=f"""
        WITH RECURSIVE {SAME_PERSON}
        SELECT {_SOMEBODY}, session_id::text, learning_event_id::text, event_kind, series, held_on,
               year.code, state, organisation_id::text, sector, work_field, role_level, area
          FROM attendance
          LEFT JOIN same_person    USING (person_id)
          LEFT JOIN learning_event USING (learning_event_id)
          {_YEAR_OF.format(day="held_on")}
         WHERE held_on {_IN_DAYS}
        """,  # noqa: S608 - the text is our own
)

MEMBERS = Extract(
    name="members",
    statement="One row for each account of the hub, with who its holder was when it was made.",
    columns=(PERSON, Column("registered_on", Holds.DAY, "The day."), YEAR, *WHO),
    tables=("member", "person_alias", "project_year"),
    query=f"""
        WITH RECURSIVE {SAME_PERSON}
        SELECT {_SOMEBODY}, registered_on, year.code, sector, work_field, role_level, area
          FROM member
          LEFT JOIN same_person USING (person_id)
          {_YEAR_OF.format(day="registered_on")}
         WHERE registered_on {_IN_DAYS}
        """,  # noqa: S608 - the text is our own
)

ANSWERS = Extract(
    name="answers",
    statement="One row for each option chosen or item ranked, in responses that were not taken"
    " back and whose people agreed to evaluation. What they wrote is not among it.",
    columns=(
        Column("response", Holds.TEXT, "Somebody's answers to one survey: within this file only."),
        Column("survey_key", Holds.TEXT, "Which survey."),
        Column("wave", Holds.TEXT, "Which wave of it."),
        Column("submitted_on", Holds.DAY, "The day."),
        Column("sector", Holds.TEXT, "The respondent's, where it was told."),
        Column("work_field", Holds.TEXT, "The respondent's, where it was told."),
        Column("question_code", Holds.TEXT, "The question."),
        Column("option_code", Holds.TEXT, "The option chosen, or the item ranked."),
        Column("rank", Holds.WHOLE, "Its place, 1 the first; empty where nothing is ranked."),
    ),
    tables=("survey_answer", "survey_response"),
    query=f"""
        SELECT encode(substr(sha256($1::bytea || uuid_send(response_id)), 1, 16), 'hex'),
               survey_key, wave, submitted_on, sector, work_field, question_code,
               nullif(option_code, ''), rank
          FROM survey_response
          JOIN survey_answer USING (response_id, sequence)
         WHERE NOT withdrawn AND state = 'answered' AND submitted_on {_IN_DAYS}
        """,  # noqa: S608 - the text is our own
)

EXTRACTS = {one.name: one for one in (ATTENDANCES, MEMBERS, ANSWERS)}
