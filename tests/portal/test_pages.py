"""The pages around the booking: what is on, what is away, and what every answer carries."""

import gzip
import re
import time

import httpx
import pytest

from portal.letters_stand_in import reading
from portal.manager_stand_in import hearing
from portal.stand_in import open_portal

WAYS_OUT = ("front", "live", "event", "booked", "manage", "missing")
LINK = "/b/pdu-link-4K792MXYZ"


@pytest.fixture
def pages(town, site, answers):
    """Every page there is, by name."""
    learning_event_id = town.announce()
    booked = site.post(f"/events/{learning_event_id}", data=answers).headers["location"]
    addresses = ("/", "/live", f"/events/{learning_event_id}", booked, LINK, "/nothing")
    return {name: site.get(path) for name, path in zip(WAYS_OUT, addresses, strict=True)}


def test_what_is_on_says_calmly_how_many_places_are_left(town, site):
    town.announce("Roomy", places_left=11)
    town.announce("Nearly", places_left=1)
    town.announce("Full", places_left=0, waiting=4)
    page = site.get("/").text
    for words in ("11 places left", "1 place left", "Full, waiting list open"):
        assert words in page


def test_nothing_on_and_nothing_said_is_told_kindly(site):
    page = site.get("/")
    assert page.status_code == 200
    assert "Nothing is planned just now" in page.text
    assert "Nothing has been said yet" in page.text


@pytest.mark.parametrize("mood", ["garbage", "wrong", "broken", "hangs_up", "slow"])
def test_each_part_whose_service_is_in_trouble_becomes_one_sentence(town, site, mood):
    town.announce()
    for name, sentence, still in (
        ("bookings", "The booking desk does not answer just now", "an event is announced"),
        ("reporting", "The journal does not answer just now", "Lace Market Rooms"),
    ):
        town.services[name].mood = mood
        time.sleep(0.3)  # the board is drawn at most four times a second
        page = site.get("/")
        assert page.status_code == 200
        assert sentence in page.text
        assert still in page.text
        assert page.elapsed.total_seconds() < 3
        town.services[name].mood = "well"


def test_with_every_service_away_the_pages_stand(town, site):
    for service in town.services.values():
        service.stop()
    page = site.get("/")
    assert page.status_code == 200
    assert page.text.count("is away") == 4
    assert site.get("/readyz").status_code == 200
    assert site.get("/livez").json() == {"status": "ok"}
    event = site.get("/events/0b6e1c1e-6d3a-4f0e-9d3e-0b8f4a3f9a11")
    assert event.status_code == 503
    assert "The booking desk does not answer just now" in event.text
    assert re.search(r"say “[a-z]+-[a-z]+-\d\d”", event.text)


def test_a_page_that_is_not_there_says_so_and_leads_home(site):
    for path in ("/nothing", "/events/0b6e1c1e-6d3a-4f0e-9d3e-0b8f4a3f9a11", "/events/seven"):
        answer = site.get(path)
        assert answer.status_code == 404
        assert "There is nothing at this address" in answer.text
        assert 'href="/"' in answer.text
    assert site.post("/live").status_code == 405
    assert site.get("/openapi.json").status_code == 404


def test_every_page_carries_the_strict_headers_and_no_script_or_style_of_its_own(pages):
    for page in pages.values():
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["cache-control"] == "no-store"
        assert "set-cookie" not in page.headers
        # Browsers run no data.
        run = page.text.replace('<script type="application/ld+json">', "")
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", run)


def test_every_page_is_light_and_has_one_heading_and_a_title(pages, site):
    address = re.search(r'href="(/static/portal\.[^"]+\.css)"', pages["front"].text)[1]
    style = site.get(address).content
    for answer in pages.values():
        page = answer.text
        assert len(page.encode()) + len(style) < 60_000
        assert len(gzip.compress(page.encode())) + len(gzip.compress(style)) < 15_000
        assert page.count("<h1") == 1
        assert page.count(" Practice Development Unit</title>") == 1


def test_every_link_of_a_page_leads_somewhere(town, pages, site):
    reading(town)
    hearing(town)
    links = {link for page in pages.values() for link in re.findall(r'href="(/[^"#]*)', page.text)}
    for link in links:
        # Signing in happens at the issuer.
        expected = 303 if link in {"/sign-in", "/submit"} else 200
        assert site.get(link.replace("&amp;", "&")).status_code == expected


def test_static_files_are_kept_for_ever_under_addresses_that_change_with_them(site):
    page = site.get("/").text
    for address in re.findall(r'(/static/[^"]+)', page):
        answer = site.get(address)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.(css|js|svg)$", address)
    style = site.get(re.search(r'href="(/static/portal\.[^"]+\.css)"', page)[1]).text
    for drawing in re.findall(r"url\(([^)]+)\)", style):
        assert site.get(f"/static/{drawing}").headers["content-type"].startswith("image/svg+xml")
    for gone in ("portal.css", "portal.000000000000.css", "../app.py", "%2e%2e/app.py"):
        assert site.get(f"/static/{gone}").status_code == 404


def test_the_banner_and_the_post_box_appear_only_where_they_are_set(town, site):
    plain = site.get("/").text
    with open_portal(town, demo=True, postbox_url="http://127.0.0.1:8025") as address:
        told = httpx.get(address).text
    for words in ("Demonstration", 'href="http://127.0.0.1:8025/"'):
        assert words in told
        assert words not in plain


def test_the_link_of_a_letter_shows_a_booking_and_looking_changes_nothing(town, site):
    town.announce()
    for _ in range(2):
        page = site.get(LINK)
        assert "You have a place" in page.text
        assert 'content="noindex"' in page.text
    assert {method for method, _, _ in town.bookings_service.asked} == {"GET"}


def test_a_place_is_given_back_by_pressing_the_button(town, site):
    town.announce()
    answer = site.post(LINK)
    assert (answer.status_code, answer.headers["location"]) == (303, LINK)
    assert "You have given your place back" in site.get(LINK).text


def test_a_place_that_cannot_be_given_back_says_why(town, site):
    town.announce()
    town.refusal = (409, {"title": "Conflict", "detail": "This event has already started."})
    answer = site.post(LINK)
    assert answer.status_code == 409
    assert "This event has already started." in answer.text


@pytest.mark.parametrize("token", ["short", "x" * 600, "a%2Fb%2Fc%2Fd%2Fe", "%00" * 9])
def test_a_link_that_is_none_never_reaches_a_service(town, site, token):
    assert site.get(f"/b/{token}").status_code == 404
    assert site.post(f"/b/{token}").status_code == 404
    assert not town.bookings_service.asked
