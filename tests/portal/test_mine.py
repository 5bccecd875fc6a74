"""The pages of somebody who has signed in: what is theirs, and what they may do with it."""

import re

import pytest

from portal.mine_stand_in import ACTION, BOOKING, EVENT, NOTE, OFFERED, REQUEST, SURVEY, at_home
from portal.signing_in import a_key, signed_in

PAGES = {
    "/me": [
        "Hello Marian Leaford", "Hoarding: behind the &lt;door&gt;", "A place is free at",
        "until <time", "10am on Thursday 1 July 2027", "https://meet.example.org/hoarding",
        "/learn/tic-introduction/resume", "1 of 1 steps done", "Change our &lt;welcome&gt; letter",
        "For managers", "You are invited", f"/me/surveys/{SURVEY}",
        "After the &lt;event&gt;: Cuckooing", "about 4 minutes, until Thursday 1 July 2027",
    ],
    "/me/certificates": [
        "/me/certificates/tic-spaces.pdf", "/learn/tic-words/finished",
        "/certificates/pdu-cert-777", "/me/record.pdf",
    ],
    "/me/letters": ["The bulletin", "PIE"],
    "/me/data": ["Make my copy", "You may show me.", "/me/data/forget"],
    "/me/data/forget": ["type: forget me"],
    "/me/data/close": ["type: close my account"],
    f"/me/data/requests/{REQUEST}": ["Your copy is ready"],
    "/me/profile": ["marian@greenwood.example.org", 'value="Greenwood Housing"'],
    "/me/notes": ["First.\n&lt;Then&gt;.", f"/me/notes?after={NOTE}"],
    f"/me/bookings/{BOOKING}": ["You have a place", "Give my place back"],
    f"/me/surveys/{SURVEY}": ["After the &lt;event&gt;", "Did it help?", "May we use your"],
    "/submit": ["Bring something for the library", "Our &lt;sheet&gt;", "Somebody will read it"],
    "/tasks": ["Change our &lt;welcome&gt; letter"],
    f"/tasks/{ACTION}": ["What came of it?"],
}  # fmt: skip


@pytest.fixture
def viewer(town, site):
    at_home(town)
    return signed_in(site)


def told(service, how):
    """What was asked of a service in this way: path and body."""
    return [(path, body) for method, path, body in service.asked if method == how]


@pytest.mark.parametrize(("path", "words"), PAGES.items())
@pytest.mark.usefixtures("viewer")
def test_a_page_shows_what_is_mine(site, path, words):
    page = site.get(path)
    assert page.status_code == 200
    assert [word for word in words if word not in page.text] == []
    assert page.headers["cache-control"] == "no-store"
    assert 'content="noindex"' in page.text
    assert page.text.count("<h1") == 1
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", page.text)


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_it_without_signing_in(town, site, path):
    at_home(town)
    answer = site.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?to=%2F")
    assert [asked for one in town.services.values() for asked in one.asked] == []


@pytest.mark.usefixtures("viewer")
@pytest.mark.parametrize("mood", ["broken", "wrong"])
@pytest.mark.parametrize("path", PAGES)
def test_with_its_services_in_trouble_a_page_says_so_kindly(town, site, path, mood):
    for service in town.services.values():
        service.mood = mood
    page = site.get(path)
    assert page.status_code in {200, 503}
    assert "Nothing you did caused this" in page.text or path.startswith("/me/data/")
    assert "Marian Leaford" in page.text  # still signed in


def test_services_are_asked_in_the_name_of_who_looks(town, site, viewer):
    site.get("/me")
    shown = dict(town.resources.tokens)["/my-activity"]
    assert shown == f"Bearer {viewer.token}"
    assert dict(town.bookings_service.tokens)["/memberships"] == shown


def test_a_place_is_given_back_once_however_often_the_button_is_pressed(town, site, viewer):
    form = {"key": a_key(viewer)}
    for _ in range(2):
        done = site.post(f"/me/bookings/{BOOKING}", data=form)
        assert done.headers["location"] == f"/me/bookings/{BOOKING}"
    assert len(set(town.bookings_service.keys)) == 1
    assert told(town.bookings_service, "POST")[0] == (f"/bookings/{BOOKING}/cancellation", {})


