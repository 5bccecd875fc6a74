"""The register at the door: what is tapped is written, and nobody overwrites another unseen."""

import pytest

from portal.coordinator_stand_in import working
from portal.signing_in import a_key, signed_in


@pytest.fixture
def work(town):
    return working(town)


@pytest.fixture
def robin(site, work):  # noqa: ARG001 - there is something to do
    return signed_in(site, "coordinator", "member")


def marks(work, robin, **said):
    """The form as a browser sends it."""
    ids = {work.booking(name.replace("_", " ")): mark for name, mark in said.items()}
    was = {f"was:{one}": work.marks[one] or "" for one in work.names}
    return {"key": a_key(robin), **was, **{f"mark:{one}": mark for one, mark in ids.items()}}


def test_only_what_was_changed_is_written(work, site, robin):
    work.marks[work.booking("Ben Okafor")] = "present"
    form = marks(work, robin, Ada_Marsh="present", Ben_Okafor="present")

    answer = site.post(work.register_address, data=form, follow_redirects=False)

    assert answer.status_code == 303
    assert work.writes == [
        {"entries": [{"booking_id": work.booking("Ada Marsh"), "state": "present"}]}
    ]


@pytest.mark.usefixtures("robin")
def test_who_waits_is_not_on_the_register_until_they_came(work, site):
    assert "Dev &lt;Patel&gt;" not in site.get(work.register_address).text
    work.marks[work.booking("Dev <Patel>")] = "present"

    assert "Dev &lt;Patel&gt;" in site.get(work.register_address).text


def test_what_somebody_else_wrote_meanwhile_is_told_and_not_overwritten(work, site, robin):
    form = marks(work, robin, Ada_Marsh="present", Carys_Lowe="partial")
    work.marks[work.booking("Ada Marsh")] = "absent_apologies"

    answer = site.post(work.register_address, data=form)

    assert answer.status_code == 409
    assert "Ada Marsh: you say Here, somebody else said Told us." in answer.text
    assert work.marks[work.booking("Ada Marsh")] == "absent_apologies"
    assert work.marks[work.booking("Carys Lowe")] == "partial"

    again = marks(work, robin, Ada_Marsh="present")
    assert site.post(work.register_address, data=again).status_code == 303
    assert work.marks[work.booking("Ada Marsh")] == "present"


def test_one_tap_is_saved_and_may_be_sent_twice(work, site, robin):
    ada = work.booking("Ada Marsh")
    tap = {"key": a_key(robin), f"mark:{ada}": "present", f"was:{ada}": ""}

    assert site.post(f"{work.register_address}/mark", data=tap).status_code == 204
    assert site.post(f"{work.register_address}/mark", data=tap).status_code == 204
    assert len(work.writes) == 1
    other = {**tap, f"mark:{ada}": "partial"}
    contested = site.post(f"{work.register_address}/mark", data=other)
    assert (contested.status_code, contested.json()) == (409, {"theirs": "present"})


@pytest.mark.usefixtures("robin")
def test_a_tap_with_an_old_key_gets_a_newer_one_and_changes_nothing(work, site):
    ada = work.booking("Ada Marsh")
    answer = site.post(
        f"{work.register_address}/mark", data={"key": "old", f"mark:{ada}": "present"}
    )

    assert answer.status_code == 428
    assert work.writes == []
    tap = {"key": answer.json()["key"], f"mark:{ada}": "present"}
    assert site.post(f"{work.register_address}/mark", data=tap).status_code == 204


def test_a_tap_while_bookings_is_away_is_not_said_to_be_saved(work, site, robin):
    ada = work.booking("Ada Marsh")
    with work.town.services["bookings"].away():
        tap = {"key": a_key(robin), f"mark:{ada}": "present"}
        assert site.post(f"{work.register_address}/mark", data=tap).status_code == 503


def test_somebody_who_just_came_is_counted_once_also_without_an_address(work, site, robin):
    form = {"key": a_key(robin), "email": "", "organisation": ""}
    known = {"sector": "unknown", "work_field": "other", "role_level": "other"}
    form |= known | {"area": "nottingham_city"}

    for _ in range(2):
        site.post(f"{work.register_address}/walk-in", data=form)
    assert len(work.walked_in) == 1

    wrong = site.post(
        f"{work.register_address}/walk-in",
        data={**form, "key": a_key(robin), "email": "not one", "sector": "none"},
    )
    assert wrong.status_code == 422
    assert "Enter the whole address" in wrong.text
    with_address = {**form, "key": a_key(robin), "email": "ivo@example.org"}
    site.post(f"{work.register_address}/walk-in", data=with_address)
    assert work.walked_in[-1]["email"] == "ivo@example.org"


def test_heads_are_counted_and_the_register_is_closed(work, site, robin):
    heads = f"{work.register_address}/heads"
    assert "Enter a number" in site.post(heads, data={"key": a_key(robin), "people": "many"}).text
    site.post(heads, data={"key": a_key(robin), "people": "17"})
    assert work.heads == 17

    site.post(f"{work.register_address}/close", data={"key": a_key(robin)})
    assert work.closed
    assert "This register is closed" in site.get(work.register_address).text


def test_whoever_runs_a_session_keeps_its_register_and_nothing_else_of_the_desk(work, site):
    signed_in(site, "facilitator_speaker", "member")

    assert site.get(work.register_address).status_code == 200
    assert site.get(work.address).status_code == 403
