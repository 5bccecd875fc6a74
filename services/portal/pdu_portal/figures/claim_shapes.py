"""What reporting tells of figures in print, as far as the pages show it."""

from pydantic import AwareDatetime, BaseModel


class Printed(BaseModel):
    """What a report printed."""

    id: str
    statement: str = ""
    metric: str
    value: float | str | list[float] | None = None
    numerator: int | None = None
    denominator: int | None = None
    source_report: str = ""


class Claim(BaseModel):
    """A printed figure beside the one counted now."""

    report: str
    claim: Printed
    counted: int | float | str | None = None
    verdict: str
    reason: str = ""


class Claims(BaseModel):
    """All of them, held against one moment of the journal."""

    items: list[Claim]
    verdicts: dict[str, int] = {}
    as_of: AwareDatetime | None = None
    journal_position: int = 0
