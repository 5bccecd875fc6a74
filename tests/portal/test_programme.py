"""What is on: the list, its filters, and the calendar."""

import re

import pytest


def asked(town):
    return [path for _, path, _ in town.bookings_service.asked if path.startswith("/learning-ev")]


def test_events_stand_under_their_months(town, site):
    town.announce("First", starts_at="2031-03-04T10:00:00Z", ends_at="2031-03-04T12:00:00Z")
    town.announce("Second", starts_at="2031-04-04T10:00:00Z", ends_at="2031-04-04T12:00:00Z")
    page = site.get("/events").text
    shown = re.findall(r"<h2>(\w+ 2031)</h2>|<h3><a[^>]*>(\w+)</a>", page)
    assert ["".join(one) for one in shown] == ["March 2031", "First", "April 2031", "Second"]
    assert "<strong>2 events</strong>" in page


def test_filters_are_passed_on_shown_as_chips_and_taken_away_one_by_one(town, site):
    town.announce()
    page = site.get("/events?mode=online&workstream=housing&level=advanced&x=1").text
    [path] = asked(town)
    assert path.startswith("/learning-events?")
    assert set(path.partition("?")[2].split("&")) == {
        "mode=online", "workstream=housing", "level=advanced", "limit=20", "when=coming",
    }  # fmt: skip
    chips = re.findall(r'class="chip" href="([^"]+)"', page)
    assert [chip.replace("&amp;", "&") for chip in chips] == [
        "/events?mode=online&level=advanced",
        "/events?workstream=housing&level=advanced",
        "/events?workstream=housing&mode=online",
    ]
    assert 'href="/events.ics?workstream=housing"' in page


@pytest.mark.parametrize(
    "odd", ["mode=nothing", "after=seven", "workstream=%00", "level=advanced'--", "when=never"]
)
def test_what_an_address_does_not_say_properly_is_left_aside(town, site, odd):
    assert site.get(f"/events?{odd}").status_code == 200
    assert asked(town) == ["/learning-events?limit=20&when=coming"]


def test_what_was_is_there_as_well(town, site):
    page = site.get("/events?when=past").text
    assert asked(town) == ["/learning-events?limit=20&when=past"]
    assert "What is to come" in page


def test_a_long_list_goes_on(town, site):
    event = town.announce()
    town.bookings_service.answers["GET /learning-events"] = lambda *_: (
        200,
        {"items": list(town.events.values()), "next": event},
    )
    assert f'href="/events?mode=online&amp;after={event}"' in site.get("/events?mode=online").text


def test_words_are_looked_for_and_stand_in_a_chip(town, site):
    town.announce()
    page = site.get("/events?q=%20hoarding%20%20house%20&mode=online").text
    [path] = asked(town)
    assert path == "/learning-events?q=hoarding+house&mode=online&limit=20&when=coming"
    assert "for “hoarding house”" in page
    assert 'href="/events?mode=online">“hoarding house”' in page
    assert 'value="hoarding house"' in page


@pytest.mark.parametrize("q", ["x", "%20", "%00a", "%0a"])
def test_what_is_no_word_is_not_looked_for(town, site, q):
    assert site.get(f"/events?q={q}").status_code == 200
    assert asked(town) == ["/learning-events?limit=20&when=coming"]


@pytest.fixture
def nothing_on(town):
    near = [{"without": "mode", "found": 4}, {"without": "q", "found": 1}]
    item = {"item_key": "cuckooing", "type": "recording", "title": "Cuckooing <live>"}
    item |= {"summary": "What it is.", "minutes": 50}
    town.bookings_service.answers["GET /near-misses"] = lambda *_: (
        200,
        {"items": near, "over": 2},
    )
    town.resources.answers |= {
        "GET /search": lambda *_: (200, {"items": [item], "total": 1}),
        "GET /items": lambda *_: (200, {"items": [item], "next": None}),
    }
    return town


def test_nothing_that_fits_says_which_filter_to_drop_and_what_comes_near(nothing_on, site):
    page = site.get("/events?q=squats&mode=online").text
    near = re.search(r'<section class="note note--calm".*?</section>', page, re.DOTALL)[0]
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', near)
    assert links == [
        ("/events?q=squats", "Without “Online”: 4 events"),
        ("/events?mode=online", "Without “squats”: 1 event"),
        ("/events?q=squats&amp;mode=online&amp;when=past", "What was: 2 events"),
        ("/library/cuckooing", "Cuckooing &lt;live&gt;"),
        ("/suggest", "Suggest it as a topic"),
    ]
    [looked] = [path for _, path, _ in nothing_on.resources.asked if path.startswith("/search")]
    assert looked == "/search?q=squats&type=recording&limit=2"


def test_a_theme_alone_leads_to_its_recordings(nothing_on, site):
    assert "/library/cuckooing" in site.get("/events?workstream=housing").text
    assert any("/items?workstream=housing" in path for _, path, _ in nothing_on.resources.asked)


def test_nothing_that_fits_stays_a_page_with_nobody_to_ask(town, site):
    town.resources.mood = "broken"
    page = site.get("/events?q=squats").text
    assert "See everything that is planned" in page
    assert "Suggest it as a topic" in page


def test_an_empty_programme_asks_nobody_what_comes_near(town, site):
    assert "Nothing is planned just now" in site.get("/events").text
    assert len(town.bookings_service.asked) == 1


def test_with_the_booking_desk_away_the_page_says_so(town, site):
    with town.bookings_service.away():
        page = site.get("/events")
    assert page.status_code == 200
    assert "The booking desk does not answer just now" in page.text


def test_the_calendar_comes_through_the_portal(town, site):
    event = town.announce()
    for path in ("/calendar.ics", f"/learning-events/{event}/calendar.ics"):
        town.bookings_service.answers = {
            f"GET {path}": lambda *_: (200, "BEGIN:VCALENDAR"),
            **town.bookings_service.answers,
        }
    for path in ("/events.ics", "/events.ics?workstream=housing", f"/events/{event}.ics"):
        answer = site.get(path)
        assert answer.text == "BEGIN:VCALENDAR"
        assert answer.headers["cache-control"] == "public, max-age=300"
    assert site.get("/events/seven.ics").status_code == 404
