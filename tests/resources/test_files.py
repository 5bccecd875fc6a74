"""Files come in as streams, are what they say, and are given out whole or in part."""

import hashlib

import pytest

import shelf
from pdu_resources.storage.checking import Coming
from pdu_resources.storage.clearing import clear_due
from pdu_resources.storage.store import Files
from pdu_shared.problems import TooLarge
from pdu_shared.runtime import Runtime, utc_now


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture
async def item(resources_http, coordinator):
    return await shelf.published(resources_http, coordinator)


async def test_a_file_is_brought_and_given(resources_http, coordinator, item):
    answer = await shelf.bring(resources_http, coordinator, item, "a guide.pdf", shelf.PDF)
    [file] = answer.json()["files"]
    assert (file["media_type"], file["bytes"]) == ("application/pdf", len(shelf.PDF))
    assert file["sha256"] == hashlib.sha256(shelf.PDF).hexdigest()
    given = await resources_http.get(f"/items/{item['item_key']}/files/a guide.pdf")
    assert given.content == shelf.PDF
    assert given.headers["content-type"] == "application/pdf"
    assert given.headers["content-disposition"].startswith('inline; filename="a guide.pdf"')
    assert given.headers["content-security-policy"].startswith("sandbox")
    assert given.headers["x-content-type-options"] == "nosniff"


async def test_a_part_of_a_file_is_given(resources_http, coordinator, item):
    await shelf.bring(resources_http, coordinator, item, "a.pdf", shelf.PDF)
    path = f"/items/{item['item_key']}/files/a.pdf"
    part = await resources_http.get(path, headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, shelf.PDF[2:6])
    assert part.headers["content-range"] == f"bytes 2-5/{len(shelf.PDF)}"
    etag = part.headers["etag"]
    known = await resources_http.get(path, headers={"If-None-Match": etag})
    assert (known.status_code, known.content) == (304, b"")
    stale = {"Range": "bytes=2-5", "If-Range": '"another"'}
    assert (await resources_http.get(path, headers=stale)).status_code == 200
    fresh = {"Range": "bytes=2-5", "If-Range": etag}
    assert (await resources_http.get(path, headers=fresh)).status_code == 206
    beyond = await resources_http.get(path, headers={"Range": "bytes=9999-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (
        416,
        f"bytes */{len(shelf.PDF)}",
    )


async def test_another_file_takes_the_place_of_the_first(resources_http, coordinator, item):
    for content in (shelf.PDF, shelf.PDF + b"more\n"):
        await shelf.bring(resources_http, coordinator, item, "a.pdf", content)
    given = await resources_http.get(f"/items/{item['item_key']}/files/a.pdf")
    assert given.content.endswith(b"more\n")
    assert len((await resources_http.get(f"/items/{item['item_key']}")).json()["files"]) == 1


HTML = b"<!DOCTYPE html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "content", "purpose", "pointer"),
    [
        ("a.pdf", b"MZ\x90\0" + bytes(500), {}, "/path/name"),
        ("a.pdf", b"", {}, ""),
        ("a.mp4", shelf.PDF, {}, "/path/name"),
        ("a.txt", HTML, {}, "/path/name"),
        ("a.txt", b"ab\0c", {}, ""),
        ("a.txt", b"\xff\xfe\xfa", {}, ""),
        ("a.vtt", HTML, {"role": "captions"}, "/path/name"),
        ("a.vtt", b"WEBVTT\n\nnonsense", {"role": "captions"}, ""),
        ("a.pdf", shelf.PDF, {"role": "captions"}, "/query/role"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50), {"role": "picture"}, "/query/alt_text"),
        ("a.svg", b"<svg onload=alert(1)>", {}, "/path/name"),
        ("..%2F..%2Fa.pdf", shelf.PDF, {}, None),
        ("a.pptx", shelf.archive("[Content_Types].xml", "word/a.xml"), {}, ""),
        ("a.pptx", b"PK\x03\x04" + bytes(100), {}, ""),
        ("a.zip", shelf.archive("bomb", content=bytes(30_000_000)), {}, ""),
        ("a.zip", shelf.archive("../../a"), {}, ""),
    ],
)
async def test_a_file_that_lies_or_harms_is_refused_and_leaves_nothing(  # noqa: PLR0913, PLR0917
    resources_http, resources_database, coordinator, item, name, content, purpose, pointer
):
    answer = await shelf.bring(resources_http, coordinator, item, name, content, **purpose)
    if pointer is None:
        assert answer.status_code in {404, 415}  # no such place
    else:
        assert shelf.pointers(answer) == {pointer}
    kept = await resources_database.pool.fetchval(
        "SELECT count(*) FROM library_file WHERE item_id = $1", item["item_id"]
    )
    assert kept == 0


async def test_a_file_that_is_too_large_is_cut_off():
    async def endless():
        while True:
            yield b"a" * 1_000_000

    with pytest.raises(TooLarge):
        async for _ in Coming("a.txt", endless()):
            pass


async def test_only_declared_types_are_read_at_all(resources_http, coordinator, item):
    path = f"/items/{item['item_key']}/files/a.pdf"
    headers = {**coordinator, "Content-Type": "application/x-sh"}
    answer = await resources_http.put(path, content=shelf.PDF, headers=headers)
    assert answer.status_code == 415


async def test_files_of_members_are_for_those_who_signed_in(resources_http, coordinator, token):
    item = await shelf.published(resources_http, coordinator, members_only=True)
    await shelf.bring(resources_http, coordinator, item, "a.pdf", shelf.PDF)
    path = f"/items/{item['item_key']}"
    assert (await resources_http.get(path)).json()["files"][0]["name"] == "a.pdf"
    assert (await resources_http.get(f"{path}/files/a.pdf")).status_code == 401
    given = await resources_http.get(f"{path}/files/a.pdf", headers=token("member"))
    assert given.content == shelf.PDF


async def test_what_is_left_over_is_cleared_away_a_day_later(
    resources_http, resources_database, coordinator, item, house
):
    for content in (shelf.PDF, shelf.PDF + b"more"):
        await shelf.bring(resources_http, coordinator, item, "a.pdf", content)
    pool = resources_database.pool
    settings = house.settings("resources")
    files = Files(Runtime("resources", settings, resources_database))
    while await clear_due(resources_database, files, await utc_now()):
        pass
    left = [row["stored_as"] for row in await pool.fetch("SELECT stored_as FROM library_leftover")]
    assert left
    await pool.execute("UPDATE library_leftover SET since = since - interval '2 days'")
    assert await clear_due(resources_database, files, await utc_now()) > 0
    kept = await pool.fetchval(
        "SELECT stored_as FROM library_file WHERE item_id = $1", item["item_id"]
    )
    assert [piece async for piece in await files.read(kept)]


async def test_a_published_item_keeps_what_it_needs(resources_http, coordinator):
    item = await shelf.draft(resources_http, coordinator, body=None)
    await shelf.bring(resources_http, coordinator, item, "a.pdf", shelf.PDF)
    await shelf.step(resources_http, coordinator, item, "publication")
    path = f"/items/{item['item_key']}/files/a.pdf"
    answer = await resources_http.delete(path, headers=coordinator)
    assert shelf.pointers(answer) == {"/link"}
    assert (await resources_http.get(path)).status_code == 200
