"""Items of the library for tests: `await shelf.published(http, coordinator, …)`."""

import io
import zipfile
from typing import Any
from uuid import uuid4

import httpx

import a

Http = httpx.AsyncClient
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(range(256)) * 40
VTT = b"WEBVTT\n\n00:00:01.000 --> 00:00:04.000\nWelcome to the session about hoarding.\n"


def words(**details: Any) -> dict[str, Any]:
    """An item as a coordinator describes it, with all that it needs."""
    return {
        "item_key": f"item-{uuid4().hex[:20]}",
        "type": "practice_tool",
        "title": "A checklist for a first visit",
        "summary": "Ten steps to a visit that builds trust.",
        "body": "Say who you are.",
        "workstreams": ["housing"],
        "scope": "local",
        **details,
    }


async def draft(http: Http, coordinator: dict[str, str], **details: Any) -> dict[str, Any]:
    """An item that nobody else sees."""
    answer = await http.post("/items", json=words(**details), headers={**coordinator, **a.key()})
    assert answer.status_code == 201, answer.text
    item: dict[str, Any] = answer.json()
    return item


async def published(http: Http, coordinator: dict[str, str], **details: Any) -> dict[str, Any]:
    """An item that everybody finds."""
    return await step(http, coordinator, await draft(http, coordinator, **details), "publication")


async def step(
    http: Http, coordinator: dict[str, str], item: dict[str, Any], what: str, **form: Any
) -> dict[str, Any]:
    """What comes of a step that is allowed."""
    answer = await try_to(http, coordinator, item, what, **form)
    assert answer.status_code == 200, answer.text
    now: dict[str, Any] = answer.json()
    return now


async def try_to(
    http: Http, headers: dict[str, str], item: dict[str, Any], what: str, **form: Any
) -> httpx.Response:
    """The answer to a step by somebody who has read the item as it is."""
    path = f"/items/{item['item_key']}"
    read = await http.get(path, headers=headers)
    seen = {**headers, "If-Match": read.headers.get("etag", '"1"')}
    if what == "edit":
        return await http.patch(path, json=form, headers=seen)
    needs = form or (None if what == "publication" else {})
    return await http.put(f"{path}/{what}", json=needs, headers=seen)


async def bring(
    http: Http,
    headers: dict[str, str],
    item: dict[str, Any],
    name: str,
    content: bytes,
    **purpose: str,
) -> httpx.Response:
    """The answer to somebody who brings a file."""
    return await http.put(
        f"/items/{item['item_key']}/files/{name}",
        content=content,
        params=purpose,
        headers={**headers, "Content-Type": "application/octet-stream"},
    )


async def recording(http: Http, coordinator: dict[str, str], **details: Any) -> dict[str, Any]:
    """A recording with captions, that nobody else sees yet."""
    said = {"type": "recording", "title": "Hoarding: the recording", "body": None, **details}
    item = await draft(http, coordinator, **said)
    for name, content, role in (("it.mp4", MP4, "original"), ("it.vtt", VTT, "captions")):
        answer = await bring(http, coordinator, item, name, content, role=role)
        assert answer.status_code == 200, answer.text
    return item


def archive(*names: str, content: bytes = b"x") -> bytes:
    """An archive with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, content)
    return out.getvalue()


def pointers(answer: httpx.Response) -> set[str]:
    """Where something is wrong."""
    assert answer.status_code == 422, answer.text
    return {one["pointer"] for one in answer.json()["errors"]}
