"""The words that filters take: the lists that their owners told, and what facts were told of."""

from collections.abc import Sequence
from datetime import date

from pdu_shared.database import Conn


async def known(conn: Conn, list_name: str) -> Sequence[str]:
    """All words of a list, in their order: `sector`, `project_year`, `survey_key` and so on."""
    rows = await conn.fetch(
        """
        SELECT code               FROM category          WHERE scheme = $1
         UNION
        SELECT code               FROM project_year      WHERE $1 = 'project_year'
         UNION
        SELECT code               FROM programme_period  WHERE $1 = 'programme_period'
         UNION
        SELECT partner_plan
          FROM plan_objective
         WHERE $1 = 'partner_plan' AND partner_plan IS NOT NULL
         UNION
        SELECT workstream
          FROM plan_objective
         WHERE $1 = 'workstream' AND workstream IS NOT NULL
         UNION
        SELECT organisation_id::text
          FROM commitment
         WHERE $1 = 'committed'
         UNION
        SELECT code               FROM workstream        WHERE $1 = 'workstream'
         UNION
        SELECT unnest(workstreams) FROM impact           WHERE $1 = 'workstream'
         UNION
        SELECT unnest(workstreams)
          FROM learning_event
         WHERE $1 = 'workstream'
         UNION
        SELECT series             FROM learning_event    WHERE $1 = 'series' AND series IS NOT NULL
         UNION
        SELECT session_id::text   FROM session           WHERE $1 = 'session'
         UNION
        SELECT learning_event_id::text
          FROM learning_event
         WHERE $1 = 'learning_event'
         UNION
        SELECT organisation_id::text FROM organisation   WHERE $1 = 'organisation'
         UNION
        SELECT item_key           FROM activity          WHERE $1 = 'item_key'
         UNION
        SELECT survey_key         FROM survey_response   WHERE $1 = 'survey_key'
         UNION
        SELECT survey_key         FROM survey_invitation WHERE $1 = 'survey_key'
         UNION
        SELECT wave               FROM survey_response   WHERE $1 = 'wave'
         UNION
        SELECT wave               FROM survey_invitation WHERE $1 = 'wave'
         UNION
        SELECT unnest(themes)     FROM text_theme        WHERE $1 = 'theme'
         UNION
        SELECT respondent_group
          FROM text_theme
         WHERE $1 = 'respondent_group' AND respondent_group IS NOT NULL
         UNION
        SELECT code               FROM survey_question   WHERE $1 = 'question_code'
         UNION
        SELECT question_code      FROM survey_answer     WHERE $1 = 'question_code'
         UNION
        SELECT unnest(options)    FROM survey_question   WHERE $1 = 'option_code'
         UNION
        SELECT option_code
          FROM survey_answer
         WHERE $1 = 'option_code' AND option_code <> ''
         ORDER BY code
        """,
        list_name,
    )
    return [row["code"] for row in rows]


async def years_after(conn: Conn, day: date) -> list[str]:
    """The project years with their days, where a day is before all of them."""
    rows = await conn.fetch(
        """
        SELECT code || ' (' || starts_on || ' to ' || ends_on || ')' AS year
          FROM project_year
         WHERE $1 < (SELECT min(starts_on)
                       FROM (SELECT starts_on FROM project_year
                              UNION
                             SELECT starts_on FROM programme_period) AS began)
         ORDER BY starts_on
        """,
        day,
    )
    return [row["year"] for row in rows]


async def items_offered(conn: Conn, question_code: str) -> int | None:
    """How many options a question has, where that was told."""
    offered: int | None = await conn.fetchval(
        """
        SELECT nullif(cardinality(options), 0)
          FROM survey_question
         WHERE code = $1
         ORDER BY version DESC
         LIMIT 1
        """,
        question_code,
    )
    return offered
