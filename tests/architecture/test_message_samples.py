"""Each message has a golden sample, which every later version of its contract still reads."""

import json
from uuid import UUID

import pytest
from cloudevents.core.formats.json import JSONFormat
from pydantic import ValidationError, create_model

import structure
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.message import Envelope
from pdu_shared.outbox import add, sealed
from pdu_shared.reading import Received, read
from pdu_shared.sealing import Sealer, new_key
from structure import ROOT

SAMPLES = ROOT / "tests/contracts"
EXTENSIONS = {"recordedtime", "sequence", "correlationid", "causationid", "traceparent", "origin"}


def sample(key):
    return json.loads((SAMPLES / f"{key}.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def sealer():
    recipients = {one.sealed_for for one in MESSAGES.values() if one.sealed_for}
    return Sealer(json.dumps({"keys": [new_key(name) for name in sorted(recipients)]}))


def travelling(key, sealer):
    """The sample as it goes over the bus: what is sealed is in clear only in the file."""
    event = sample(key)
    if recipient := MESSAGES[key].sealed_for:
        event["datacontenttype"] = "application/jose"
        event["data"] = sealer.seal(recipient, json.dumps(event["data"]).encode())
    return json.dumps(event).encode()


def test_every_message_has_its_sample():
    assert structure.missing_samples(SAMPLES, MESSAGES) == set()


def test_a_message_without_a_sample_is_noticed():
    assert structure.missing_samples(SAMPLES, [*MESSAGES, "bookings.PlaceOffered"]) == {
        "bookings.PlaceOffered"
    }


def test_a_sample_whose_message_was_renamed_is_noticed():
    without = [key for key in MESSAGES if key != "bookings.EventBooked"]
    assert structure.missing_samples(SAMPLES, without) == {"bookings.EventBooked"}


@pytest.mark.parametrize("key", MESSAGES)
def test_the_sample_is_read_as_any_delivery_and_loses_nothing(key, sealer):
    body = travelling(key, sealer)
    found = read(body, sent_by=MESSAGES[key].service(), sealer=sealer)
    assert isinstance(found, Received), found
    assert type(found.message) is MESSAGES[key]
    told = sample(key)["data"]
    again = found.message.model_dump(mode="json")
    assert {field: again[field] for field in told} == told


@pytest.mark.parametrize("key", MESSAGES)
def test_the_sample_names_itself_as_its_class_does(key):
    event, message = sample(key), MESSAGES[key]
    assert event["type"] == f"pdu.{key}"
    assert event["source"] == f"/{message.service()}"
    assert event["dataschema"] == f"/schemas/{key}"
    assert event["subject"] == message.model_validate(event["data"]).subject
    assert event.keys() >= EXTENSIONS


@pytest.mark.parametrize("key", MESSAGES)
def test_a_field_that_becomes_required_is_noticed(key):
    stricter = create_model("Stricter", __base__=MESSAGES[key], added_id=(UUID, ...))
    with pytest.raises(ValidationError, match="added_id"):
        stricter.model_validate(sample(key)["data"])


@pytest.mark.parametrize("key", MESSAGES)
def test_a_reader_ignores_what_a_later_version_adds(key):
    event = sample(key)
    Envelope.model_validate({**event, "added": "later"})
    MESSAGES[key].model_validate({**event["data"], "added": "later"})


@pytest.mark.parametrize("key", MESSAGES)
def test_the_cloudevents_library_reads_the_sample(key, sealer):
    event = JSONFormat().read(None, travelling(key, sealer))
    assert (event.get_specversion(), event.get_type()) == ("1.0", f"pdu.{key}")
    assert event.get_subject() == sample(key)["subject"]
    assert event.get_attributes().keys() >= EXTENSIONS


@pytest.mark.parametrize("key", MESSAGES)
async def test_what_the_outbox_writes_has_the_shape_of_the_sample(key, sealer, resources_database):
    message = MESSAGES[key].model_validate(sample(key)["data"])
    async with resources_database.pool.acquire() as conn:
        undone = conn.transaction()
        await undone.start()
        await add(conn, sealed(message, sealer) if message.sealed_for else message)
        body = await conn.fetchval("SELECT body FROM outbox ORDER BY position DESC LIMIT 1")
        await undone.rollback()
    written = json.loads(body)
    optional = {"causationid", "traceparent"}
    assert written.keys() | optional == sample(key).keys()
    assert JSONFormat().read(None, body).get_type() == f"pdu.{key}"
    if not message.sealed_for:
        assert written["data"].items() >= sample(key)["data"].items()
