"""Whoever came says whether their manager hears of it, and takes it back, by their own link."""

import pytest

from portal.manager_stand_in import MANAGER, NOBODY, hearing
from portal.stand_in import TOKEN

TYPED = {
    "manager_name": "Marian Fitzwalter",
    "manager_email": "marian@example.org",
    "plans": "Talk about it in the team.",
    "wish": "tell",
}


@pytest.fixture
def kept(town):
    town.announce()
    return hearing(town)


def changes(town):
    return [one for one in town.bookings_service.asked if one[0] in {"PUT", "DELETE"}]


def test_the_booking_leads_there_and_nothing_is_agreed_by_looking(town, site, kept):
    assert f'href="{MANAGER}"' in site.get(f"/b/{TOKEN}").text
    page = site.get(MANAGER)
    assert "It is up to you" in page.text
    assert 'content="noindex"' in page.text
    assert page.text.count("<h1") == 1
    assert "Tell nobody" not in page.text
    assert (kept, changes(town)) == (NOBODY, [])


def test_who_agrees_is_told_so_and_may_change_it(site, kept):
    done = site.post(MANAGER, data=TYPED)
    assert (done.status_code, done.headers["location"]) == (303, f"{MANAGER}?said=yes")
    assert kept == {name: said for name, said in TYPED.items() if name != "wish"}
    page = site.get(f"{MANAGER}?said=yes").text
    assert "Kept. Marian Fitzwalter hears of it" in page
    assert 'value="marian@example.org"' in page
    assert "Change what they hear" in page


def test_it_is_taken_back_by_one_button_however_often(site, kept):
    site.post(MANAGER, data=TYPED)
    for _ in range(2):
        done = site.post(MANAGER, data={"wish": "nobody"})
        assert done.headers["location"] == f"{MANAGER}?said=nobody"
    assert kept == NOBODY
    assert "Nobody hears that there was something" in site.get(f"{MANAGER}?said=nobody").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"manager_name": ""}, "Enter the name of your manager"),
        ({"manager_email": "marian@"}, "Enter an email address with a full ending"),
        ({"plans": "x" * 201}, "Use no more than 200 letters"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_is_not_sent(town, site, kept, typed, words):
    page = site.post(MANAGER, data={**TYPED, **typed})
    assert page.status_code == 422
    assert "<title>Error: Tell my manager" in page.text
    assert page.text.count(words) == 2
    assert (kept, changes(town)) == (NOBODY, [])


def test_ones_own_address_is_not_a_managers(town, site, kept):
    del kept
    fault = {"pointer": "/manager_email", "code": "own-address", "detail": "Your own."}
    town.refusal = (422, {"title": "No.", "errors": [fault]})
    page = site.post(MANAGER, data=TYPED)
    assert page.status_code == 422
    assert page.text.count("This is your own address. Enter that of your manager") == 2
    assert 'value="Marian Fitzwalter"' in page.text


def test_a_link_that_opens_nothing_says_so(site):
    assert site.get("/b/no-such-token-at-all/manager").status_code == 404
