"""Coding what people wrote: one at a time, by two people, and quoted with consent only."""

import pytest

from portal.coding_stand_in import NO, written
from portal.coordinator_stand_in import working
from portal.signing_in import a_key, signed_in


@pytest.fixture
def it(town):
    working(town)
    return written(town)


@pytest.fixture
def evaluator(site, it):  # noqa: ARG001 - there is something to do
    return signed_in(site, "evaluator")


def pages(it):
    text_id = next(iter(it.texts))
    return (
        "/answers", "/answers/post_event", "/coding", "/coding?view=second", "/coding?view=coded",
        f"/coding/texts/{text_id}", "/coding/quotes", "/coding/book", "/coding/changes",
        f"/coding/changes/{it.change['impact_id']}",
    )  # fmt: skip


def waiting(it):
    return next(one for one, text in it.texts.items() if text["coded_at"] is None)


def coded(it):
    return next(one for one, text in it.texts.items() if text["coded_at"])


def test_only_those_who_code_read_what_people_wrote(it, site):
    for role in ("member", "steering_group"):
        signed_in(site, role)
        for path in pages(it):
            assert site.get(path).status_code == 403, path
    for role in ("evaluator", "coordinator"):
        signed_in(site, role)
        for path in pages(it):
            shown = site.get(path)
            assert (shown.status_code, shown.text.count("<h1")) == (200, 1), path
            assert "<each>" not in shown.text


def test_a_text_gets_its_themes_and_the_next_one_follows(it, site, evaluator):
    first, second = waiting(it), it.text("Another day.")
    shown = site.get(f"/coding/texts/{first}").text
    assert "An old one" not in shown, "what is not used any more is not offered"
    said = {"key": a_key(evaluator), "theme:partnership": "yes", "theme:trust": "yes"}
    answer = site.post(f"/coding/texts/{first}", data=said, follow_redirects=False)
    assert it.writes == [{"path": "themes", "themes": ["partnership", "trust"]}]
    assert second in answer.headers["location"]
    site.post(f"/coding/texts/{second}", data={"key": a_key(evaluator)})
    assert it.texts[second]["themes"] == []


def test_a_second_coder_is_not_told_what_the_first_one_found(it, site, evaluator):
    text_id = coded(it)
    blind = site.get(f"/coding/texts/{text_id}?view=second").text
    assert " checked" not in blind
    assert "Quote it" not in blind
    said = {"key": a_key(evaluator), "view": "second", "theme:partnership": "yes"}
    site.post(f"/coding/texts/{text_id}", data=said)
    assert it.writes == [{"path": "second-themes", "themes": ["partnership"]}]
    both = site.get(f"/coding/texts/{text_id}").text
    assert "The second coder found: Work &lt;with&gt; others." in both
    assert both.count(" checked") == 1


def test_whoever_coded_first_is_told_why_they_are_no_second(it, site, evaluator):
    it.refusal = NO
    said = {"key": a_key(evaluator), "view": "second", "theme:trust": "yes"}
    answer = site.post(f"/coding/texts/{coded(it)}", data=said)
    assert answer.status_code == 422
    assert "Somebody else than whoever coded it first." in answer.text
    assert answer.text.count(" checked") == 1, "what was ticked is kept"


@pytest.mark.usefixtures("it")
def test_what_waits_is_on_the_coordinators_day(site):
    signed_in(site, "coordinator")
    assert "answer to read and code" in site.get("/coordinate").text


def test_words_are_quoted_with_consent_and_approved_by_a_coordinator(it, site, evaluator):
    text_id = waiting(it)
    assert "did not agree to be quoted" in site.get(f"/coding/texts/{coded(it)}").text
    path = f"/coding/texts/{text_id}/quote"
    empty = site.post(path, data={"key": a_key(evaluator), "said": ""})
    assert "Enter the words to quote" in empty.text
    said = {"key": a_key(evaluator), "said": "We ring.", "source_type": "survey_respondent"}
    site.post(path, data=said)
    assert it.writes[-1]["text_id"] == text_id
    assert "It gives nobody away" not in site.get("/coding/quotes").text
    form = {"said": "It helped.", "source_type": "interviewee"}
    without = site.post("/coding/quotes", data={"key": a_key(evaluator), **form})
    assert "Without that nobody is quoted" in without.text
    site.post("/coding/quotes", data={"key": a_key(evaluator), "agreed": "yes", **form})
    assert it.writes[-1]["agreed"] is True

    robin = signed_in(site, "coordinator")
    quote_id = next(iter(it.quotes))
    site.post(f"/coding/quotes/{quote_id}", data={"key": a_key(robin), "what": "approve"})
    assert it.quotes[quote_id]["approved_at"]
    site.post(f"/coding/quotes/{quote_id}", data={"key": a_key(robin), "what": "withdraw"})
    assert quote_id not in it.quotes


def test_the_code_book_grows_and_says_how_far_two_coders_agree(it, site, evaluator):
    page = site.get("/coding/book").text
    assert "4 texts have two coders. In 3 of them both found the same themes." in page
    assert "0.50" in page
    assert "[x]" in page
    form = {"label": "Work with others", "means": "Any link."}
    assert "Enter when it is used" in site.post(
        "/coding/book", data={"key": a_key(evaluator), "label": "Time"}
    ).text  # fmt: skip
    site.post("/coding/book", data={"key": a_key(evaluator), **form})
    assert it.writes[-1] == {"path": "/themes/work_with_others", **form, "retired": False}
    taken = {"key": a_key(evaluator), "label": "Trust", "means": "Another."}
    assert "There is a theme of that name" in site.post("/coding/book", data=taken).text
    changed = {**taken, "key": a_key(evaluator), "code": "trust", "retired": "yes"}
    site.post("/coding/book", data=changed)
    assert (it.writes[-1]["path"], it.writes[-1]["retired"]) == ("/themes/trust", True)


def test_a_change_is_coded_in_all_its_dimensions(it, site, evaluator):
    path = f"/coding/changes/{it.change['impact_id']}"
    shown = site.get(path).text
    assert "A new law." in shown
    said = {
        "key": a_key(evaluator), "what": "code", "version": "2", "level": "system",
        "expectedness": "unexpected", "kind": "emergent", "contribution_class": "partnership",
        "evidence:interview": "yes", "aims:user_led": "yes", "hls:letting_go_of_control": "yes",
        "other_factors": "A new law.",
    }  # fmt: skip
    site.post(path, data=said)
    assert it.writes[-1] == {
        "path": f"/impacts/{it.change['impact_id']}/coding", "level": "system",
        "expectedness": "unexpected", "kind": "emergent", "contribution_class": "partnership",
        "depth": None, "evidence": ["interview"], "aims": ["user_led"],
        "hls": ["letting_go_of_control"], "pie": [], "outcomes": [], "workstreams": [],
        "other_factors": "A new law.",
    }  # fmt: skip
    site.post(path, data={"key": a_key(evaluator), "what": "verify"})
    assert it.writes[-1]["path"].endswith("/verification")


@pytest.mark.usefixtures("it", "evaluator")
def test_the_hub_away_costs_the_lists_and_not_the_page(it, site):
    with it.town.services["resources"].away():
        for path in ("/answers", "/coding", "/coding/quotes", "/coding/book", "/coding/changes"):
            shown = site.get(path)
            assert (shown.status_code, "cannot be shown just now" in shown.text) == (200, True)
