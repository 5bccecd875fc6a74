"""The form of a survey: what it asks and says, what is sent on, refused, and kept."""

import os
import re
import socket
import subprocess
import sys
import time

import httpx
import pytest

from portal.stand_in import open_portal
from portal.survey_stand_in import IN_THE_ROOM, INVITED, LINK, OPEN, question, surveys_of

NASTY = '"><script>alert(1)</script>{{7*7}}<!--'
AGREED = {"key": "0b6e1c1e-6d3a-4f0e-9d3e-0b8f4a3f9a11", "consent_evaluation": "yes"}


@pytest.fixture(autouse=True)
def surveys(town):
    return surveys_of(town)


def test_the_page_asks_every_question_in_the_fields_of_its_type(surveys, site):
    page = site.get(LINK).text
    for asked in surveys.questions:
        assert page.count(asked["wording"]) == 1
        assert all(option["label"] in page for option in asked["options"])
    for field in (
        'name="option:core.confidence" type="radio" value="much_greater"',
        'name="option:core.lived_experience.value" type="radio" value="-"',
        'name="tick:fu.shared_with:managers" type="checkbox" value="yes"',
        '<select class="govuk-select" id="rank:ev.rank_impact:confidence"',
        'name="number:fu.colleagues"',
        'name="text:fu.action.what" rows="4"',
        'name="tick:ev.rank_impact:-" type="checkbox"',
    ):
        assert field in page
    assert "A number from 0 to 500" in page
    assert re.findall(r'<option value="(\d)"', page.partition("rank:ev.rank_impact")[2])[:4] == [
        *"1234"
    ]
    assert 'name="option:core.confidence" type="radio" value="-"' not in page  # not offered there


def test_consent_comes_first_and_nothing_is_ticked_or_chosen_beforehand(surveys, site):
    page = site.get(LINK).text
    assert page.index("consent_evaluation") < page.index(surveys.questions[0]["wording"])
    assert " checked" not in page
    assert " selected" not in page
    assert " required" not in page


def test_the_page_says_that_nobody_has_to_how_long_it_takes_and_whom_to_talk_to(
    surveys, town, site
):
    surveys.learning_event_id = town.announce()
    page = site.get(LINK).text
    for words in (
        "Hoarding: behind the door",
        "You do not have to answer.",
        "It takes about 2 minutes. You have until ",
        "You can leave out any question",
        "talk to somebody you trust",
        "116 123",
        'content="noindex"',
    ):
        assert words in page


def test_who_is_set_to_be_talked_to_is_named_on_the_page(town):
    with open_portal(town, contact_name="Robin Locksley", contact_phone="0115 496 0123") as address:
        page = httpx.get(address + LINK).text
    assert "get in touch with Robin Locksley, <a href" in page
    assert "somebody you trust" not in page


@pytest.mark.parametrize("mood", ["broken", "hangs_up", "wrong"])
def test_without_the_booking_desk_the_survey_is_asked_all_the_same(surveys, town, site, mood):
    surveys.learning_event_id = town.announce()
    town.bookings_service.mood = mood
    page = site.get(LINK)
    assert page.status_code == 200
    assert "Some time after the event" in page.text


def test_what_was_typed_is_what_resources_receives(surveys, site):
    answer = site.post(
        LINK,
        data=AGREED
        | {
            "consent_quote": "yes",
            "sector": "voluntary",
            "work_field": "",
            "option:core.confidence": "much_greater",
            "option:core.lived_experience.value": "-",
            "tick:fu.shared_with:managers": "yes",
            "tick:fu.shared_with:colleagues": "yes",
            "rank:ev.rank_impact:service_delivery": "2",
            "rank:ev.rank_impact:confidence": "1",
            "rank:ev.rank_impact:policy_strategy": "",
            "number:fu.colleagues": " 12 ",
            "text:fu.action.what": "First.\r\nThen.",
        },
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LINK}/thanks")
    assert surveys.answered[LINK] == {
        "consent": {"evaluation": True, "quote": True, "link": False},
        "sector": "voluntary",
        "answers": [
            {"question": "core.confidence", "options": ["much_greater"]},
            {"question": "core.lived_experience.value", "not_applicable": True},
            {"question": "fu.shared_with", "options": ["managers", "colleagues"]},
            {
                "question": "ev.rank_impact",
                "ranks": [
                    {"option": "service_delivery", "rank": 2},
                    {"option": "confidence", "rank": 1},
                ],
            },
            {"question": "fu.colleagues", "number": 12},
            {"question": "fu.action.what", "text": "First.\nThen."},
        ],
    }


