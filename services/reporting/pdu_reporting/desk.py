"""A desk where figures are asked for one after the other, all from one moment of the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from pdu_reporting.answer import Answer, answer_of
from pdu_reporting.asking import Audience, asked_of, known_figure
from pdu_reporting.counting import counted_in
from pdu_reporting.labels import Labels, labels_of
from pdu_reporting.veiling import veiled
from pdu_shared.database import Conn


@dataclass(frozen=True, slots=True)
class Told:
    """A figure that was asked, and where anybody may ask it again."""

    answer: Answer
    address: str
    labels: Labels


@dataclass(slots=True)
class Desk:
    """One moment of the journal, and for whom figures are asked."""

    conn: Conn
    audience: Audience
    told: list[Told] = field(default_factory=list)
    """All that was asked, in its order."""

    async def ask(self, name: str, query: Mapping[str, str]) -> Told:
        """A figure, as it would be asked over HTTP. Raises `Refused` where it cannot be."""
        figure, words = known_figure(name), {**query, "audience": self.audience.value}
        asked = await asked_of(figure, QueryParams(words), self.conn)
        counted = await counted_in(self.conn, figure, asked)
        if self.audience is Audience.PUBLISHED:
            counted = veiled(figure, asked.by, counted)
        told = Told(
            answer_of(figure, asked, counted),
            f"/figures/{name}?{urlencode(words, safe=',')}",
            await labels_of(self.conn, asked),
        )
        self.told.append(told)
        return told
