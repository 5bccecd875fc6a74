"""What somebody who is asked to speak finds behind the link of their letter."""

import pytest

from portal.speaker_stand_in import LINK, invited

REFUSAL = {"title": "Conflict", "detail": "This session is over."}


@pytest.fixture(autouse=True)
def an_event(town):
    town.announce("Grief at work", outcomes=["Find words for a loss"], audience=["front_line"])
    return next(iter(town.events.values()))


def sent_to(town) -> list[tuple[str, str, dict]]:
    return [asked for asked in town.bookings_service.asked if asked[0] != "GET"]


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        ("speaker", "Would you speak?"),
        ("co_facilitator", "Would you help to facilitate?"),
        ("juggler", "Would you take part?"),
    ],
)
def test_whoever_is_asked_reads_for_what_and_looking_changes_nothing(town, site, role, asked):
    invited(town, role=role)
    page = site.get(LINK).text
    for words in (
        asked,
        "Grief at work",
        "Find words for a loss",
        "Front line",
        "Lace Market Rooms",
        "<p>Many are new to this.</p>",
        "<p>Begin with a story.</p>",
        'content="noindex"',
    ):
        assert words in page
    assert not sent_to(town)


@pytest.mark.parametrize(
    ("typed", "told", "said"),
    [
        (" Alan a Dale ", "Alan a Dale", "You are named as Alan a Dale."),
        (" ", None, "You are not named in public."),
    ],
)
def test_whoever_says_yes_is_named_as_they_wish_or_not_at_all(town, site, typed, told, said):
    invited(town)
    answer = site.post(LINK, data={"wish": "confirm", "published_name": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, LINK)
    assert sent_to(town) == [("POST", f"{LINK}/confirmation", {"published_name": told})]
    page = site.get(LINK).text
    assert "You have said yes" in page
    assert said in page


@pytest.mark.parametrize(
    ("state", "button"), [("invited", "No, thank you"), ("confirmed", "I cannot come")]
)
def test_no_can_be_said_before_and_after_a_yes(town, site, state, button):
    invited(town, state=state)
    assert button in site.get(LINK).text
    page = site.post(LINK, data={"wish": "withdraw"}, follow_redirects=True).text
    assert "This invitation has ended" in page
    assert "<button" not in page


def test_a_brief_is_acknowledged_as_it_was_read(town, site):
    invited(town)
    read = {"wish": "acknowledge", "version": "2"}
    assert 'name="version" value="2"' in site.get(LINK).text
    page = site.post(LINK, data=read, follow_redirects=True).text
    assert sent_to(town) == [("PUT", f"{LINK}/brief-acknowledgement", {"version": 2})]
    assert "You told us that you have read it." in page
    assert "I have read the brief" not in page


def test_without_a_brief_there_is_nothing_to_acknowledge(town, site):
    invited(town, brief={"version": 0, "text": None})
    assert "I have read the brief" not in site.get(LINK).text


@pytest.mark.parametrize(
    ("consent", "wish", "said"),
    [
        ("asked", "agree", "You agreed to be recorded."),
        ("asked", "refuse", "You said that you would not like to be recorded."),
        ("refused", "agree", "You agreed to be recorded."),
        ("given", "refuse", "You no longer agree to be recorded."),
    ],
)
def test_to_be_recorded_is_agreed_to_refused_and_taken_back(town, site, consent, wish, said):
    invited(town, recording_consent=consent)
    assert f'name="wish" value="{wish}"' in site.get(LINK).text
    page = site.post(LINK, data={"wish": wish}, follow_redirects=True).text
    [(method, path, body)] = sent_to(town)
    assert (method, path, body) == ("PUT", f"{LINK}/recording-consent", {"agrees": wish == "agree"})
    assert said in page


@pytest.mark.parametrize("state", ["confirmed", "withdrawn"])
def test_years_later_consent_can_still_be_taken_back_and_nothing_else_is_asked(
    town, site, an_event, state
):
    invited(town, state=state, recording_consent="given")
    an_event["sessions"][0] |= {
        "starts_at": "2020-01-14T13:00:00+00:00",
        "ends_at": "2020-01-14T16:00:00+00:00",
    }
    page = site.get(LINK).text
    assert page.count("<button") == 1
    assert "I no longer agree" in page


def test_of_an_event_that_will_not_happen_nothing_is_asked(town, site, an_event):
    invited(town, state="confirmed")
    an_event["state"] = "cancelled"
    page = site.get(LINK).text
    assert "This event will not happen" in page
    assert "<button" not in page


def test_a_name_that_cannot_be_is_said_at_its_field_and_kept(town, site):
    invited(town, state="confirmed", published_name="Alan")
    answer = site.post(LINK, data={"wish": "confirm", "published_name": "A" * 201})
    assert answer.status_code == 422
    assert "Use no more than 200 letters" in answer.text
    assert f'value="{"A" * 201}"' in answer.text
    assert not sent_to(town)


def test_a_name_that_bookings_does_not_take_is_said_at_its_field(town, site):
    invited(town)
    wrong = {"pointer": "/published_name", "detail": "It may not hold a telephone number."}
    town.refusal = (422, {"title": "Unprocessable", "errors": [wrong]})
    answer = site.post(LINK, data={"wish": "confirm", "published_name": "0115 496 0000"})
    assert answer.status_code == 422
    assert 'href="#published_name">It may not hold a telephone number.' in answer.text


@pytest.mark.parametrize(
    "wish",
    [
        {"wish": "confirm", "published_name": ""},
        {"wish": "withdraw"},
        {"wish": "acknowledge", "version": "1"},
        {"wish": "agree"},
    ],
)
def test_a_refusal_is_told_in_its_own_words_and_the_rest_stays(town, site, wish):
    invited(town, state="confirmed", published_name="Alan a Dale")
    town.refusal = (409, REFUSAL)
    answer = site.post(LINK, data=wish)
    assert answer.status_code == 409
    assert "This session is over." in answer.text
    assert "You are named as Alan a Dale." in answer.text


@pytest.mark.parametrize(
    "wish", [{}, {"wish": "king"}, {"wish": "acknowledge"}, {"wish": "acknowledge", "version": "x"}]
)
def test_what_no_button_says_changes_nothing(town, site, wish):
    invited(town)
    assert site.post(LINK, data=wish).status_code == 404
    assert not sent_to(town)


def test_when_it_is_over_the_name_is_taken_off_by_one_press(town, site, an_event):
    session = an_event["sessions"][0]
    session |= {"starts_at": "2026-01-14T13:00:00+00:00", "ends_at": "2026-01-14T16:00:00+00:00"}
    invited(town, state="confirmed", published_name="Alan a Dale")
    assert "Take my name off the page" in site.get(LINK).text
    page = site.post(LINK, data={"wish": "confirm"}, follow_redirects=True).text
    assert sent_to(town) == [("POST", f"{LINK}/confirmation", {"published_name": None})]
    assert "Alan a Dale" not in page


@pytest.mark.parametrize("token", ["short", "..........", "a b c d e f"])
def test_what_can_be_no_token_reaches_no_service(town, site, token):
    assert site.get(f"/f/{token}").status_code == 404
    assert site.post(f"/f/{token}", data={"wish": "withdraw"}).status_code == 404
    assert not town.bookings_service.asked


def test_while_bookings_is_away_the_page_says_so(town, site):
    invited(town)
    with town.bookings_service.away():
        answer = site.get(LINK)
    assert answer.status_code == 503
    assert "The booking desk does not answer just now" in answer.text