def test_every_question_may_be_left_out(surveys, site):
    left_out = {"option:core.confidence": "", "text:fu.action.what": " \r\n "}
    assert site.post(LINK, data=AGREED | left_out).status_code == 303
    assert surveys.answered[LINK] == {
        "consent": {"evaluation": True, "quote": False, "link": False},
        "answers": [],
    }


def test_the_thank_you_page_says_what_happens_and_how_to_change_it(site):
    thanks = site.post(LINK, data=AGREED).headers["location"]
    for _ in range(2):
        page = site.get(thanks)
        assert page.status_code == 200
        assert "What happens with them" in page.text
        assert f'<a href="{LINK}">opens the survey again</a>' in page.text
    again = site.get(LINK).text
    assert "You have answered already" in again
    assert "takes the place of all that you sent before" in again


def test_what_resources_finds_wrong_stands_at_its_question_and_the_rest_is_kept(surveys, site):
    typed = AGREED | {
        "option:core.confidence": "much_greater",
        "tick:fu.shared_with:managers": "yes",
        "rank:ev.rank_impact:service_delivery": "1",
        "rank:ev.rank_impact:confidence": "1",
        "number:fu.colleagues": "a few",
        "text:fu.action.what": "I wrote to <everybody>.",
        "tick:fu.action.what:-": "yes",
        "sector": "voluntary",
    }
    surveys.refuse(
        ("/answers/4/not_applicable", "contradiction", "Either or."),
        ("/answers/2/ranks", "ranks", "Ranks are 1, 2, 3 and so on."),
        ("/answers/3/number", "value_error", "Give a number."),
        ("/consent/evaluation", "consent", "Thank you for wanting to answer."),
    )
    answer = site.post(LINK, data={name: typed[name] for name in typed if "consent" not in name})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    summary = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', answer.text)
    assert [field for field, _ in summary if ":" in field or "consent" in field] == [
        "consent_evaluation",
        "rank:ev.rank_impact:confidence",
        "number:fu.colleagues",
        "text:fu.action.what",
    ]
    for field, words in summary[1:5]:
        assert answer.text.count(words) == 2  # in the summary and at the field
        assert answer.text.count(f'id="{field}"') == 1
    for words in (
        "More than one thing is number 1. Choose which comes first",
        "Write a number from 0 to 500, in figures, or leave it open",
        "Give an answer, or tick that it does not apply, but not both",
        'value="much_greater" checked',
        'name="tick:fu.shared_with:managers" type="checkbox" value="yes" checked',
        'value="a few"',
        "I wrote to &lt;everybody&gt;.</textarea>",
        '<option value="voluntary" selected',
    ):
        assert words in answer.text
    assert typed["key"] not in answer.text  # another try is another question
    assert not surveys.answered


@pytest.mark.parametrize(
    ("places", "field", "words"),
    [
        ({"service_delivery": "2"}, "service_delivery", "Nothing is number 1."),
        (
            {"service_delivery": "1", "knowledge_skills": "3", "confidence": "4"},
            "knowledge_skills",
            "Nothing is number 2.",
        ),
        (
            {"service_delivery": "2", "knowledge_skills": "1", "policy_strategy": "2"},
            "policy_strategy",
            "More than one thing is number 2.",
        ),
        (
            {"service_delivery": "3", "knowledge_skills": "3"},
            "knowledge_skills",
            "More than one thing is number 3.",
        ),
        ({"service_delivery": "first"}, "service_delivery", "Give 1, 2, 3 and so on"),
        ({"service_delivery": "9" * 5000}, "service_delivery", "Give 1, 2, 3 and so on"),
    ],
)
def test_places_that_are_no_order_are_told_where_they_stop_being_one(
    surveys, site, places, field, words
):
    surveys.refuse(("/answers/0/ranks", "ranks", "Ranks are 1, 2, 3 and so on."))
    sent = {f"rank:ev.rank_impact:{item}": place for item, place in places.items()}
    answer = site.post(LINK, data=AGREED | sent)
    assert f'<a href="#rank:ev.rank_impact:{field}">{words}' in answer.text
    assert f'id="rank:ev.rank_impact:{field}-error"' in answer.text


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({}, "a number"),
        ({"minimum": 1}, "a number, 1 or more"),
        ({"maximum": 9.5}, "a number, 9.5 or less"),
    ],
)
def test_a_number_is_asked_for_and_refused_with_its_bounds(surveys, site, bounds, said):
    surveys.questions = [question("sg.people", "number", "How many?", **bounds)]
    surveys.refuse(("/answers/0/number", "out-of-bounds", "Give a number from -inf to 9.5."))
    page = site.post(LINK, data=AGREED | {"number:sg.people": "-1.5"}).text
    assert f">\n    {said.capitalize()}\n" in page
    assert page.count(f"Write {said}, in figures, or leave it open") == 2