@pytest.mark.parametrize(
    ("wish", "words"),
    [("accept", "You have a place"), ("decline", "You have left the place to others")],
)
def test_an_offer_is_answered_on_my_activity(town, site, viewer, wish, words):
    own = f"/me/bookings/{OFFERED}"
    page = site.get("/me").text
    assert f'action="{own}"' in page
    assert f'value="{wish}"' in page
    done = site.post(own, data={"wish": wish, "key": a_key(viewer)})
    assert done.headers["location"] == own
    assert told(town.bookings_service, "POST") == [
        (f"/bookings/{OFFERED}/offer", {"accept": wish == "accept"})
    ]
    assert words in site.get(own).text
    assert "One thing to decide" not in site.get("/me").text


def test_an_offer_that_has_ended_meanwhile_says_so(town, site, viewer):
    town.refusal = (409, {"title": "No.", "detail": "This offer has ended."})
    answer = {"wish": "accept", "key": a_key(viewer)}
    page = site.post(f"/me/bookings/{OFFERED}", data=answer)
    assert page.status_code == 409
    assert "This offer has ended." in page.text


def test_a_wish_that_no_button_says_is_none(site, viewer):
    typed = {"wish": "../needs", "key": a_key(viewer)}
    assert site.post(f"/me/bookings/{BOOKING}", data=typed).status_code == 404


def test_a_place_that_cannot_be_given_back_says_why(town, site, viewer):
    town.refusal = (409, {"title": "No.", "detail": "It has already started."})
    page = site.post(f"/me/bookings/{BOOKING}", data={"key": a_key(viewer)})
    assert page.status_code == 409
    assert "It has already started." in page.text


ANSWERED = {"option:core.helped": "yes", "consent_evaluation": "yes"}


def test_a_survey_is_answered_without_the_letter(town, site, viewer):
    own = f"/me/surveys/{SURVEY}"
    done = site.post(own, data={**ANSWERED, "key": a_key(viewer)})
    assert done.headers["location"] == f"{own}/thanks"
    assert f'<a href="{own}">opens' in site.get(f"{own}/thanks").text
    consent = {"evaluation": True, "quote": False, "link": False}
    answers = [{"question": "core.helped", "options": ["yes"]}]
    assert told(town.resources, "POST") == [
        (f"/own/surveys/{SURVEY}/responses", {"consent": consent, "answers": answers})
    ]


def test_what_is_wrong_with_answers_stands_at_its_question_and_they_are_kept(town, site, viewer):
    fault = {"pointer": "/consent/evaluation", "code": "consent", "detail": "Agree first."}
    town.refusal = (422, {"title": "No.", "errors": [fault]})
    typed = {"option:core.helped": "no", "key": a_key(viewer)}
    page = site.post(f"/me/surveys/{SURVEY}", data=typed)
    assert page.status_code == 422
    assert "Error: After the" in page.text
    assert page.text.count("Tick the first box") == 2
    assert re.search(r'value="no"[^>]* checked', page.text)


def test_answers_outlast_a_hub_that_is_away(town, site, viewer):
    town.resources.mood = "broken"
    page = site.post(f"/me/surveys/{SURVEY}", data={**ANSWERED, "key": a_key(viewer)})
    assert page.status_code == 503
    assert "Your answers are not sent yet" in page.text
    kept = re.search(r'name="key" value="([^"]+)"', page.text)[1]
    town.resources.mood = "well"
    again = site.post(f"/me/surveys/{SURVEY}", data={**ANSWERED, "key": kept})
    assert again.status_code == 303


BROUGHT = {"type": "practice_tool", "title": "Our sheet", "summary": "For the first day."}


def test_something_is_brought_for_the_library_once(town, site, viewer):
    form = {**BROUGHT, "workstream": "housing", "link": "", "key": a_key(viewer)}
    for _ in range(2):
        assert site.post("/submit", data=form).headers["location"] == "/submit?brought=yes"
    sent = told(town.resources, "POST")
    assert sent[0] == ("/submissions", {**BROUGHT, "workstreams": ["housing"]})
    assert len(set(town.resources.keys)) == 1
    assert "Thank you." in site.get("/submit?brought=yes").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "Enter what it is called"),
        ({"summary": " "}, "Say in a sentence or two"),
        ({"type": "poem"}, "Choose what it is"),
    ],
)
def test_what_is_missing_of_it_stands_at_its_field(town, site, viewer, typed, words):
    page = site.post("/submit", data={**BROUGHT, **typed, "key": a_key(viewer)})
    assert page.status_code == 422
    assert page.text.count(words) == 2
    assert told(town.resources, "POST") == []


