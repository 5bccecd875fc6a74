"""Learning at one's own pace: modules part by part, pathways and recordings."""

import re

import pytest

from portal.hub_stand_in import opened
from portal.signing_in import a_key, signed_in
from portal.study_stand_in import MODULE, studying

HERE = f"/learn/{MODULE}"


@pytest.fixture(autouse=True)
def study(town):
    opened(town)
    return studying(town)


@pytest.fixture
def viewer(site):
    return signed_in(site)


def test_a_module_is_read_to_its_end_and_gives_a_certificate(site, study, viewer):
    form = {"key": a_key(viewer)}
    assert "Begin, or go on" in site.get(HERE).text
    place = site.post(HERE, data=form).headers["location"]
    for number in (1, 2, 3):
        assert place == f"{HERE}/{number}"
        page = site.get(place)
        assert f"Part {number} of 3" in page.text
        assert "<em>happens</em>" in page.text
        place = site.post(place, data=form).headers["location"]
    assert place == f"{HERE}/finished"
    assert study.completed
    assert "Make my certificate" in site.get(place).text
    assert site.post(place, data={**form, "show_name": "yes"}).status_code == 303
    page = site.get(place).text
    assert "made out to Marian Leaford" in page
    assert "KM-4F7" in page


def test_it_goes_on_where_it_stopped_on_another_device(site, study, viewer):
    assert viewer
    assert site.get(f"{HERE}/resume").headers["location"] == HERE
    study.page = 2
    assert site.get(f"{HERE}/resume").headers["location"] == f"{HERE}/2"
    study.completed = True
    assert site.get(f"{HERE}/resume").headers["location"] == f"{HERE}/finished"


def test_looking_does_not_move_the_place(town, site, study, viewer):
    assert viewer
    study.page = 2
    for part in (1, 2, 3):
        assert site.get(f"{HERE}/{part}").status_code == 200
    assert study.page == 2
    assert {how for how, path, _ in town.resources.asked if "progress" in path} == {"GET"}


def test_a_part_of_a_module_that_was_not_begun_leads_to_its_beginning(site, viewer):
    assert viewer
    assert site.get(f"{HERE}/2").headers["location"] == HERE


@pytest.mark.parametrize(
    ("code", "typed", "body"),
    [
        ("first", {"chosen": "b"}, {"options": ["b"]}),
        ("more", {"ticked:a": "yes", "ticked:b": "yes"}, {"options": ["a", "b"]}),
        ("own", {"written": " My own.\r\nWords. "}, {"said": "My own.\nWords."}),
    ],
)
def test_an_answer_shows_what_it_might_do_and_no_mark(  # noqa: PLR0913, PLR0917
    town, site, study, viewer, code, typed, body
):
    study.page = 1
    form = {"question": code, "key": a_key(viewer), **typed}
    kept = site.post(f"{HERE}/1", data=form)
    assert kept.headers["location"] == f"{HERE}/1#question-{code}"
    assert town.resources.asked[-1][2] == body
    page = site.get(f"{HERE}/1").text
    assert "To everybody." in page
    assert "There is no mark." in page


@pytest.mark.parametrize(
    ("code", "typed", "words"),
    [
        ("first", {}, "Choose an answer first"),
        ("first", {"chosen": "z"}, "Choose an answer first"),
        ("own", {"written": "  "}, "Write a few words"),
        ("own", {"written": "x" * 4001}, "Use no more than 4,000 letters"),
    ],
)
def test_an_answer_that_is_none_is_said_at_its_question(  # noqa: PLR0913, PLR0917
    site, study, viewer, code, typed, words
):
    study.page = 1
    page = site.post(f"{HERE}/1", data={"question": code, "key": a_key(viewer), **typed})
    assert page.status_code == 422
    assert page.text.count(words) == 2
    assert study.answers == {}