@pytest.mark.parametrize("typed", ["1e5", "nan", "1" * 40, "٣", "1,000"])
def test_what_is_no_number_is_left_for_resources_to_refuse(surveys, site, typed):
    site.post(LINK, data=AGREED | {"number:fu.colleagues": typed})
    assert surveys.answered[LINK]["answers"][0]["number"] == typed


def test_a_refusal_that_belongs_to_no_question_of_the_page_is_said_above_it(surveys, site):
    surveys.refuse(("/answers/0/question", "unknown-question", "This survey does not ask this."))
    answer = site.post(LINK, data=AGREED | {"text:gone": "Something."})
    assert "The questions have changed since you opened this page." in answer.text
    surveys.refusal = (409, {"title": "Conflict", "detail": "Please wait a moment."})
    answer = site.post(LINK, data=AGREED)
    assert answer.status_code == 409
    assert "Please wait a moment." in answer.text
    surveys.refuse(("/sector", "unknown-code", "Possible are: a, b."))
    answer = site.post(LINK, data=AGREED | {"sector": "astrology"})
    assert answer.text.count("Choose one from the list, or leave it open") == 2


def test_nasty_strings_come_back_as_text(surveys, town, site):
    surveys.learning_event_id = town.announce(NASTY)
    surveys.title = NASTY
    kinds = ("single", "multiple", "ranking", "number", "text")
    options = [{"code": code, "label": NASTY} for code in ("one", "two")]
    surveys.questions = [
        question(kind, kind, NASTY, options=options, offers_not_applicable=True) for kind in kinds
    ]
    surveys.refuse(("/answers/0/text", "other", NASTY))
    sent = AGREED | {"text:text": NASTY, "number:number": NASTY, NASTY: NASTY, "sector": NASTY}
    pages = [site.get(LINK), site.get(OPEN), site.post(LINK, data=sent)]
    with town.services["resources"].away():
        pages.append(site.post(LINK, data=sent))
    for page in pages:
        assert "<script>alert" not in page.text
        assert "{{7*7}}" in page.text
        assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize("path", [LINK, OPEN])
@pytest.mark.parametrize("mood", ["broken", "garbage", "hangs_up"])
def test_with_resources_in_trouble_all_that_was_typed_waits_on_the_page(
    surveys, town, site, path, mood
):
    typed = AGREED | {"text:fu.action.what": 'I said "no".\nThen I left.', "number:x": "<7>"}
    town.services["resources"].mood = mood
    answer = site.post(path, data=typed)
    assert answer.status_code == 503
    assert "All that you typed is kept on this page." in answer.text
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    assert hidden["key"] == AGREED["key"]
    assert hidden["text:fu.action.what"] == "I said &#34;no&#34;.\nThen I left."
    assert hidden["number:x"] == "&lt;7&gt;"
    town.services["resources"].mood = "well"
    assert site.post(path, data=typed).status_code == 303
    assert len(surveys.answered) == 1


def test_answers_that_are_refused_by_resources_that_then_goes_away_are_kept(town, site):
    resources = town.services["resources"]

    def refuse_and_go(*_: object) -> tuple[int, object]:
        resources.mood = "broken"
        return 422, {"title": "This cannot be kept."}

    resources.answers[f"POST {LINK}/responses"] = refuse_and_go
    answer = site.post(LINK, data=AGREED | {"text:fu.action.what": "I wrote."})
    assert answer.status_code == 503
    assert 'value="I wrote."' in answer.text


def test_without_resources_the_page_says_who_is_away_and_thanks_all_the_same(town, site):
    with town.services["resources"].away():
        answer = site.get(LINK)
        thanks = site.get(f"{LINK}/thanks")
    assert answer.status_code == 503
    assert "The online hub does not answer just now" in answer.text
    assert thanks.status_code == 200
    assert "the same link opens the survey again" in thanks.text


