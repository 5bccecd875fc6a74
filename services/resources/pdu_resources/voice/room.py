"""Who codes what people wrote, and who quotes it."""

from pdu_resources.voice import code_book, coding, quote, second_coding
from pdu_shared.access import Role, allow
from pdu_shared.holding import Holding
from pdu_shared.service import Room

_CODES = allow(Role.COORDINATOR, Role.EVALUATOR)

ROOM = Room(
    routes=(code_book.router, coding.router, second_coding.router, quote.router),
    access={
        "GET /themes": _CODES,
        "PUT /themes/{code}": _CODES,
        "GET /texts": _CODES,
        "GET /texts/{text_id}": _CODES,
        "PUT /texts/{text_id}/themes": _CODES,
        "PUT /texts/{text_id}/second-themes": _CODES,
        "GET /coding-agreement": _CODES,
        "POST /quotes": _CODES,
        "GET /quotes": _CODES,
        "PUT /quotes/{quote_id}/approval": allow(Role.COORDINATOR),
        "PUT /quotes/{quote_id}/withdrawal": _CODES,
    },
    holdings=(
        Holding(
            table="quote",
            words="What you said that may be quoted",
            copy="""
                SELECT quote.said, source_type, approved_at
                  FROM quote
                  JOIN answer_text USING (text_id)
                  JOIN response USING (response_id)
                  LEFT JOIN invitation USING (invitation_id)
                 WHERE response.person_id = ANY ($1::uuid[])
                    OR invitation.person_id = ANY ($1::uuid[])
                """,
            # Before the answers, which lead to the person, are emptied.
            forget="""
                UPDATE quote SET said = NULL, withdrawn_at = now()
                  FROM answer_text JOIN response USING (response_id)
                  LEFT JOIN invitation USING (invitation_id)
                 WHERE quote.text_id = answer_text.text_id AND quote.withdrawn_at IS NULL
                   AND (response.person_id = ANY ($1::uuid[])
                        OR invitation.person_id = ANY ($1::uuid[]))
                """,
            stays="That there was a quote, without its words.",
        ),
        Holding(
            table="text_coding",
            words="Texts that you coded",
            copy="""
                SELECT themes, coder_role, coded_at FROM text_coding
                 WHERE coded_by = ANY ($1::uuid[])
                 UNION ALL
                SELECT second_themes, 'second coder', second_at FROM text_coding
                 WHERE second_by = ANY ($1::uuid[])
                """,
            stays="Under an id that no longer leads to anybody.",
        ),
    ),
)
