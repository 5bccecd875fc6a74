"""OAI-PMH 2.0: other libraries harvest what ours has, and what it has no more."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from fastapi import APIRouter, Request
from fastapi.responses import Response

from pdu_resources.harvest.oai_request import (
    STAMP,
    Asked,
    OaiError,
    Place,
    asked_of,
    resumed,
    said_in,
    selection_of,
    token_of,
)
from pdu_resources.harvest.records import record, records
from pdu_resources.library.words import workstreams
from pdu_resources.rules.dublin_core import Record, dublin_core
from pdu_resources.setting.document import setting
from pdu_shared.contracts.resources.library import ItemType
from pdu_shared.database import Conn
from pdu_shared.runtime import Here, Now, Runtime

PAGE = 100
XML = "text/xml"
OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
router = APIRouter(tags=["harvest"])
for _prefix, _space in (("", OAI), ("oai_dc", OAI_DC), ("dc", DC), ("xsi", XSI)):
    register_namespace(_prefix, _space)


@router.get(
    "/oai",
    response_class=Response,
    responses={200: {"description": "OAI-PMH 2.0", "content": {XML: {}}}},
)
async def oai(request: Request, here: Here, now: Now) -> Response:
    """The library for harvesters: OAI-PMH 2.0 with Dublin Core (`metadataPrefix=oai_dc`).

    Sets are types and work streams. What was archived is told as deleted.
    """
    return await _answered(said_in(request), here, now)


@router.post(
    "/oai",
    response_class=Response,
    responses={200: {"description": "OAI-PMH 2.0", "content": {XML: {}}}},
    openapi_extra={
        "requestBody": {
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
                    "example": {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
                }
            }
        }
    },
)
async def oai_posted(request: Request, here: Here, now: Now) -> Response:
    """The same for harvesters that post what they ask, as a form."""
    return await _answered(said_in(request), here, now)


async def _answered(pairs: Sequence[tuple[str, str]], here: Runtime, now: datetime) -> Response:
    base = f"{here.settings.portal_url.rstrip('/')}/oai"
    root = Element(
        _oai("OAI-PMH"),
        {f"{{{XSI}}}schemaLocation": f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"},
    )
    SubElement(root, _oai("responseDate")).text = now.strftime(STAMP)
    echo = SubElement(root, _oai("request"))
    echo.text = base
    try:
        asked = asked_of(pairs)
        async with here.database.pool.acquire(timeout=5) as conn:
            answer = await _ANSWERS[asked["verb"]](conn, asked, Place(here.settings.portal_url))
        echo.attrib.update({name: value for name, value in asked.items() if value.isprintable()})
        root.append(answer)
    except OaiError as wrong:
        SubElement(root, _oai("error"), {"code": wrong.code}).text = str(wrong)
    body = tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type=XML)


def _oai(name: str) -> str:
    return f"{{{OAI}}}{name}"


async def _identify(conn: Conn, _asked: Asked, place: Place) -> Element:
    earliest = await conn.fetchval(
        "SELECT min(changed_at) FROM library_item WHERE published_at IS NOT NULL"
    )
    told = {
        "repositoryName": f"The online hub of the {await setting(conn, 'instance.name')}",
        "baseURL": f"{place.url}/oai",
        "protocolVersion": "2.0",
        "adminEmail": "hub@example.org",
        "earliestDatestamp": (earliest or datetime(2017, 10, 1, tzinfo=UTC)).strftime(STAMP),
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }
    return _element("Identify", *(_element(name, text=text) for name, text in told.items()))


async def _formats(conn: Conn, asked: Asked, place: Place) -> Element:
    if "identifier" in asked:
        await _found(conn, asked["identifier"], place)
    told = {
        "metadataPrefix": "oai_dc",
        "schema": f"{OAI_DC[:-1]}.xsd",
        "metadataNamespace": OAI_DC,
    }
    one = _element("metadataFormat", *(_element(name, text=text) for name, text in told.items()))
    return _element("ListMetadataFormats", one)


async def _sets(conn: Conn, asked: Asked, _place: Place) -> Element:
    if "resumptionToken" in asked:
        raise OaiError("badResumptionToken", "The list of sets has one page.")
    names = [f"type:{one}" for one in ItemType]
    names += [f"workstream:{code}" for code in await workstreams(conn)]
    return _element(
        "ListSets",
        *(
            _element(
                "set",
                _element("setSpec", text=name),
                _element("setName", text=name.partition(":")[2].replace("_", " ")),
            )
            for name in names
        ),
    )


async def _get(conn: Conn, asked: Asked, place: Place) -> Element:
    return _element("GetRecord", _whole(await _found(conn, asked["identifier"], place), place))


async def _list_records(conn: Conn, asked: Asked, place: Place) -> Element:
    return await _list(conn, asked, "ListRecords", lambda one: _whole(one, place))


async def _list_identifiers(conn: Conn, asked: Asked, place: Place) -> Element:
    return await _list(conn, asked, "ListIdentifiers", lambda one: _header(one, place))


async def _list(conn: Conn, asked: Asked, verb: str, show: Callable[[Record], Element]) -> Element:
    goes_on = "resumptionToken" in asked
    chosen = resumed(asked["resumptionToken"]) if goes_on else selection_of(asked)
    found = await records(conn, chosen, PAGE + 1)
    if not found:
        raise OaiError("noRecordsMatch", "There is nothing of this kind.")
    page = found[:PAGE]
    answer = _element(verb, *(show(one) for one in page))
    if len(found) > PAGE:
        answer.append(_element("resumptionToken", text=token_of(chosen.after(page[-1]))))
    elif goes_on:
        answer.append(_element("resumptionToken"))
    return answer


async def _found(conn: Conn, identifier: str, place: Place) -> Record:
    key = place.key(identifier)
    found = await record(conn, key) if key and key.isascii() and "\0" not in key else None
    if found is None:
        raise OaiError("idDoesNotExist", "There is no such item.")
    return found


def _whole(one: Record, place: Place) -> Element:
    if one.archived:
        return _element("record", _header(one, place))
    dc = Element(f"{{{OAI_DC}}}dc", {f"{{{XSI}}}schemaLocation": f"{OAI_DC} {OAI_DC[:-1]}.xsd"})
    for name, values in dublin_core(one, place.page(one.item_key)).items():
        for value in values:
            SubElement(dc, f"{{{DC}}}{name}").text = value
    return _element("record", _header(one, place), _element("metadata", dc))


def _header(one: Record, place: Place) -> Element:
    header = _element(
        "header",
        _element("identifier", text=place.identifier(one.item_key)),
        _element("datestamp", text=one.changed_at.strftime(STAMP)),
        *(_element("setSpec", text=name) for name in one.sets),
    )
    if one.archived:
        header.set("status", "deleted")
    return header


def _element(name: str, *parts: Element, text: str | None = None) -> Element:
    element = Element(_oai(name))
    element.text = text
    element.extend(parts)
    return element


_ANSWERS = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _get,
    "ListRecords": _list_records,
    "ListIdentifiers": _list_identifiers,
}
