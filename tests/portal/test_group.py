"""Those who convene a community: its sessions, members, notes and rota, and a speaker's brief."""

import pytest

from portal.coordinator_stand_in import working
from portal.signing_in import a_key, signed_in
from portal.taking_part_stand_in import KEY, MEMBERSHIP, TOPIC, taking_part

HERE = f"/communities/{KEY}/group"
MEETING = {
    "day": "2027-03-04", "starts": "10:00", "ends": "12:00", "mode": "in_person",
    "place": "Sneinton Hermitage", "capacity": "30",
}  # fmt: skip


@pytest.fixture(autouse=True)
def belongs(town):
    town.announce()
    return taking_part(town)


def test_only_who_convenes_sees_this_group(town, site):
    signed_in(site, "cop_member")
    assert site.get(HERE).status_code == 403
    signed_in(site, "cop_convenor", "member")
    page = site.get(HERE).text
    for words in ("Allan &lt;Dale&gt; convenes it", "Nobody convenes it yet", "On a break",
                  f"/coordinate/events/{TOPIC}/register/{TOPIC}"):  # fmt: skip
        assert words in page
    assert "A coordinator changes the rota" in page
    town.bookings_service.answers[f"GET /communities/{KEY}/members"] = lambda *_: (404, {})
    assert site.get(HERE).status_code == 404, "they convene another community"
    assert "This group" not in site.get(f"/communities/{KEY}").text


def test_a_convenor_plans_a_session_and_invites_somebody(site, belongs):
    will = signed_in(site, "cop_convenor", "member")
    empty = site.post(f"{HERE}/sessions", data={"key": a_key(will), "mode": "online"})
    assert empty.status_code == 422
    for words in ("Enter the day", "Enter the place", "Enter a number, such as 30"):
        assert words in empty.text
    said = {"key": a_key(will), **MEETING, "open": "yes"}
    answer = site.post(f"{HERE}/sessions", data=said, follow_redirects=False)
    assert answer.headers["location"] == f"{HERE}#coming"
    assert belongs["wrote"] == {
        "starts_at": "2027-03-04T10:00", "ends_at": "2027-03-04T12:00", "mode": "in_person",
        "place": "Sneinton Hermitage", "capacity": 30, "open": True,
    }  # fmt: skip
    wrong = site.post(f"{HERE}/invitations", data={"key": a_key(will), "name": "Ana"})
    assert "Enter an email address with a full ending" in wrong.text
    invited = {"name": "Ana", "email": "ana@example.org"}
    site.post(f"{HERE}/invitations", data={"key": a_key(will), **invited})
    assert belongs["wrote"] == invited


def test_what_bookings_refuses_is_said_and_what_was_typed_is_kept(town, site):
    will = signed_in(site, "cop_convenor", "member")
    town.refusal = (409, {"title": "No", "detail": "It does not meet at the moment."})
    answer = site.post(f"{HERE}/sessions", data={"key": a_key(will), **MEETING})
    assert "It does not meet at the moment." in answer.text
    assert 'value="Sneinton Hermitage"' in answer.text


def test_a_coordinator_writes_the_rota_and_the_others_keep_their_turns(site, belongs):
    robin = signed_in(site, "coordinator", "member")
    said = {"key": a_key(robin), "membership_id": TOPIC, "sessions": "3",
            "starts_on": "2027-01-01", "ends_on": "2027-06-30"}  # fmt: skip
    site.post(f"{HERE}/rota", data=said)
    assert [one["membership_id"] for one in belongs["wrote"]["convenors"]] == [MEMBERSHIP, TOPIC]
    assert belongs["wrote"]["convenors"][1]["sessions"] == 3
    missing = site.post(f"{HERE}/rota", data={"key": a_key(robin), "membership_id": TOPIC})
    assert "Enter how many sessions" in missing.text
    out = {"key": a_key(robin), "what": "remove", "membership_id": MEMBERSHIP}
    site.post(f"{HERE}/rota", data=out)
    assert belongs["wrote"] == {"convenors": []}


def test_notes_are_added_and_taken_off_by_those_who_convene(town, site):
    work = working(town)
    will = signed_in(site, "cop_convenor", "member")
    path = f"{work.address}/materials"
    wrong = site.post(path, data={"key": a_key(will), "url": "http://x.example.org"})
    assert "Enter a whole address that begins with https://" in wrong.text
    notes = {"kind": "handout", "title": "What we <said>", "url": "https://x.example.org/n"}
    site.post(path, data={"key": a_key(will), **notes})
    assert "What we &lt;said&gt;" in site.get(path).text
    off = {"key": a_key(will), "what": "remove", "material_id": work.materials[0]["material_id"]}
    site.post(path, data=off)
    assert work.materials == []


def test_a_brief_says_who_has_read_it_and_every_change_is_read_anew(town, site):
    work = working(town)
    robin = signed_in(site, "coordinator", "member")
    path = f"{work.address}/speakers"
    page = site.get(path).text
    assert "Has read an earlier brief." in page
    assert "Begin &lt;slowly&gt;." in page
    empty = site.post(f"{work.address}/brief", data={"key": a_key(robin), "text": ""})
    assert "Write what they should know" in empty.text
    site.post(f"{work.address}/brief", data={"key": a_key(robin), "text": "End with a question."})
    assert work.brief == {"version": 3, "text": "End with a question."}
    back = {"key": a_key(robin), "assignment_id": "00000000-0000-0000-0000-00000000000b"}
    site.post(f"{path}/withdrawal", data=back)
    assert work.writes[-1] == {"step": "assignment"}