def test_what_the_library_refuses_stands_at_its_field_and_is_kept(town, site, viewer):
    fault = {"pointer": "/link", "code": "string_pattern_mismatch", "detail": "No."}
    town.refusal = (422, {"title": "No.", "errors": [fault]})
    typed = {**BROUGHT, "link": "my page", "key": a_key(viewer)}
    page = site.post("/submit", data=typed)
    assert page.status_code == 422
    assert page.text.count("Enter an address that begins with https://") == 2
    assert 'value="my page"' in page.text


def test_nobody_elses_booking_is_there(site, viewer):
    assert viewer
    assert site.get(f"/me/bookings/{EVENT}").status_code == 404
    assert site.get(f"/me/bookings/{OFFERED}").status_code == 200


PROFILE = {
    "name": "Marian Leaford", "organisation": "", "sector": "voluntary", "tag": '"3"',
    "work_field": "mental_health", "role_level": "front_line", "area": "nottingham_city",
}  # fmt: skip


def test_details_are_changed_and_an_organisation_can_be_left_out(town, site, viewer):
    done = site.post("/me/profile", data={**PROFILE, "key": a_key(viewer)})
    assert done.headers["location"] == "/me/profile?saved=yes"
    [(_, body)] = told(town.resources, "PATCH")
    assert body == {name: said for name, said in PROFILE.items() if name != "tag"} | {
        "organisation": None
    }
    assert "Saved." in site.get("/me/profile?saved=yes").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"name": ""}, "Enter your name"), ({"sector": "x"}, "Choose the sector you work in")],
)
def test_what_is_wrong_with_details_stands_at_its_field(town, site, viewer, typed, words):
    page = site.post("/me/profile", data={**PROFILE, **typed, "key": a_key(viewer)})
    assert page.status_code == 422
    assert page.text.count(words) == 2
    assert told(town.resources, "PATCH") == []


def test_details_that_changed_meanwhile_are_shown_first(town, site, viewer):
    town.refusal = (412, {"title": "Changed."})
    typed = {**PROFILE, "name": "Much Miller", "key": a_key(viewer)}
    page = site.post("/me/profile", data=typed)
    assert page.status_code == 412
    assert "changed on another page meanwhile" in page.text
    assert 'value="Marian Leaford"' in page.text


def test_details_outlast_a_hub_that_is_away(town, site, viewer):
    town.resources.mood = "broken"
    typed = {**PROFILE, "name": "Much Miller", "key": a_key(viewer)}
    page = site.post("/me/profile", data=typed)
    assert page.status_code == 503
    assert 'value="Much Miller"' in page.text


@pytest.mark.parametrize(
    ("pressed", "lists"),
    [({"want": "save", "list_alerts": "yes"}, ["alerts"]), ({"want": "nothing"}, [])],
)
def test_letters_are_chosen(town, site, viewer, pressed, lists):
    form = {**pressed, "topic_pie": "yes", "key": a_key(viewer)}
    assert site.post("/me/letters", data=form).status_code == 303
    [(_, body)] = told(town.notifications, "PUT")
    assert body == {"lists": lists, "topics": ["pie"]}


def test_a_copy_is_asked_for_and_handed_over_without_its_link_in_any_address(town, site, viewer):
    asked = site.post("/me/data", data={"key": a_key(viewer)})
    assert asked.headers["location"] == f"/me/data/requests/{REQUEST}"
    assert told(town.resources, "POST")[0] == ("/rights-requests", {"kind": "access"})
    copy = site.post(f"/me/data/requests/{REQUEST}", data={"key": a_key(viewer)})
    assert copy.text == "the copy"
    assert copy.headers["content-disposition"] == 'attachment; filename="my-data.zip"'
    assert "no-store" in copy.headers["cache-control"]


def test_a_copy_that_is_gone_says_so(town, site, viewer):
    town.refusal = (409, {"title": "No.", "detail": "It was deleted after 30 days."})
    page = site.post(f"/me/data/requests/{REQUEST}", data={"key": a_key(viewer)})
    assert page.status_code == 409
    assert "It was deleted after 30 days." in page.text


@pytest.mark.parametrize("wish", ["forget", "close"])
def test_what_cannot_be_undone_needs_its_words(town, site, viewer, wish):
    for typed in ("", "yes", "forget you"):
        page = site.post(f"/me/data/{wish}", data={"words": typed, "key": a_key(viewer)})
        assert page.status_code == 422
        assert "Type the words" in page.text
    assert told(town.resources, "POST") == told(town.resources, "DELETE") == []


