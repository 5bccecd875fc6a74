"""Which cuts are kept counted, and the statements that count people into them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pdu_reporting.facts.attended import ATTENDANCE
from pdu_reporting.facts.reached import REACH
from pdu_reporting.figure import WHO, Fact

_WHO = tuple(one.name for one in WHO)
_YEARS = ((), ("project_year",), ("kind",), ("project_year", "kind"))
CUTS = (
    *_YEARS,
    *((*cut, who) for cut in _YEARS for who in _WHO),
    ("month",),
    ("month", "kind"),
    *((*cut, "series") for cut in _YEARS),
    ("programme_period",),
)
"""Of attendances; in most of them a person is in a handful of cells."""
CUTS_BY_WORKSTREAM = (
    ("workstream",),
    ("project_year", "workstream"),
    ("kind", "workstream"),
)
"""Apart: in these an attendance counts in each of its work streams."""
CUTS_OF_REACH = ((), *((who,) for who in _WHO))

_REACH_BEGINS = 1 << 20
"""Cuts of reach have numbers from here on."""


def number_of(fact: Fact, cut: Collection[str]) -> int | None:
    """Under which number a cut of attendances, or of reach, is kept, if it is."""
    kept = CUTS_OF_REACH if fact is REACH else (*CUTS, *CUTS_BY_WORKSTREAM)
    if set(cut) not in map(set, kept):
        return None
    places = {one.name: place for place, one in enumerate(fact.dimensions)}
    begins = _REACH_BEGINS if fact is REACH else 0
    return begins + sum(1 << places[name] for name in cut)


@dataclass(frozen=True, slots=True)
class Counting:
    """A statement that counts some people into the cells of some cuts.

    It takes what every figure takes, and `$5`, the ids of the people: all ids of each.
    """

    by: Sequence[str]
    sql: str


# Only what is about these people, under the names by which facts read it: so cells are counted by
# the very queries of the figures.
_THEIRS = """
    attendance AS MATERIALIZED (
        SELECT attendance_id, session_id, learning_event_id, event_kind, person_id, state,
               organisation_id, sector, work_field, role_level, area, held_on, sequence
          FROM public.attendance
         WHERE person_id = ANY ($5::uuid[])
    ),
    learning_event AS MATERIALIZED (
        SELECT learning_event_id, kind, series, workstreams
          FROM public.learning_event
         WHERE learning_event_id = ANY (ARRAY(SELECT learning_event_id FROM attendance))
    ),
    member AS MATERIALIZED (
        SELECT person_id, organisation_id, sector, work_field, role_level, area, registered_on,
               sequence
          FROM public.member
         WHERE person_id = ANY ($5)
    ),
    person_alias AS MATERIALIZED (
        SELECT merged_id, kept_id, merged
          FROM public.person_alias
         WHERE merged_id = ANY ($5)
    )
    """

_COUNTED_IN = """
    cell AS (
        INSERT INTO tally_cell AS before (kept, cut, times, is_new, people)
        SELECT kept, cut, times, is_new, count(*)
          FROM part
         GROUP BY kept, cut, times, is_new
         ORDER BY kept, cut, times, is_new
            ON CONFLICT (kept, cut, times, is_new) DO UPDATE
           SET people = before.people + excluded.people
        RETURNING cell_id, kept, cut, times, is_new
    )
    INSERT INTO tally_part AS before (person_id, cells)
    SELECT person_id, array_agg(cell_id)
      FROM part
      JOIN cell USING (kept, cut, times, is_new)
     GROUP BY person_id
        ON CONFLICT (person_id) DO UPDATE
       SET cells = before.cells || excluded.cells
    """


_BEGINS = {
    "project_year": """(SELECT starts_on
                          FROM project_year AS year
                         WHERE held_on BETWEEN starts_on AND ends_on
                         ORDER BY starts_on DESC
                         LIMIT 1)""",
    "programme_period": """(SELECT starts_on
                              FROM programme_period AS period
                             WHERE held_on BETWEEN starts_on AND coalesce(ends_on, 'infinity')
                             ORDER BY starts_on DESC
                             LIMIT 1)""",
    "month": "date_trunc('month', held_on)::date",
}
"""When the period began that a row of such a cut is about; no cut that is kept has two of them."""


def _attended(cuts: Sequence[Sequence[str]]) -> Counting:
    """Each person in each cut: how often they came, and whether for the first time."""
    names = [one.name for one in ATTENDANCE.dimensions]
    by = [name for name in names if any(name in cut for cut in cuts)]
    periods = [name for name in by if name in _BEGINS]
    columns = ", ".join(
        (
            *(f"(what || who)[{names.index(name) + 1}] AS {name}" for name in by),
            *(f"{_BEGINS[name]} AS {name}_from" for name in periods),
        )
    )
    since = ", ".join(
        f"CASE WHEN GROUPING ({name}) = 0 THEN min({name}_from) END" for name in periods
    )
    number = " + ".join(f"(1 - GROUPING ({name})) * {1 << names.index(name)}" for name in by)
    array = ", ".join(name if name in by else "NULL" for name in names)
    return Counting(
        by,
        f"""
        WITH RECURSIVE {_THEIRS}, {", ".join(ATTENDANCE.queries)},
        came AS MATERIALIZED (
            SELECT person_id, {columns}
              FROM attended
        ),
        first_time AS (
            SELECT coalesce(kept_id, person_id) AS person_id, min(held_on) AS first_on
              FROM attendance
              LEFT JOIN same_person USING (person_id)
             WHERE state IN ('present', 'partial')
             GROUP BY 1
        ),
        counted AS (
            SELECT person_id, {number} AS kept, ARRAY[{array}]::text[] AS cut, count(*) AS times,
                   greatest({since}) AS since
              FROM came
             GROUP BY person_id, GROUPING SETS ({_sets(cuts)})
        ),
        part AS MATERIALIZED (
            SELECT person_id, kept, cut, times, coalesce(first_on >= since, true) AS is_new
              FROM counted
              JOIN first_time USING (person_id)
        ),
        {_COUNTED_IN}
        """,  # noqa: S608 - all of it is our own
    )


def _sets(cuts: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"({', '.join(cut)})" for cut in cuts)


def _reached(cuts: Sequence[Sequence[str]]) -> Counting:
    """Each person in each cut, by what reached them."""
    number = " + ".join(f"(1 - GROUPING ({n})) * {1 << place}" for place, n in enumerate(_WHO))
    columns = ", ".join(f"cut[{place}] AS {name}" for place, name in enumerate(_WHO, 1))
    return Counting(
        _WHO,
        f"""
        WITH RECURSIVE {_THEIRS}, {", ".join(REACH.queries)},
        part AS MATERIALIZED (
            SELECT person_id, {_REACH_BEGINS} + {number} AS kept,
                   ARRAY[{", ".join(_WHO)}, way]::text[] AS cut, 1 AS times, true AS is_new
              FROM (SELECT person_id, {columns},
                           CASE WHEN in_hub AND at_event THEN 'both'
                                WHEN in_hub              THEN 'hub'
                                ELSE 'events' END AS way
                      FROM reached) AS person
             GROUP BY person_id, way, GROUPING SETS ({_sets(cuts)})
        ),
        {_COUNTED_IN}
        """,  # noqa: S608 - all of it is our own
    )


COUNTINGS = (_attended(CUTS), _attended(CUTS_BY_WORKSTREAM), _reached(CUTS_OF_REACH))
