"""The library as everybody meets it: the newest, a search, one item, and bad addresses."""

import pytest

from portal.library_stand_in import KEY, shelved


@pytest.fixture(name="item")
def _item(town):
    return shelved(town)


def asked_of(town):
    return [path for _, path, _ in town.resources.asked]


@pytest.mark.usefixtures("item")
def test_the_newest_stand_first_with_a_way_for_whoever_is_new(site):
    page = site.get("/library")
    assert page.status_code == 200
    assert "First visit &lt;i&gt;checklist" in page.text
    assert "For members; joining is free" in page.text
    assert "A little at a time." in page.text
    assert 'href="/library?after=cuckooing"' in page.text
    assert "First visit &lt;i" not in site.get("/library?after=cuckooing").text


@pytest.mark.usefixtures("item")
def test_a_search_says_what_else_was_looked_for_and_goes_on(town, site):
    page = site.get("/library", params={"q": "  hording ", "type": "practice_tool"}).text
    assert "41 found" in page
    assert "We looked for “hoarding”" in page
    assert "<em>clutter</em>" in page
    assert "/library?q=hording&amp;type=practice_tool&amp;after=1" in page
    assert "/search?type=practice_tool&q=hording&offset=0&limit=20" in asked_of(town)


@pytest.mark.usefixtures("item")
def test_what_is_not_found_is_said_kindly(site):
    page = site.get("/library", params={"q": "nothing of the kind"}).text
    assert "Nothing was found for “nothing of the kind”" in page


@pytest.mark.usefixtures("item")
@pytest.mark.parametrize(
    "query",
    ["type=nonsense&scope=%00", "after=%27%3B--&q=hoarding", "q=%00a%0a", "q=" + "x" * 900],
)
def test_an_address_that_makes_no_sense_is_left_aside(site, query):
    assert site.get(f"/library?{query}").status_code == 200


def test_an_item_says_all_that_is_known_of_it_and_nothing_that_runs(item, site):
    page = site.get(f"/library/{KEY}").text
    assert "<p>Seven <strong>signs</strong> at the door.</p>" in page
    assert 'href="https://example.org/checklist"' in page
    assert "checklist.pdf" in page
    assert 'href="/library?workstream=housing"' in page
    item["link"] = "javascript:alert(1)"
    assert "javascript:" not in site.get(f"/library/{KEY}").text


@pytest.mark.usefixtures("item")
def test_a_recording_is_described_to_everybody_and_its_files_are_not_offered(site):
    page = site.get("/library/cuckooing").text
    assert "There are captions." in page
    assert "checklist.pdf" not in page


def test_what_was_replaced_leads_to_what_came_instead(item, site):
    item.update(state="archived", replaced_by="cuckooing")
    answer = site.get(f"/library/{KEY}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/library/cuckooing")
    item["replaced_by"] = None
    assert "not looked after any more" in site.get(f"/library/{KEY}").text


@pytest.mark.parametrize(
    ("key", "asked"), [("nothing", 1), ("a%3Fq=1", 0), ("A", 0), ("x" * 80, 0), ("a%23b", 0)]
)
def test_an_item_that_there_is_not_is_a_page_that_helps(town, site, key, asked):
    answer = site.get(f"/library/{key}")
    assert answer.status_code == 404
    assert "<h1>" in answer.text
    assert len([path for path in asked_of(town) if path.startswith("/items/")]) == asked


@pytest.mark.usefixtures("item")
def test_without_the_hub_the_library_says_so_and_the_page_stands(town, site):
    town.resources.mood = "broken"
    page = site.get("/library")
    assert page.status_code == 200
    assert "The library cannot be shown just now." in page.text
