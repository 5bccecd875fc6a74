"""The pages of the post box: the letters, and one of them."""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, HTTPException
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from pdu_local import letters
from pdu_local.letters import Letter

ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"
# A stranger's HTML: no script, no form, nothing fetched; its links may open a page of their own.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def page(folder: Path, lifespan: Lifespan | None = None) -> FastAPI:
    """The application that shows the letters of this folder."""
    app = FastAPI(title="Post box", lifespan=lifespan, docs_url=None, redoc_url=None)
    templates = _templates()

    @app.get("/livez")
    @app.get("/readyz")
    async def readyz() -> dict[str, str]:
        return {"status": "ready"}

    @app.get("/")
    def all_letters(to: str | None = None) -> HTMLResponse:
        shown = list(letters.newest(folder, to))
        return _html(templates.get_template("postbox.html").render(letters=shown, to=to))

    @app.get("/letters.json")
    def as_json(to: str | None = None) -> list[dict[str, Any]]:
        return [_summary(letter) for letter in letters.newest(folder, to)]

    @app.get("/letters/{letter_id}")
    def one_letter(letter_id: str) -> HTMLResponse:
        letter = _letter(folder, letter_id)
        text = templates.get_template("letter.html").render(
            letter=letter, text=with_links(letter.text)
        )
        return _html(text)

    @app.get("/letters/{letter_id}/html")
    def html_part(letter_id: str) -> HTMLResponse:
        return _html(_letter(folder, letter_id).html, policy=LETTER_POLICY)

    @app.get("/letters/{letter_id}/attachments/{number}")
    def attachment(letter_id: str, number: int) -> Response:
        found = _letter(folder, letter_id).attachments
        if not 1 <= number <= len(found):
            raise HTTPException(404, "This letter has no such attachment.")
        file = found[number - 1]
        name = quote(file.name, safe="")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", **_NO_SNIFFING}
        return Response(file.content, media_type="application/octet-stream", headers=headers)

    return app


def with_links(text: str) -> Markup:
    """The text with its web addresses as links, and nothing else in it that a browser acts on."""
    pieces: list[Markup] = []
    end = 0
    for found in ADDRESS.finditer(text):
        address = escape(found[0])
        link = Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, address)
        pieces += [escape(text[end : found.start()]), link]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])


def _letter(folder: Path, letter_id: str) -> Letter:
    if (letter := letters.find(folder, letter_id)) is None:
        raise HTTPException(404, "There is no such letter.")
    return letter


def _summary(letter: Letter) -> dict[str, Any]:
    return {
        "letter_id": letter.letter_id,
        "arrived_at": letter.arrived_at,
        "to": letter.recipients,
        "subject": letter.subject,
        "text": letter.text,
        "attachments": [file.name for file in letter.attachments],
    }


def _html(text: str, policy: str = PAGE_POLICY) -> HTMLResponse:
    headers = {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
    return HTMLResponse(text, headers=headers | _NO_SNIFFING)


def _templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("pdu_local"), autoescape=True, undefined=StrictUndefined
    )
    templates.filters["moment"] = lambda at: at.astimezone().strftime("%-d %B %Y, %H:%M:%S")
    return templates


_NO_SNIFFING = {"X-Content-Type-Options": "nosniff"}
