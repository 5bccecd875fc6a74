"""The demonstration: played through the services' own doors, once, whoever stops it in between."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

import a
import signing_in
from launcher.test_up import Platform, wait_until
from pdu_local.demo import cast, change, library, programme, staff
from pdu_local.demo.ledger import Ledger
from pdu_local.demo.stage import Stage, clock, said
from pdu_local.demo_code import demo_code
from pdu_local.failure import Failure
from pdu_local.paths import State
from pdu_local.pictures import shots_of
from pdu_local.ports import DEFAULTS, free_ports, remember
from pdu_resources.member.code import digits_of
from signing_up import KEY
from told_history import event, importer

STOPPED_AFTER = 60


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


@pytest.fixture
def ledger_file(tmp_path):
    return tmp_path / "demo" / "ledger.jsonl"


@pytest.fixture
def stage(house, ledger_file, bookings_http, resources_http):
    """A stage on the house that all tests share; `progress` is told of every step."""
    actors = cast.Cast(house.secrets.issuer, KEY)
    doors = {"bookings": bookings_http, "resources": resources_http}

    def opened(progress=lambda _: None, doors=doors):
        return Stage(doors, actors.bearer, Ledger(ledger_file, clock()), progress)

    return opened


@pytest.fixture
async def taken_up(bookings_http, token):
    """The event of the year behind that a coming one takes up."""
    take = importer(bookings_http, token("integration", scope=["import"]))
    taken = {one["follow_up_of"] for one in said("programme")["event"] if "follow_up_of" in one}
    for key in taken:
        _, complaints = await take("events", event(event_key=key, workstream=""))
        assert complaints == []
    return taken


async def play(stage):
    """The scenes that need nothing of other services."""
    await programme.gather(stage)
    await programme.announce(stage)
    await library.furnish(stage)
    await change.happen(stage)


def stops_after(steps):
    """Stops the play when so many steps are done."""
    done = []

    def progress(sentence):
        done.append(sentence)
        if len(done) >= steps:
            raise Stopped

    return progress


async def test_no_step_is_refused_and_whoever_is_stopped_goes_on_without_doing_anything_twice(
    stage, bookings_http, resources_http, token, taken_up
):
    assert taken_up
    coordinator = token("coordinator")
    before = Counter(await every_title(bookings_http, coordinator))
    with pytest.raises((Stopped, ExceptionGroup)):
        await play(stage(stops_after(STOPPED_AFTER)))
    await play(stage())
    played = len(stage().ledger)

    await play(stage(doors={}))

    assert len(stage().ledger) == played
    titles = Counter(await every_title(bookings_http, coordinator)) - before
    announced = [event["title"] for event in said("programme")["event"]]
    assert {title: titles[title] for title in announced} == dict.fromkeys(announced, 1)
    found = await resources_http.get("/items/welcome-checklist")
    assert found.json()["state"] == "published"


async def test_a_recording_of_the_demonstration_can_be_played_with_its_captions(
    stage, resources_http, token
):
    recording = {"item_key": "recording-of-a-test", "type": "recording", "members_only": True,
                 "title": "A recording", "summary": "One.", "workstreams": ["housing"]}  # fmt: skip
    files = library.files_of("recording-cuckooing")

    await library.bring_one(stage(), recording, files=files)
    await library.bring_one(stage(), recording, files=files)

    asks = token("member") | {"Idempotency-Key": "plays-it"}
    played = await resources_http.post("/items/recording-of-a-test/playback", headers=asks)
    assert played.status_code == 201, played.text
    kinds = {one["role"]: one["media_type"] for one in played.json()["files"]}
    assert kinds["original"] == "video/mp4"
    assert {"captions", "transcript"} < kinds.keys()
    found = await resources_http.get("/items/recording-of-a-test")
    assert found.json()["captions"] == "captioned"


async def every_title(http, headers):
    found, after = [], {}
    while True:
        page = await http.get(
            "/coordinator/learning-events", params={"limit": 100, **after}, headers=headers
        )
        assert page.status_code == 200, page.text
        found += [event["title"] for event in page.json()["items"]]
        if not page.json()["next"]:
            return found
        after = {"after": page.json()["next"]}


async def test_staff_of_a_demonstration_sign_in_with_what_it_tells(
    house, stage, resources_http, resources_database, token
):
    async def read_code(email, code_id):
        newest = await resources_database.pool.fetchval(
            "SELECT code_id FROM mailed_code WHERE person_id = $1 ORDER BY asked_at DESC LIMIT 1",
            signing_in.person_of(email),
        )
        return digits_of(KEY, UUID(code_id) if code_id else newest)

    it = stage()
    await cast.enter(it, cast.Cast(house.secrets.issuer, KEY), read_code)
    await staff.set_up(it, read_code)
    await staff.set_up(stage(doors={}), read_code)  # whoever goes on asks for nothing again

    assert set(staff.staff()) == {"robin", "johanna", "clorinda", "bess"}
    door = await signing_in.front_end(resources_http, resources_database, token)
    for who in staff.staff():
        email = cast.address(who)
        _, challenge = signing_in.pkce()
        begun = (await door.begin(email, challenge)).json()
        letter = await door.step(begun["handle"], await read_code(email, ""))
        assert letter.json()["state"] == "app"
        # The one before was used for setting it up, and each is good once.
        shown = staff.code_of(it.ledger, email, datetime.now(UTC) + timedelta(seconds=30))
        assert (await door.step(begun["handle"], shown)).json()["state"] == "done"
    left = signing_in.FrontEnd(resources_http, resources_database, staff.CLIENT, staff.BACK)
    assert (await left.begin("robin@example.org", challenge)).status_code == 422


def test_a_code_is_for_the_staff_of_a_demonstration_only(tmp_path):
    state = State(tmp_path)
    with pytest.raises(Failure, match="no demonstration"):
        demo_code("robin@example.org", state)
    ledger = Ledger(state.demo_ledger, a.local_now())
    ledger.note("robin.app.secret", {"secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"})
    assert demo_code("robin@example.org", state).isdecimal()
    with pytest.raises(Failure, match="Nobody of the demonstration"):
        demo_code("marian@example.org", state)


async def test_a_refusal_is_told_with_its_step_and_what_is_wrong(stage):
    with pytest.raises(Failure, match=r"POST bookings /venues .* 422 \(a venue\)") as refused:
        await stage().do("a venue", "POST bookings /venues", {"name": ""}, by="robin")

    assert "/name" in str(refused.value)
    assert "a venue" not in stage().ledger


def test_the_days_of_a_demonstration_count_from_its_first_one(ledger_file):
    first = datetime(2026, 11, 22, 9, 30)  # noqa: DTZ001 - a clock on a wall
    Ledger(ledger_file, first)

    assert Ledger(ledger_file, a.local_now()).first_day == first.date()


def test_half_a_line_of_whoever_was_stopped_counts_for_nothing(ledger_file):
    now = a.local_now()
    Ledger(ledger_file, now).note("whole", {"id": 1})
    with ledger_file.open("a", encoding="utf-8") as file:
        file.write('{"key": "half", "ans')

    kept = Ledger(ledger_file, now)

    assert kept["whole"] == {"id": 1}
    assert "half" not in kept
    kept.note("half", {})
    assert "half" in Ledger(ledger_file, now)


def test_pictures_are_taken_of_a_whole_demonstration_only(tmp_path):
    state = State(tmp_path)
    with pytest.raises(Failure, match="no demonstration"):
        shots_of(state)
    ledger = Ledger(state.demo_ledger, a.local_now())
    with pytest.raises(Failure, match="not whole yet"):
        shots_of(state)
    for key in ("hoarding.publish", "hostel.publish", "today.publish"):
        ledger.note(key, {"learning_event_id": key, "sessions": [{"session_id": "a-session"}]})

    paths = {shot.name: shot.path for shot in shots_of(state)}

    assert paths["register"] == "/coordinate/events/today.publish/register/a-session"
    assert paths["event"] == "/events/hoarding.publish"


@pytest.mark.campaign
def test_a_fresh_checkout_is_filled_and_a_second_start_changes_nothing(tmp_path):
    platform = Platform(tmp_path / "state")
    platform.folder.mkdir()
    [taken] = free_ports(1)
    remember(platform.folder / "ports.json", dict.fromkeys(DEFAULTS, taken))
    log, ledger = platform.folder / "log/up.log", platform.folder / "demo/ledger.jsonl"
    try:
        platform.pdu("up", "--demo", "--detach")
        wait_until(lambda: "demonstration is filled in: " in log.read_text(), seconds=180)
        played = ledger.read_text()
        assert platform.pdu("parked", "list").stdout == "Nothing is set aside.\n"

        platform.pdu("down")
        platform.pdu("up", "--demo", "--detach")

        wait_until(lambda: "demonstration is filled in already" in log.read_text(), seconds=60)
        assert ledger.read_text() == played
    finally:
        platform.pdu("down")
