"""Somebody signs in at the real portal, at the real issuer, with the code of a real letter."""

import asyncio
import re
from urllib.parse import urljoin

import pytest

from journeys.the_portal import COOKIE_KEY, a_browser, a_town, type_in
from pdu_portal.jar import Jar
from signing_in import app_shows, give, letter, member


@pytest.fixture
async def town(house, resources_http, resources_database, token):
    async with a_town(house, resources_http, resources_database, token) as opened:
        yield opened


@pytest.fixture
async def browser():
    async with a_browser() as opened:
        yield opened


async def test_a_member_signs_in_and_out(town, browser, resources_http, resources_database):
    portal, resources = town.portal, town.resources
    email = await member(resources_http)
    page = await browser.get(f"{portal}/sign-in?to=/library")
    assert str(page.url).startswith(f"{resources}/authorize")
    page = await type_in(browser, page, email=email)
    code = await letter(resources_database, email)
    page = await type_in(browser, page, code=code)
    assert str(page.url) == f"{portal}/library"
    assert "You are signed in as" in page.text
    page = await sign_out(browser, page)
    assert "You are signed out" in page.text
    assert "You are signed in as" not in (await browser.get(f"{portal}/library")).text


async def test_staff_show_the_code_of_their_app_too(
    town, browser, resources_http, resources_database, token
):
    portal = town.portal
    email = await member(resources_http)
    await give(resources_http, token, email, "evaluator")
    page = await browser.get(f"{portal}/sign-in?to=/library")
    page = await type_in(browser, page, email=email)
    page = await type_in(browser, page, code=await letter(resources_database, email))
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.text.replace(" ", ""))[0]
    page = await type_in(browser, page, code=app_shows(secret))
    assert str(page.url) == f"{portal}/library"
    assert "You are signed in as" in page.text


async def test_pages_opened_side_by_side_stay_signed_in(
    town, browser, resources_http, resources_database
):
    """The issuer gives a new token to both, for the portal shows its secret."""
    portal, resources = town.portal, town.resources
    email = await member(resources_http)
    page = await browser.get(f"{portal}/sign-in?to=/library")
    page = await type_in(browser, page, email=email)
    await type_in(browser, page, code=await letter(resources_database, email))
    refresh = await refresh_of(browser, portal)
    form = {"grant_type": "refresh_token", "client_id": town.client.client_id}
    form["refresh_token"] = refresh
    without = await browser.post(f"{resources}/token", data=form)
    assert without.status_code == 400
    known = {**form, "client_secret": town.client.client_secret}
    answers = await asyncio.gather(
        *(browser.post(f"{resources}/token", data=known) for _ in range(3))
    )
    assert [one.status_code for one in answers] == [200] * 3
    await resources_database.pool.execute(
        "UPDATE refresh_token SET used_at = used_at - interval '1 minute' WHERE used_at IS NOT NULL"
    )
    late = await browser.post(f"{resources}/token", data=known)
    assert late.status_code == 400
    newest = {**known, "refresh_token": answers[-1].json()["refresh_token"]}
    assert (await browser.post(f"{resources}/token", data=newest)).status_code == 400


async def sign_out(browser, page):
    """Press the button at the foot of a page."""
    key = re.search(r'name="key" value="([^"]+)"', page.text)[1]
    return await browser.post(urljoin(str(page.url), "/sign-out"), data={"key": key})


async def refresh_of(browser, portal):
    """The refresh token that is sealed in the browser's cookie."""
    jar = Jar(COOKIE_KEY, secure=False)
    request = browser.build_request("GET", portal)
    return jar.viewer(request.headers["cookie"]).refresh