def test_who_wants_to_be_forgotten_is_told_what_happens_next(town, site, viewer):
    done = site.post("/me/data/forget", data={"words": " Forget me. ", "key": a_key(viewer)})
    assert done.headers["location"] == f"/me/data/requests/{REQUEST}"
    assert told(town.resources, "POST") == [("/rights-requests", {"kind": "erasure"})]


def test_who_closes_their_account_is_signed_out(town, site, viewer):
    done = site.post("/me/data/close", data={"words": "close my account", "key": a_key(viewer)})
    assert done.headers["location"] == "/me/closed"
    assert told(town.resources, "DELETE") == [("/members/me", {})]
    assert "pdu" not in site.cookies
    assert "Your account is closed" in site.get("/me/closed").text


def test_a_consent_is_taken_back_and_none_that_was_never_given(town, site, viewer):
    form = {"purpose": "photos", "key": a_key(viewer)}
    assert site.post("/me/data/consents", data=form).status_code == 303
    wrong = {"purpose": "../members/me", "key": a_key(viewer)}
    assert site.post("/me/data/consents", data=wrong).status_code == 404
    assert told(town.resources, "DELETE") == [("/consents/photos", {})]


@pytest.mark.usefixtures("viewer")
def test_papers_come_through_the_portal_as_files_to_keep(site):
    for path, begins in (
        ("/me/certificates/tic-spaces.pdf", "%PDF"),
        ("/me/record.pdf", "a,b"),
        ("/me/record.csv", "a,b"),
    ):
        paper = site.get(path)
        assert paper.text.startswith(begins)
        assert paper.headers["content-disposition"].startswith("attachment;")
    assert site.get("/me/record.exe").status_code == 404
    assert site.get("/me/certificates/no-such.pdf").status_code == 404


def test_what_came_of_an_action_is_told(town, site, viewer):
    form = {"state": "done", "note": "It was easy.", "tag": '"3"', "key": a_key(viewer)}
    assert site.post(f"/tasks/{ACTION}", data=form).headers["location"] == "/tasks?said=yes"
    [(path, body)] = told(town.resources, "PUT")
    assert path == f"/actions/{ACTION}/progress"
    assert body == {"state": "done", "note": "It was easy.", "percent": 100}
    wrong = site.post(f"/tasks/{ACTION}", data={"note": "x", "key": a_key(viewer)})
    assert wrong.status_code == 422
    assert wrong.text.count("Choose what came of it") == 2


def test_an_action_that_changed_meanwhile_is_shown_as_it_is(town, site, viewer):
    town.refusal = (412, {"title": "Somebody else changed it in the meantime."})
    form = {"state": "partly", "note": "Half.", "tag": '"2"', "key": a_key(viewer)}
    page = site.post(f"/tasks/{ACTION}", data=form)
    assert page.status_code == 412
    assert "Somebody else changed it" in page.text
    assert ">Half.</textarea>" in page.text


def test_only_ambassadors_are_asked_for_what_ambassadors_do(town, site):
    at_home(town)
    signed_in(site)
    assert "Talk it over afterwards" not in site.get("/tasks").text
    signed_in(site, "member", "beneficiary_ambassador")
    assert "Talk it over afterwards" in site.get("/tasks").text


def test_a_note_is_kept_and_taken_away(town, site, viewer):
    form = {"text": "First.\r\nThen.", "key": a_key(viewer)}
    assert site.post("/me/notes", data=form).status_code == 303
    assert ("/reflections", {"text": "First.\nThen."}) in told(town.resources, "POST")
    away = site.post(f"/me/notes/{NOTE}/removal", data={"key": a_key(viewer)})
    assert away.status_code == 303
    assert told(town.resources, "DELETE") == [(f"/reflections/{NOTE}", {})]


@pytest.mark.parametrize("text", ["", " \n", "x" * 4001])
def test_a_note_that_is_none_is_asked_for_again(town, site, viewer, text):
    page = site.post("/me/notes", data={"text": text, "key": a_key(viewer)})
    assert page.status_code == 422
    assert told(town.resources, "POST") == []


def test_a_note_outlasts_a_hub_that_is_away(town, site, viewer):
    town.resources.mood = "broken"
    page = site.post("/me/notes", data={"text": 'A "note" <b>', "key": a_key(viewer)})
    assert page.status_code == 503
    assert "A &#34;note&#34; &lt;b&gt;</textarea>" in page.text
