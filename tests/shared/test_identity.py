"""Ids are the same for the same person, greater for the later, and betray nothing."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from pdu_shared.identity import (
    derived_id,
    organisation_id,
    person_id,
    random_person_id,
    uuid7,
)

KEY = b"pdu-test-key"
PERSON = UUID("efc65ce2-ce0a-8947-98fb-4f2274260ea4")


def test_the_published_example_of_a_person_id_holds():
    assert person_id(KEY, "Person0051@Example.Org") == PERSON


@pytest.mark.parametrize(
    "spelling", ["  person0051@example.org\n", "PERSON0051@EXAMPLE.ORG", "person0051@Example.org"]
)
def test_case_and_surrounding_space_do_not_make_another_person(spelling):
    assert person_id(KEY, spelling) == PERSON


@pytest.mark.parametrize("other", ["person.0051@example.org", "person0051+pdu@example.org"])
def test_dots_and_plus_signs_do_make_another_person(other):
    assert person_id(KEY, other) != PERSON


def test_composed_and_decomposed_letters_are_one_person():
    assert person_id(KEY, "zoe\u0308@example.org") == person_id(KEY, "zo\u00eb@example.org")


def test_a_host_in_its_own_script_and_in_ascii_is_one_host():
    assert person_id(KEY, "a@B\u00fccher.example.org") == person_id(
        KEY, "a@xn--bcher-kva.example.org"
    )


def test_after_an_erasure_the_same_address_is_somebody_new():
    ids = {person_id(KEY, "Person0051@Example.Org", generation) for generation in range(4)}
    assert len(ids) == 4
    assert PERSON in ids


def test_another_key_gives_other_people():
    assert person_id(b"another-key", "person0051@example.org") != PERSON


@pytest.mark.parametrize("text", ["", "nobody", "@example.org", "someone@", "a@\ud800.org"])
def test_what_is_no_address_has_no_person(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the host's own library words it
        person_id(KEY, text)


@given(st.emails())
def test_a_person_id_is_a_uuid_of_version_8_and_takes_any_address(address):
    found = person_id(KEY, address)
    assert found.version == 8
    assert found.variant == RFC_4122
    assert found == person_id(KEY, f" {address} ")


def test_someone_without_an_address_gets_a_random_id_of_the_same_kind():
    one, other = random_person_id(), random_person_id()
    assert one != other
    assert (one.version, one.variant) == (8, RFC_4122)


def test_new_ids_only_grow_even_within_a_millisecond():
    ids = [uuid7() for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert all(one.version == 7 and one.variant == RFC_4122 for one in ids)


def test_new_ids_grow_when_the_clock_is_set_back():
    with time_machine.travel("2040-01-01T00:00:00Z", tick=False):
        before = [uuid7() for _ in range(3)]
    with time_machine.travel("2039-12-31T23:59:00Z", tick=False):
        after = [uuid7() for _ in range(3)]
    assert before + after == sorted(before + after)


def test_a_forked_process_gives_other_ids(monkeypatch):
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now)
    uuid7()
    told, heard = os.pipe()
    child = os.fork()
    if not child:
        os.write(heard, uuid7().bytes)
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(told, 16) != uuid7().bytes


def test_a_new_id_begins_with_its_millisecond():
    with time_machine.travel("2050-01-01T00:00:00.123Z", tick=False):
        assert uuid7().int >> 80 == 2524608000123


def test_threads_never_share_a_new_id():
    with ThreadPoolExecutor(4) as threads:
        batches = threads.map(lambda _: [uuid7() for _ in range(2_000)], range(4))
    ids = [one for batch in batches for one in batch]
    assert len(set(ids)) == len(ids)


def test_an_organisation_is_known_by_its_name_however_it_is_typed():
    assert organisation_id("  St  Mungo's ") == organisation_id("ST MUNGO'S")
    assert organisation_id("St Mungo's") != organisation_id("St Mungos")


def test_a_derived_id_is_the_same_each_time_and_keeps_its_parts_apart():
    assert derived_id("session", PERSON, 1) == derived_id("session", PERSON, 1)
    assert derived_id("session", "a", "b") != derived_id("session", "a,b")
    assert derived_id("session", "a") != derived_id("series", "a")
    assert derived_id("session", "a").version == 5