def test_what_was_written_outlasts_a_refusal(town, site, study, viewer):
    study.page = 1
    town.refusal = (422, {"title": "No.", "errors": [{"pointer": "/said", "detail": "Too odd."}]})
    form = {"question": "own", "written": "Mine <b>", "key": a_key(viewer)}
    page = site.post(f"{HERE}/1", data=form)
    assert page.status_code == 422
    assert page.text.count("Too odd.") == 2
    assert "Mine &lt;b&gt;</textarea>" in page.text


@pytest.mark.parametrize("path", [HERE + "/9", "/learn/A%3F/1", "/learn/a.b/resume"])
def test_what_there_is_not_is_a_page_that_helps(site, study, viewer, path):
    assert viewer
    study.page = 1
    assert site.get(path).status_code == 404


def test_with_the_hub_away_a_module_waits(town, site, study, viewer):
    study.page = 2
    town.resources.mood = "broken"
    page = site.post(f"{HERE}/2", data={"key": a_key(viewer)})
    assert page.status_code == 503
    assert study.page == 2
    town.resources.mood = "well"
    assert site.get(f"{HERE}/resume").headers["location"] == f"{HERE}/2"


def test_a_pathway_is_open_to_look_at_and_keeps_the_place_of_members(site):
    path = "/pathways/new-to-outreach"
    page = site.get(path)
    assert f'href="/learn/{MODULE}"' in page.text
    assert 'href="/events/e1"' in page.text
    assert "/sign-in?to=/pathways/new-to-outreach" in page.text
    viewer = signed_in(site)
    assert "Set out on this pathway" in site.get(path).text
    assert site.post(path, data={"key": a_key(viewer)}).headers["location"] == path
    assert "1 of 2 steps done" in site.get(path).text
    assert path in site.get("/learn").text


def test_a_recording_says_what_it_is_before_it_is_played(site):
    assert site.get("/recordings/cuckooing").headers["location"] == "/library/cuckooing"
    viewer = signed_in(site)
    page = site.get("/recordings/cuckooing")
    assert "Before you watch" in page.text
    assert "<video" not in page.text
    assert 'href="/recordings/cuckooing"' in site.get("/library/cuckooing").text
    played = site.post("/recordings/cuckooing", data={"key": a_key(viewer)})
    assert '<video controls preload="metadata" src="/media/film-777777"' in played.text
    assert '<track kind="captions" src="/media/words-777777"' in played.text
    assert "/media/script-777777" in played.text
    assert "evil.example.org" not in played.text
    assert "autoplay" not in played.text
    assert "media-src 'self'" in played.headers["content-security-policy"]


def test_a_recording_that_was_withdrawn_says_so(town, site, viewer):
    town.refusal = (409, {"title": "No.", "detail": "A person in it asked us to take it down."})
    page = site.post("/recordings/cuckooing", data={"key": a_key(viewer)})
    assert page.status_code == 409
    assert "asked us to take it down" in page.text


def test_films_and_files_come_through_the_portal(town, site, viewer):
    film = site.get("/media/film-777777", headers={"Range": "bytes=0-1"})
    assert film.text == "film"
    assert "no-store" in film.headers["cache-control"]
    assert dict(town.resources.tokens)["/media/film-777777"] == ""
    paper = site.get("/library/cuckooing/files/slides.pdf")
    assert paper.text == "%PDF-"
    shown = dict(town.resources.tokens)["/items/cuckooing/files/slides.pdf"]
    assert shown == f"Bearer {viewer.token}"


@pytest.mark.parametrize("path", ["/media/short", "/media/gone-77777777", "/library/x/files/y"])
def test_a_file_that_is_not_there_is_a_page_that_helps(site, path):
    page = site.get(path)
    assert page.status_code == 404
    assert "There is nothing at this address" in page.text


def test_a_page_of_somebody_elses_making_is_kept_and_not_run(town, site):
    town.resources.answers["GET /items/x/files/y.html"] = lambda *_: (200, {"evil": True})
    answer = site.get("/library/x/files/y.html")
    assert answer.headers["content-disposition"] == "attachment"


def test_parts_hold_no_script_or_style_of_their_own(site, study, viewer):
    assert viewer
    study.page = 1
    page = site.get(f"{HERE}/1").text
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", page)
    assert page.count("<h1") == 1
