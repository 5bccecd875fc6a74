"""What the hub tells of texts, themes and quotes, as far as the pages show it."""

from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from pdu_portal.shapes import Term


class Text(BaseModel):
    """What somebody wrote; nobody is told who."""

    text_id: UUID
    survey_key: str
    question_code: str
    said: str
    may_quote: bool = False
    themes: list[str] = []
    coded_at: AwareDatetime | None = None
    second_themes: list[str] | None = None
    second_at: AwareDatetime | None = None


class Texts(BaseModel):
    """A page of them, oldest first."""

    items: list[Text] = []
    next: UUID | None = None


class Theme(BaseModel):
    """A theme of the code book."""

    code: str
    label: str
    means: str
    retired: bool = False
    texts: int = 0


class CodeBook(BaseModel):
    """All themes."""

    themes: list[Theme] = []

    @property
    def in_use(self) -> list[Term]:
        """Those that a text can have, as a form offers them."""
        return [Term(code=one.code, label=one.label) for one in self.themes if not one.retired]

    @property
    def words(self) -> dict[str, str]:
        """What each is called, also those of the past."""
        return {one.code: one.label for one in self.themes}


class Quote(BaseModel):
    """Words that may be quoted, by role only."""

    quote_id: UUID
    said: str | None = None
    source_type: str
    themes: list[str] = []
    approved_at: AwareDatetime | None = None


class Quotes(BaseModel):
    """A page of them, newest first."""

    items: list[Quote] = []
    next: UUID | None = None


class ThemeAgreed(BaseModel):
    """How far two coders agree on a theme."""

    code: str
    by_both: int
    by_one: int
    kappa: float | None = None


class Agreement(BaseModel):
    """How far two coders agree on all texts that both have coded."""

    texts: int = 0
    same: int = 0
    themes: list[ThemeAgreed] = []
