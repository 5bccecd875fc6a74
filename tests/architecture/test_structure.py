"""The rules of the code hold, and each of them notices when it is broken."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import create_model

import structure
from pdu_shared.contracts import MESSAGES
from pdu_shared.contracts.bookings.place import BookingLinkIssued, EventBooked
from pdu_shared.contracts.message import Message, Part, Wording
from pdu_shared.identity import person_id
from structure import ROOT


@pytest.fixture
def write(tmp_path):
    """Write a module into a small tree, and give the tree."""

    def written(path, text):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        return tmp_path

    return written


def with_field(message, name, kind) -> Any:
    return create_model(message.__name__, __base__=message, **{name: (kind, ...)})


def test_only_the_owner_constructs_its_messages():
    assert structure.foreign_messages(ROOT, MESSAGES) == []


@pytest.mark.parametrize(
    "line",
    [
        "from pdu_shared.contracts.bookings.place import EventBooked\nEventBooked()",
        "from pdu_shared.contracts.bookings.place import EventBooked as E\nE()",
        "from pdu_shared.contracts import bookings\nbookings.EventBooked(**{})",
        "from pdu_shared.contracts import bookings\nbookings.EventBooked.model_construct()",
    ],
)
def test_a_message_constructed_by_a_stranger_is_noticed(write, line):
    letter = "services/notifications/pdu_notifications/letter.py"
    assert structure.foreign_messages(write(letter, line), MESSAGES) == [f"{letter}:2 EventBooked"]


def test_a_message_constructed_by_its_owner_is_in_order(write):
    line = "from pdu_shared.contracts.bookings.place import EventBooked\nEventBooked()"
    root = write("services/bookings/pdu_bookings/booking.py", line)
    assert structure.foreign_messages(root, MESSAGES) == []


def test_one_file_publishes():
    assert structure.publishers(ROOT) == []


@pytest.mark.parametrize(
    "line",
    [
        "async def tell(exchange):\n    await exchange.publish(b'', 'key')",
        "\nbroker.publisher('key')",
        "import aio_pika\nmessage = aio_pika.Message(b'')",
        "\nfrom aio_pika import DeliveryMode, Message",
    ],
)
def test_a_second_file_that_publishes_is_noticed(write, line):
    path = "services/bookings/pdu_bookings/booking.py"
    assert structure.publishers(write(path, line)) == [f"{path}:2"]


def test_a_relay_that_makes_messages_itself_is_noticed(write):
    root = write("shared/pdu_shared/relay.py", "import aio_pika\nsay = aio_pika.Message")
    assert structure.publishers(root) == ["shared/pdu_shared/relay.py:2"]


def test_a_message_holds_ids_times_numbers_words_and_published_text_only():
    assert structure.unfit_fields(MESSAGES.values()) == []


@pytest.mark.parametrize(
    "kind", [str, str | None, tuple[str, ...], dict[str, int], list[UUID], Any]
)
def test_a_field_of_another_kind_is_noticed(kind):
    assert structure.unfit_fields([with_field(EventBooked, "said", kind)]) == ["EventBooked.said"]


def test_text_in_a_part_of_a_message_is_noticed():
    part = create_model("Said", __base__=Part, said=(str, ...))
    message = with_field(EventBooked, "parts", tuple[part, ...])
    assert structure.unfit_fields([message]) == ["EventBooked.parts"]


def test_sealed_messages_may_hold_text():
    assert structure.unfit_fields([with_field(BookingLinkIssued, "said", str)]) == []


def test_no_personal_data_travels_in_clear():
    assert structure.personal_fields(MESSAGES.values()) == []


@pytest.mark.parametrize("field", ["name", "email", "billing_address", "access_needs", "token"])
def test_a_field_in_clear_for_personal_data_is_noticed(field):
    message = with_field(EventBooked, field, Wording)
    assert structure.personal_fields([message]) == [f"EventBooked.{field}"]


@pytest.mark.parametrize("text", ["Ring 07700 900123", "Ask ana@example.org", "QQ 12 34 56 C"])
def test_published_text_with_an_address_or_a_number_of_a_person_is_refused(text):
    message = create_model("Said", __base__=Message, said=(Wording, ...))
    if text.startswith("QQ"):
        text = text.replace("QQ", "AB")  # a prefix that is really given out
    with pytest.raises(ValueError, match="may not hold"):
        message(said=text)


def test_every_letter_and_projection_is_listed():
    assert structure.unlisted(ROOT) == []


@pytest.mark.parametrize(
    ("folder", "listing"),
    [
        ("services/notifications/pdu_notifications/letters", "LETTERS"),
        ("services/reporting/pdu_reporting/projections", "PROJECTIONS"),
    ],
)
def test_one_that_is_in_no_list_is_noticed(write, folder, listing):
    write(f"{folder}/listed.py", '"""Listed."""')
    write(f"{folder}/forgotten.py", '"""Forgotten."""')
    for told in (
        f"from x.letters import forgotten, listed\n{listing} = (listed,)",
        f"from x.letters.listed import LISTED\n{listing}: tuple[object, ...] = (LISTED,)",
    ):
        root = write(f"{folder}/__init__.py", told)
        assert structure.unlisted(root) == [f"{folder}/forgotten.py"]


def test_no_module_is_too_long_to_read():
    assert structure.long_modules(ROOT) == []


def test_a_module_that_is_too_long_is_noticed(write):
    root = write("services/bookings/pdu_bookings/booking.py", "x = 1\n" * 301)
    assert structure.long_modules(root) == ["services/bookings/pdu_bookings/booking.py: 301 lines"]


def test_no_lock_file_names_a_server():
    assert structure.addresses_in_locks(ROOT) == []


def test_a_lock_file_that_names_a_server_is_noticed(write):
    root = write("requirements.lock", "pydantic==2.0\n--index-url https://packages.example.org\n")
    assert structure.addresses_in_locks(root) == ["requirements.lock:2"]


def test_every_module_opens_with_what_it_is_for():
    assert structure.without_purpose(ROOT) == []


def test_a_module_that_does_not_say_what_it_is_for_is_noticed(write):
    root = write("services/bookings/pdu_bookings/booking.py", "x = 1\n")
    assert structure.without_purpose(root) == ["services/bookings/pdu_bookings/booking.py"]


def test_the_published_example_of_a_person_id_holds():
    expected = UUID("efc65ce2-ce0a-8947-98fb-4f2274260ea4")
    assert person_id(b"pdu-test-key", "Person0051@Example.Org") == expected
