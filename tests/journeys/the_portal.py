"""A portal before real services, and a browser without scripts: `await press(page, …)`."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

from pdu_local.ports import free_ports
from portal.serving import served
from signing_in import Form, FrontEnd, front_end, letter

COOKIE_KEY = "the-cookie-key-of-the-tests"


@dataclass(frozen=True)
class Town:
    """Where the portal and the issuer answer."""

    portal: str
    resources: str
    client: FrontEnd


@asynccontextmanager
async def a_town(house, http, database, token, *also: str) -> AsyncIterator[Town]:
    """Resources and these services as processes, and a portal before them that they know."""
    port = free_ports(1)[0]
    address = f"http://127.0.0.1:{port}"
    known = await front_end(
        http,
        database,
        token,
        confidential=True,
        redirect_uris=[f"{address}/signed-in"],
        scopes=["openid"],
    )
    async with AsyncExitStack() as stack:
        urls = {}
        for name in ("resources", *also):
            process = await stack.enter_async_context(house.process(name, broker=False))
            urls[f"{name}_url"] = process.url
        told = {
            "portal_url": address,
            "client_id": known.client_id,
            "client_secret": known.client_secret,
            "cookie_key": COOKIE_KEY,
        }
        stack.enter_context(served(port=port, **urls, **told))
        yield Town(address, urls["resources_url"], known)


@asynccontextmanager
async def a_browser() -> AsyncIterator[httpx.AsyncClient]:
    """Keeps cookies and follows redirects."""
    async with httpx.AsyncClient(follow_redirects=True, timeout=30) as client:
        yield client


async def type_in(browser, page, /, **typed):
    """Fill in the only form of a page of the issuer, and the page that comes of it."""
    form = Form(page.text)
    action = urljoin(str(page.url), form.action)
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    return await browser.post(action, data={**form.fields, **typed}, headers=headers)


async def sign_in(browser, town, database, email, *, to="/me"):
    """Sign in with the code of a letter; the page that one comes to."""
    page = await browser.get(f"{town.portal}/sign-in", params={"to": to})
    assert str(page.url).startswith(f"{town.resources}/authorize"), page.text
    page = await type_in(browser, page, email=email)
    return await type_in(browser, page, code=await letter(database, email))


class Forms(HTMLParser):
    """Every form of a page: where it goes, what is in it, and the words of its buttons."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.open, self.button = [], None, False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.open = {"action": said.get("action", ""), "fields": {}, "buttons": []}
            self.forms.append(self.open)
        elif self.open is not None and tag == "input":
            ticks = said.get("type") in {"radio", "checkbox"}
            if not ticks or "checked" in said:
                self.open["fields"][said["name"]] = said.get("value", "")
        elif self.open is not None and tag == "select":
            self.selecting = said["name"]
        elif self.open is not None and tag == "option" and "selected" in said:
            self.open["fields"][self.selecting] = said.get("value", "")
        elif tag == "button":
            self.button = True
            if self.open is not None and "name" in said:
                self.open["fields"][said["name"]] = said.get("value", "")

    def handle_data(self, data):
        if self.button and self.open is not None:
            self.open["buttons"].append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "button":
            self.button = False


async def press(browser, page, words, /, **typed):
    """Press the button with these words, with what is typed; the page that comes of it."""
    forms = Forms(page.text).forms
    form = next((one for one in forms if any(words in said for said in one["buttons"])), None)
    assert form, f"no button {words!r} at {page.url}: {[one['buttons'] for one in forms]}"
    action = urljoin(str(page.url), form["action"]).partition("#")[0]
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    return await browser.post(action, data={**form["fields"], **typed}, headers=headers)


def heading(page):
    """What a page says it is."""
    found = re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", page.text, re.DOTALL)
    return found[1] if found else page.text[:200]
