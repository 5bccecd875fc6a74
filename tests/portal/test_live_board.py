"""The board: which messages were said, who has dealt with them, and rows as they change."""

import re
import threading
import time

import httpx
import pytest

from portal.stand_in import open_portal

MARKS = re.compile(r'class="(from|got|wait|aside)"|>(not for it)<')


def marks(page: str, message_id: str) -> list[str]:
    row = page.partition(f'id="m-{message_id}"')[2].partition("</tr>")[0]
    return [one or two for one, two in MARKS.findall(row)]


def settled(site, message_id: str, wanted: list[str]) -> list[str]:
    """The marks of a row, read again for a moment while they are not those wanted."""
    for _ in range(40):
        found = marks(site.get("/live").text, message_id)
        if found == wanted:
            break
        time.sleep(0.1)
    return found


def test_a_row_shows_who_said_it_who_dealt_with_it_and_for_whom_it_is_not(town, site):
    message_id = town.say("bookings", "EventBooked", data={"sector": "voluntary"})
    wanted = ["from", "not for it", "wait", "got"]
    assert settled(site, message_id, wanted) == wanted
    town.deal("notifications", message_id, after=31)
    wanted = ["from", "not for it", "got", "got"]
    assert settled(site, message_id, wanted) == wanted
    page = site.get("/live").text
    assert "31 ms" in page
    assert "40 ms" in page
    assert "someone has a place: voluntary" in page


def test_what_was_set_aside_is_marked_as_such(town, site):
    message_id = town.say("bookings", "EventBooked")
    town.deal("notifications", message_id, state="parked")
    wanted = ["from", "not for it", "aside", "got"]
    assert settled(site, message_id, wanted) == wanted


def test_a_service_that_was_away_catches_up(town, site):
    learning_event_id = town.announce()
    first = town.journal[-1]["message"]["id"]
    wanted = ["from", "wait", "wait", "got"]
    assert settled(site, first, wanted) == wanted
    with town.services["notifications"].away():
        message_id = town.say("bookings", "EventBooked", data={"a": learning_event_id})
        wanted = ["from", "not for it", "wait", "got"]
        assert settled(site, message_id, wanted) == wanted
        time.sleep(2.1)
        assert "Notifications is away" in site.get("/live").text
    town.deal("notifications", message_id, after=65_000)
    wanted = ["from", "not for it", "got", "got"]
    assert settled(site, message_id, wanted) == wanted
    assert "1 min" in site.get("/live").text


def test_messages_of_unknown_kinds_and_with_nasty_data_are_shown_as_text(town, site):
    town.say("elsewhere", "SomethingNewHappened", data={"title": "<script>alert(1)</script>"})
    page = site.get("/live").text
    assert "something new happened: &lt;script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("mood", ["garbage", "wrong", "broken", "hangs_up"])
def test_a_service_that_talks_nonsense_leaves_its_column_open(town, site, mood):
    town.services["resources"].mood = mood
    message_id = town.say("bookings", "EventPublished")
    town.deal("notifications", message_id)
    wanted = ["from", "not for it", "got", "got"]
    assert settled(site, message_id, wanted) == wanted


def test_the_newest_are_on_top_and_a_long_journal_starts_near_its_end(town):
    for number in range(1_200):
        town.say("resources", "WorkstreamDefined", data={"label": f"Theme {number}"})
    with open_portal(town) as address:
        page = httpx.get(f"{address}/live", timeout=20).text
    labels = re.findall(r"Theme (\d+)", page)
    assert labels == [str(number) for number in range(1_199, 1_169, -1)]
    asked = [path for _, path, _ in town.services["reporting"].asked if "after=0&" in path]
    assert not asked


def test_a_booking_has_its_own_story(town, site, answers):
    learning_event_id = town.announce("Somebody else's event")
    address = site.post(f"/events/{learning_event_id}", data=answers).headers["location"]
    booked = town.journal[-1]["message"]
    other = town.say("bookings", "EventBooked")
    letter = town.say("notifications", "MessageSent", data={"template": "confirmation"})
    town.journal[-1]["message"]["correlationid"] = booked["correlationid"]
    page = site.get(address).text
    assert f"m-{booked['id']}" in page
    assert f"m-{letter}" in page
    assert f"m-{other}" not in page


def test_rows_arrive_and_change_while_someone_watches(town, site):
    before = town.say("bookings", "EventPublished", data={"title": "Before"})
    heard: list[str] = []
    done = threading.Event()

    def listen() -> None:
        with site.stream("GET", "/live/rows?after=1") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["cache-control"] == "no-store"
            for line in answer.iter_lines():
                heard.append(line)
                if done.is_set():
                    return

    def until(words: str) -> str:
        for _ in range(60):
            if words in (said := "\n".join(list(heard))):
                return said
            time.sleep(0.1)
        pytest.fail(f"{words!r} did not arrive: {heard}")

    watching = threading.Thread(target=listen, daemon=True)
    watching.start()
    until(f"m-{before}")
    message_id = town.say("bookings", "EventBooked")
    until(f"m-{message_id}")
    heard.clear()
    town.deal("notifications", message_id, after=77)
    said = until("77 ms")
    assert f"m-{message_id}" in said
    assert "event: row" in said
    assert f"m-{before}" not in said
    town.services["resources"].stop()
    until("Resources is away")
    done.set()
    town.say("bookings", "EventBooked")
    watching.join(5)


@pytest.mark.parametrize("query", ["after=-1", "after=x", "booking=7"])
def test_a_stream_of_nonsense_is_refused(site, query):
    assert site.get(f"/live/rows?{query}").status_code == 404


def test_many_watchers_cost_the_services_one_question(town, site):
    town.announce()
    site.get("/live")
    asked = len(town.services["reporting"].asked)
    threads = [threading.Thread(target=site.get, args=("/live",)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(town.services["reporting"].asked) - asked < 10