@pytest.mark.parametrize(
    "path", ["/s/a-link-of-long-ago", "/surveys/horoscope", "/surveys/evaluation/more"]
)
def test_a_link_that_is_unknown_or_too_old_leads_to_a_kind_page(site, path):
    for answer in (site.get(path), site.get(f"{path}/thanks"), site.post(path, data=AGREED)):
        assert answer.status_code == 404
        assert "There is nothing at this address" in answer.text


@pytest.mark.parametrize(
    "path",
    ["/s/short", "/s/" + "x" * 600, "/s/..%2f..%2fmembers", "/surveys/%2e%2e", "/surveys/A%00"],
)
def test_a_link_that_is_none_never_reaches_a_service(town, site, path):
    assert site.get(path).status_code == 404
    assert site.post(path, data=AGREED).status_code == 404
    assert not town.services["resources"].asked


def test_forms_from_other_sites_and_too_large_ones_are_refused(surveys, site):
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert site.post(LINK, data=AGREED, headers=elsewhere).status_code == 403
    assert site.post(LINK, data=AGREED | {"text:x": "x" * 300_000}).status_code == 413
    assert site.post(LINK, content=b"&".join(b"a=b" for _ in range(1100))).status_code == 400
    assert not surveys.answered
    own = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert site.post(LINK, data=AGREED, headers=own).status_code == 303


def test_an_open_survey_is_answered_once_per_form_and_links_nobody(town, site):
    page = site.get(OPEN).text
    assert "consent_link" not in page
    assert "You have until" not in page
    answer = site.post(OPEN, data=AGREED)
    assert answer.headers["location"] == f"{OPEN}/thanks"
    assert town.services["resources"].keys == [AGREED["key"]]
    thanks = site.get(f"{OPEN}/thanks").text
    assert "What happens with them" in thanks
    assert "change something" not in thanks


@pytest.mark.parametrize("path", [LINK, OPEN, f"{LINK}/thanks", f"{OPEN}/thanks"])
def test_the_pages_carry_the_strict_headers_and_are_light(site, path):
    page = site.get(path)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "unsafe" not in page.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", page.text)
    style = site.get(re.search(r'href="(/static/portal\.[^"]+\.css)"', page.text)[1]).text
    assert len((page.text + style).encode()) < 60_000
    assert page.text.count("<h1") == 1


def test_the_link_of_a_letter_stands_in_no_log(town):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    resources = town.services["resources"]
    resources.start()
    command = [sys.executable, "-m", "pdu_portal"]
    env = os.environ | {
        "PDU_HTTP_PORT": port,
        "PDU_RESOURCES_URL": f"http://127.0.0.1:{resources.port}",
        "PDU_ENV": "production",
    }
    with subprocess.Popen(  # noqa: S603 our own portal
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        assert httpx.post(address + LINK, data=AGREED).status_code == 303
        resources.stop()
        assert httpx.get(address + LINK).status_code == 503
        process.terminate()
        said, _ = process.communicate(timeout=20)
    assert "survey answered" in said
    assert "service away" in said
    assert INVITED not in said


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            httpx.get(f"{address}/livez")
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the portal did not open")


def test_answers_are_taken_back_on_a_page_of_its_own_and_twice_is_once(surveys, site):
    surveys.answered[LINK] = {}
    away = f"{LINK}/withdrawal"
    assert f'href="{away}"' in site.get(LINK).text
    assert f'href="{away}"' in site.get(f"{LINK}/thanks").text
    assert "Take your answers back?" in site.get(away).text
    assert LINK in surveys.answered, "looking changes nothing"
    for _ in range(2):
        assert "Your answers are taken back" in site.post(away).text
    assert surveys.answered == {}


def test_whoever_sits_in_the_room_answers_without_saying_who_they_are(surveys, site):
    page = site.get(IN_THE_ROOM).text
    assert "link my answers" not in page
    assert "withdrawal" not in page
    sent = site.post(IN_THE_ROOM, data={"consent_evaluation": "yes", "text:fu.action.what": "x"})
    assert sent.headers["location"] == f"{IN_THE_ROOM}/thanks"
    assert surveys.answered[IN_THE_ROOM]["consent"]["link"] is False
    assert "Thank you" in site.get(f"{IN_THE_ROOM}/thanks").text
