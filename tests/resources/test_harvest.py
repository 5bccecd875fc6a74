"""Other libraries harvest ours with a client of theirs, and are told what is gone."""

import asyncio
import re
import socket
from xml.etree.ElementTree import fromstring

import pytest
import uvicorn
from oaipmh_scythe import Scythe
from oaipmh_scythe.exceptions import (
    BadArgument,
    BadResumptionToken,
    IdDoesNotExist,
    NoRecordsMatch,
)

import shelf
from pdu_resources.harvest import oai
from resources.test_recording import event, hear

NAMES = {"atom": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def coordinator(token):
    return token("coordinator")


@pytest.fixture(scope="module")
async def hub(house):
    """The hub behind a real socket, because harvesters bring their own HTTP."""
    async with house.running("resources", broker=False) as app:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            config = uvicorn.Config(app, lifespan="off", log_config=None, ws="none")
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/oai"
            server.should_exit = True
            await serving


async def harvest(url, verb, **asked):
    """All that a real harvester gets."""

    def ask():
        with Scythe(url) as harvester:
            got = getattr(harvester, verb)(**asked)
            return list(got) if hasattr(got, "__next__") else got

    return await asyncio.to_thread(ask)


async def test_a_harvester_gets_everything_page_by_page(hub, resources_http, coordinator):
    made = [
        await shelf.published(resources_http, coordinator, tags=["harvest"], type=kind)
        for kind in ("slides", "practice_tool", "slides")
    ]
    await shelf.step(resources_http, coordinator, made[0], "archive", reason_code="test")
    records = await harvest(hub, "list_records")
    by_key = {one.header.identifier.rpartition(":")[2]: one for one in records}
    assert len(by_key) == len(records)
    assert {one["item_key"] for one in made} <= by_key.keys()
    assert by_key[made[0]["item_key"]].deleted
    told = by_key[made[1]["item_key"]].metadata
    assert told["title"] == ["A checklist for a first visit"]
    assert told["type"] == ["Text", "practice tool"]
    assert told["subject"] == ["housing", "harvest"]
    headers = await harvest(hub, "list_identifiers", set_="type:slides")
    slides = by_key[made[2]["item_key"]].header.identifier
    assert slides in {one.identifier for one in headers}
    assert all("type:slides" in one.setSpecs for one in headers)


async def test_tokens_lead_on_to_the_last_page(hub, resources_http, coordinator, monkeypatch):
    for _ in range(3):
        await shelf.published(resources_http, coordinator, type="case_study")
    monkeypatch.setattr(oai, "PAGE", 2)
    pages, token = [], None
    while token is None or token:
        asked = (
            {"resumptionToken": token}
            if token
            else {"metadataPrefix": "oai_dc", "set": "type:case_study"}
        )
        answer = await resources_http.get("/oai", params={"verb": "ListRecords", **asked})
        root = fromstring(answer.content)  # noqa: S314 - ours
        space = "{http://www.openarchives.org/OAI/2.0/}"
        pages += [one.text for one in root.iter(f"{space}identifier")]
        token = (root.findtext(f".//{space}resumptionToken") or "").strip()
    whole = await harvest(hub, "list_records", set_="type:case_study")
    assert pages == [one.header.identifier for one in whole]
    assert len(set(pages)) == len(pages) >= 3


async def test_the_hub_says_who_it_is(hub):
    told = await harvest(hub, "identify")
    assert (told.protocolVersion, told.deletedRecord) == ("2.0", "persistent")
    [form] = await harvest(hub, "list_metadata_formats")
    assert form.metadataPrefix == "oai_dc"
    sets = {one.setSpec for one in await harvest(hub, "list_sets")}
    assert {"type:toolkit", "workstream:housing"} <= sets


@pytest.mark.parametrize(
    ("verb", "asked", "error"),
    [
        ("get_record", {"identifier": "oai:x:y"}, IdDoesNotExist),
        ("list_records", {"set_": "type:nonsense"}, NoRecordsMatch),
        ("list_records", {"from_": "yesterday"}, BadArgument),
        ("list_records", {"from_": "2026-01-02", "until": "2026-01-01"}, BadArgument),
        ("list_records", {"resumption_token": "nonsense"}, BadResumptionToken),
        ("list_records", {"resumption_token": "W10="}, BadResumptionToken),
    ],
)
async def test_what_cannot_be_harvested_is_said_in_the_words_of_the_protocol(
    hub, verb, asked, error
):
    with pytest.raises(error):
        await harvest(hub, verb, **asked)


@pytest.mark.parametrize(
    "query", ["", "verb=Dance", "verb=Identify&verb=Identify", "verb=Identify&colour=red"]
)
async def test_what_is_no_request_is_answered_with_an_error(resources_http, query):
    answer = await resources_http.get(f"/oai?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert b'<error code="bad' in answer.content


async def test_the_library_is_exported_as_json(resources_http, coordinator):
    item = await shelf.published(resources_http, coordinator, issued="2019", rights="CC BY 4.0")
    exported, after = {}, None
    while True:
        page = (
            await resources_http.get("/library/export", params={"after": after} if after else {})
        ).json()
        exported |= {one["item_key"]: one for one in page["records"]}
        after = page["next"]
        if not after:
            break
    told = exported[item["item_key"]]["dublin_core"]
    assert (told["date"], told["rights"]) == (["2019"], ["CC BY 4.0"])


async def test_the_newest_is_a_feed(resources_http, resources_database, coordinator):
    published = event()
    await hear(resources_database, published)
    item = await shelf.published(resources_http, coordinator, title="Newest & <best>")
    answer = await resources_http.get("/library/feed?type=practice_tool")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = fromstring(answer.content)  # noqa: S314 - ours
    first = feed.find("atom:entry", NAMES)
    assert first.findtext("atom:title", namespaces=NAMES) == "Newest & <best>"
    assert item["item_key"] in first.find("atom:link", NAMES).get("href")


async def test_what_is_posted_as_a_form_is_answered_like_what_is_asked(resources_http):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for said in ("verb=ListSets", "verb=ListSets&verb=Identify", "verb=%ff", "", "&=&=", "verb"):
        got = await resources_http.get(f"/oai?{said}")
        posted = await resources_http.post("/oai", content=said, headers=form)
        assert posted.status_code == 200
        got, posted = (re.sub("<responseDate>.*?</", "</", one.text) for one in (got, posted))
        assert posted == got
    asked = "verb=ListRecords&metadataPrefix=oai_dc&set=type:nonsense"
    posted = await resources_http.post("/oai", content=asked, headers=form)
    assert 'code="noRecordsMatch"' in posted.text
    json = await resources_http.post("/oai", json={"verb": "ListSets"})
    assert json.status_code == 415
    many = await resources_http.post("/oai", content="a=1&" * 100, headers=form)
    assert (many.status_code, 'code="badVerb"' in many.text) == (200, True)
