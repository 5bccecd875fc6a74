"""Modules and learners for tests: `await lessons.published(http, coordinator)`."""

import io
import zipfile
from typing import Any
from uuid import UUID, uuid4

import httpx

import a
from members import a_member

Http = httpx.AsyncClient
QUESTION = """```question one door
Somebody comes in. What helps?

- [x] A chair by the door
  > They can see the way out.
- [ ] A form
  > Later.
```"""


def head(key: str | None = None, **details: Any) -> str:
    """A `module.toml`."""
    said = {
        "key": key or f"test-{uuid4().hex[:16]}",
        "group": "tic",
        "title": "Arriving",
        "summary": "How people arrive.",
        "level": "introductory",
        "minutes": 10,
        "outcomes": ["Say hello"],
        **details,
    }
    return "".join(f"{name} = {_toml(value)}\n" for name, value in said.items())


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def folder(key: str | None = None, *, pages: int = 2, **details: Any) -> dict[str, str]:
    """The files of a module with a question on its first page."""
    files = {"module.toml": head(key, **details), "01-hello.md": f"# Hello\n\nHi.\n\n{QUESTION}\n"}
    more = range(2, pages + 1)
    return files | {f"{n:02}-page.md": f"# Page {n}\n\nMore *words*.\n" for n in more}


def zipped(files: dict[str, str | bytes], **how: Any) -> bytes:
    """These files as a zip."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", **{"compression": zipfile.ZIP_DEFLATED, **how}) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return kept.getvalue()


async def send(http: Http, headers: dict[str, str], body: bytes, **query: Any) -> httpx.Response:
    """The answer to a module that is sent in."""
    return await http.post(
        "/modules",
        content=body,
        params=query,
        headers={**headers, **a.key(), "Content-Type": "application/zip"},
    )


async def published(http: Http, coordinator: dict[str, str], **details: Any) -> str:
    """The key of a module that can be begun."""
    answer = await send(http, coordinator, zipped(folder(**details)))
    assert answer.status_code == 201, answer.text
    key: str = answer.json()["module_key"]
    return key


async def member(http: Http, token: Any, **details: Any) -> tuple[UUID, dict[str, str]]:
    """Somebody with an account: their id and their header."""
    one = await a_member(http, token, **details)
    return one.person_id, one.header


async def read_to_the_end(http: Http, headers: dict[str, str], key: str) -> dict[str, Any]:
    """Begin a module, come to its last page, and complete it."""
    began = (await http.put(f"/modules/{key}/progress", json={}, headers=headers)).json()
    await http.put(f"/modules/{key}/progress", json={"page": began["pages"]}, headers=headers)
    answer = await http.put(f"/modules/{key}/completion", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()
