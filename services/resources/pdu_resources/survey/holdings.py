"""What surveys keep about people: their copy of it, and how it is forgotten."""

from datetime import datetime, timedelta

from pdu_shared.database import Conn
from pdu_shared.holding import Holding
from pdu_shared.retention import Retention

PSEUDONYM = "Under an id that no longer leads to anybody, so that figures stay as they were."

DRAFT_KEPT_FOR = timedelta(days=21)


async def forget_drafts(conn: Conn, now: datetime) -> int:
    """Forget what was saved and not submitted before the survey closed; how many."""
    forgotten: int = await conn.fetchval(
        """
        WITH gone AS (
            DELETE FROM survey_draft USING invitation
             WHERE invitation.invitation_id = survey_draft.invitation_id AND expires_at < $1
            RETURNING 1)
        SELECT count(*) FROM gone
        """,
        now,
    )
    return forgotten


SCHEDULE = (
    Retention(
        data_class="resources.survey_draft",
        keeps="Answers that were saved and not submitted",
        kept_for=DRAFT_KEPT_FOR,
        counted_from="the invitation",
        apply=forget_drafts,
    ),
)

HOLDINGS = (
    Holding(
        table="survey_draft",
        words="Answers that you saved and have not submitted",
        copy="""
            SELECT survey_key, draft, saved_at
              FROM survey_draft JOIN invitation USING (invitation_id)
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM survey_draft USING invitation
             WHERE invitation.invitation_id = survey_draft.invitation_id
               AND person_id = ANY ($1::uuid[])
            """,
    ),
    Holding(
        table="survey_due",
        words="Surveys that you are going to be asked to answer",
        copy="""
            SELECT what, survey_key, due_at, reason FROM survey_due
             WHERE person_id = ANY ($1::uuid[])
            """,
        forget="DELETE FROM survey_due WHERE person_id = ANY ($1::uuid[])",
    ),
    Holding(
        table="intended_action",
        words="What you said you want to change, and what became of it",
        copy="""
            SELECT learning_event_id, state, outcome_code, intended_on, reported_on
              FROM intended_action
             WHERE person_id = ANY ($1::uuid[])
            """,
        stays=PSEUDONYM,
    ),
    Holding(
        table="answer_text",
        words="What you wrote in answer to surveys",
        copy="""
            SELECT response_id, question_code, said
              FROM answer_text
              JOIN response USING (response_id)
              LEFT JOIN invitation USING (invitation_id)
             WHERE response.person_id = ANY ($1::uuid[]) OR invitation.person_id = ANY ($1::uuid[])
            """,
        forget="""
            DELETE FROM answer_text USING response LEFT JOIN invitation USING (invitation_id)
             WHERE response.response_id = answer_text.response_id
               AND (response.person_id = ANY ($1::uuid[])
                    OR invitation.person_id = ANY ($1::uuid[]))
            """,
    ),
    Holding(
        table="response",
        words="What you answered to surveys",
        copy="""
            SELECT response_id, response.survey_key, response.wave, submitted_at, may_evaluate,
                   may_quote, may_link, response.sector, response.work_field,
                   (SELECT jsonb_agg(jsonb_build_object(
                               'question', question_code, 'state', state, 'number', number,
                               'options', (SELECT jsonb_agg(option_code ORDER BY rank, option_code)
                                             FROM answer_option AS chosen
                                            WHERE chosen.response_id = answer.response_id
                                              AND chosen.question_code = answer.question_code))
                               ORDER BY place)
                      FROM answer
                     WHERE answer.response_id = response.response_id) AS answers
              FROM response LEFT JOIN invitation USING (invitation_id)
             WHERE response.person_id = ANY ($1::uuid[]) OR invitation.person_id = ANY ($1::uuid[])
            """,
        stays=PSEUDONYM,
        also=("answer", "answer_option"),
    ),
    Holding(
        table="invitation",
        words="Surveys you were asked to answer",
        copy="""
            SELECT invitation_id, survey_key, wave, state, invited_at, expires_at
              FROM invitation
             WHERE person_id = ANY ($1::uuid[])
            """,
        # A link that is out leads nowhere any more; the hash is unique, so it is made from the id.
        forget="""
            UPDATE invitation
               SET expires_at = least(expires_at, now()), token_hash = uuid_send(invitation_id)
             WHERE person_id = ANY ($1::uuid[]) AND token_hash <> uuid_send(invitation_id)
            """,
        stays=PSEUDONYM,
    ),
    Holding(
        table="attendance",
        words="The learning events you came to",
        copy="""
            SELECT learning_event_id, came FROM attendance WHERE person_id = ANY ($1::uuid[])
            """,
        stays=PSEUDONYM,
    ),
)
