"""Pages that everybody meets, in the states they have."""

import pytest

from browser.axe import STANDARDS, too_wide, violations
from portal import letters_stand_in, survey_stand_in

LINK = "/b/pdu-link-4K792MXYZ"
AGAIN = ("front", "event", "survey")
"""Looked at as they are by `test_every_page.py`; here in the dark."""


def addresses(town) -> dict[str, str]:
    """Pages in a state of theirs that their address alone does not bring about."""
    roomy, full, *_ = town.events
    session = town.events[roomy]["sessions"][0]["session_id"]
    return {
        "front": "/",
        "event": f"/events/{roomy}",
        "full": f"/events/{full}",
        "booked": f"/booked/{roomy}/{roomy}?{session}=confirmed",
        "waiting": f"/booked/{roomy}/{roomy}?{session}=waiting-3",
        "library": "/library?q=hording&type=practice_tool",
        "leaving": letters_stand_in.ONE_CLICK,
        "survey": survey_stand_in.LINK,
        "check": "/check?code=1",
        "thanks": f"{survey_stand_in.LINK}/thanks",
        "nothing like that": "/events?q=squats",
        "missing": "/nothing",
    }


@pytest.mark.parametrize("way", ["light", "dark"])
def test_axe_finds_nothing(town, open_page, way):
    page = open_page(way)
    states = [name for name in addresses(town) if name not in AGAIN]
    shown = states if way == "light" else [*AGAIN, "booked"]
    # Only the colours differ in the dark.
    only = ("cat.color",) if way == "dark" else STANDARDS
    found = {}
    for name in shown:
        page.goto(addresses(town)[name])
        found[name] = violations(page, only=only)
    page.goto(addresses(town)["event"])
    page.get_by_role("button", name="Book my place").click()
    page.locator(".govuk-error-summary").wait_for()
    found["errors"] = violations(page, only=only)
    assert not any(found.values()), found


def test_nothing_scrolls_sideways_when_narrow_or_enlarged(town, open_page):
    page = open_page(bypass_csp=True)
    for name, path in addresses(town).items():
        page.goto(path)
        assert too_wide(page) == [], name


def test_titles_differ_and_targets_are_large_enough(town, open_page):
    page = open_page("phone")
    titles = []
    for name, path in addresses(town).items():
        page.goto(path)
        titles.append(page.title())
        targets = page.locator("button:visible, a.govuk-button:visible")
        heights = targets.evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect().height)"
        )
        assert min(heights, default=44) >= 44, name
    assert len(set(titles)) >= len(titles) - 1  # a full event has its own title


def test_a_printed_page_leaves_out_what_only_works_on_a_screen(town, open_page):
    page = open_page()
    page.emulate_media(media="print")
    page.goto(addresses(town)["booked"])
    assert not page.locator(".site-nav").is_visible()
    assert page.get_by_text("You have a place").is_visible()


def test_the_front_page_is_quick_and_holds_still(open_page):
    page = open_page()
    page.goto("/")
    shift = page.evaluate(
        """() => new Promise((tell) => {
            let sum = 0;
            const watch = new PerformanceObserver((list) =>
                list.getEntries().forEach((entry) => { sum += entry.value; }));
            watch.observe({ type: "layout-shift", buffered: true });
            setTimeout(() => tell(sum), 300);
        })"""
    )
    files = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert shift == 0
    assert len(files) < 8
