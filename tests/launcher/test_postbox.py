"""The post box keeps every letter and shows it without harm."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage

import httpx
import pytest

from pdu_local import letters
from pdu_local.ports import free_ports
from pdu_local.postbox import box
from pdu_local.postbox_page import page, with_links

HOSTILE = '<p>Hello <b>Ada</b></p><script>alert("x")</script>'


def letter(subject="Your place at Hoarding awareness", to="ada@example.org"):
    message = EmailMessage()
    message["From"] = "pdu@example.org"
    message["To"] = to
    message["Subject"] = subject
    message.set_content("Dear Ada,\nsee http://127.0.0.1:8000/b/abc.\n")
    message.add_alternative(HOSTILE, subtype="html")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="place.ics")
    return message


@pytest.fixture
async def browser(tmp_path) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(page(tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="http://postbox") as client:
        yield client


async def test_a_letter_sent_by_smtp_is_shown(tmp_path):
    [port] = free_ports(1)
    app = box(tmp_path, port)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://postbox") as browser,
    ):
        await _send(port, letter())

        found = (await browser.get("/letters.json")).json()
        shown = await browser.get("/")

    assert [(one["subject"], one["to"], one["attachments"]) for one in found] == [
        ("Your place at Hoarding awareness", ["ada@example.org"], ["place.ics"])
    ]
    assert "Your place at Hoarding awareness" in shown.text
    assert "to ada@example.org" in shown.text


async def test_the_newest_letter_comes_first(browser, tmp_path):
    for subject in ("first", "second"):
        letters.keep(tmp_path, letter(subject).as_bytes(), ["ada@example.org"])

    found = (await browser.get("/letters.json")).json()

    assert [one["subject"] for one in found] == ["second", "first"]


async def test_letters_to_one_address_can_be_asked_for(browser, tmp_path):
    for to in ("ada@example.org", "ben@example.org"):
        letters.keep(tmp_path, letter(to=to).as_bytes(), [to])

    found = (await browser.get("/letters.json", params={"to": "Ben@example.org"})).json()

    assert [one["to"] for one in found] == [["ben@example.org"]]


async def test_html_is_shown_where_it_can_do_nothing(browser, tmp_path):
    letter_id = letters.keep(tmp_path, letter().as_bytes(), ["ada@example.org"])

    shown = await browser.get(f"/letters/{letter_id}")
    part = await browser.get(f"/letters/{letter_id}/html")

    assert "<script" not in shown.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in shown.text
    assert "default-src 'none'" in part.headers["content-security-policy"]
    assert "sandbox allow-popups" in part.headers["content-security-policy"]
    assert "allow-scripts" not in part.headers["content-security-policy"]


async def test_a_hostile_subject_is_only_text(browser, tmp_path):
    letters.keep(tmp_path, letter("<script>alert(1)</script>").as_bytes(), ["ada@example.org"])

    shown = await browser.get("/")

    assert "<script" not in shown.text
    assert "&lt;script&gt;" in shown.text


async def test_an_attachment_is_downloaded_not_opened(browser, tmp_path):
    letter_id = letters.keep(tmp_path, letter().as_bytes(), ["ada@example.org"])

    file = await browser.get(f"/letters/{letter_id}/attachments/1")

    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''place.ics"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.text.strip() == "BEGIN:VCALENDAR"


@pytest.mark.parametrize("letter_id", ["nothing", "%2e%2e%2fports.json"])
async def test_a_letter_that_is_not_there_is_not_found(browser, letter_id):
    assert (await browser.get(f"/letters/{letter_id}")).status_code == 404


async def test_an_empty_box_says_what_to_do(browser):
    assert "There are no letters yet" in (await browser.get("/")).text


def test_an_address_in_a_text_becomes_a_link_and_nothing_else_does():
    assert with_links('<b> see http://127.0.0.1:8000/b/"x".') == (
        '&lt;b&gt; see <a href="http://127.0.0.1:8000/b/" rel="noreferrer">'
        "http://127.0.0.1:8000/b/</a>&#34;x&#34;."
    )


async def _send(port, message):
    def send():
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as smtp:
            smtp.send_message(message)

    await asyncio.to_thread(send)
