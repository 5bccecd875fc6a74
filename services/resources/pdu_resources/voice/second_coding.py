"""A second coder looks at a text by themselves, and what both found is held side by side."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from pdu_resources.rules.agreement import kappa, same
from pdu_resources.versioned.changes import By
from pdu_resources.voice.code_book import check_themes
from pdu_resources.voice.coding import CodeText, Text, text_of
from pdu_shared.database import transaction
from pdu_shared.problems import Conflict, NotFound
from pdu_shared.runtime import Store

router = APIRouter(tags=["texts"])


class ThemeAgreed(BaseModel):
    """How far both coders agree on one theme."""

    code: str
    by_both: int
    by_one: int = Field(description="Texts in which only one of the two found it")
    kappa: float | None = Field(description="Cohen's: 1 is agreement, 0 what chance would give")


class Agreement(BaseModel):
    """How far two coders agree on the texts that both have coded."""

    texts: int
    same: int = Field(description="Texts in which both found exactly the same themes")
    themes: list[ThemeAgreed]


@router.put("/texts/{text_id}/second-themes")
async def code_again(text_id: UUID, form: CodeText, database: Store, by: By) -> Text:
    """Say which themes a second person finds. 409 for whoever coded it first, or before that."""
    async with transaction(database) as conn:
        first = await conn.fetchrow(
            """
            SELECT text_id, coded_by
              FROM text_coding JOIN answer_text USING (text_id) JOIN response USING (response_id)
             WHERE text_id = $1 AND may_evaluate AND withdrawn_at IS NULL
               FOR UPDATE OF text_coding
            """,
            text_id,
        )
        if first is None:
            if await text_of(conn, text_id) is None:
                raise NotFound
            raise Conflict("Nobody has coded it for the first time yet.")
        if by.by is None or by.by == first["coded_by"]:
            raise Conflict("Somebody else than whoever coded it first has to be the second.")
        await check_themes(conn, form.themes)
        await conn.execute(
            """
            UPDATE text_coding SET second_themes = $2, second_by = $3, second_at = $4
             WHERE text_id = $1
            """,
            text_id,
            sorted({*form.themes}),
            by.by,
            by.now,
        )
        found = await text_of(conn, text_id)
    if found is None:
        raise NotFound
    return found


@router.get("/coding-agreement")
async def agreement(database: Store) -> Agreement:
    """How far both coders agree, over all texts that have two."""
    rows = await database.pool.fetch(
        """
        SELECT themes, second_themes
          FROM text_coding JOIN answer_text USING (text_id) JOIN response USING (response_id)
         WHERE second_at IS NOT NULL AND may_evaluate AND withdrawn_at IS NULL
        """
    )
    pairs = [(row["themes"], row["second_themes"]) for row in rows]
    found = sorted({theme for pair in pairs for one in pair for theme in one})
    return Agreement(
        texts=len(pairs),
        same=same(pairs),
        themes=[
            ThemeAgreed(
                code=theme,
                by_both=sum(theme in one and theme in other for one, other in pairs),
                by_one=sum((theme in one) != (theme in other) for one, other in pairs),
                kappa=kappa(pairs, theme),
            )
            for theme in found
        ],
    )
