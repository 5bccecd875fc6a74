"""Only the recipient opens what was sealed for it, before and after its keys change."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwe, jwk

from pdu_shared.sealing import CannotOpen, Sealer, new_key, public_set
from pdu_shared.settings import BadSettings

OLD, NEW = new_key("notifications"), new_key("notifications")
SECRET = b'{"address": "person0051@example.org"}'


def sealer(*keys, private=True):
    return Sealer(json.dumps({"keys": keys} if private else public_set(keys)))


@given(st.binary(max_size=2000))
def test_the_recipient_reads_what_the_sender_sealed(data):
    token = sealer(NEW, private=False).seal("notifications", data)
    assert sealer(NEW).unseal(token) == data


def test_sealed_data_shows_nothing_and_differs_each_time():
    sender = sealer(NEW, private=False)
    one, other = sender.seal("notifications", SECRET), sender.seal("notifications", SECRET)
    assert one != other
    assert "example" not in one
    assert one.count(".") == 4


def test_what_is_sealed_in_one_burst_shares_a_key_agreement_and_no_vector():
    sender = sealer(NEW, private=False)
    tokens = [sender.seal("notifications", SECRET).split(".") for _ in range(300)]
    assert len({token[0] for token in tokens}) == 2  # a new agreement after 256
    assert len({token[2] for token in tokens}) == 300
    assert all(sealer(NEW).unseal(".".join(token)) == SECRET for token in tokens)


def test_after_a_few_seconds_a_new_key_is_agreed_on():
    times = iter([0, 5, 11, 11])
    sender = Sealer(json.dumps(public_set([NEW])), clock=lambda: next(times))
    first, second, third = (sender.seal("notifications", SECRET).split(".")[0] for _ in range(3))
    assert first == second != third


def test_the_sender_cannot_open_what_it_sealed():
    sender = sealer(NEW, private=False)
    with pytest.raises(CannotOpen) as raised:
        sender.unseal(sender.seal("notifications", SECRET))
    assert raised.value.reason == "unknown_key"


def test_the_newest_key_seals_and_all_keys_open_while_they_rotate():
    both = sealer(NEW, OLD)
    before = sealer(OLD, private=False).seal("notifications", SECRET)
    after = sealer(OLD, NEW, private=False).seal("notifications", SECRET)
    assert both.unseal(before) == both.unseal(after) == SECRET
    assert sealer(NEW).unseal(after) == SECRET
    with pytest.raises(CannotOpen):
        sealer(OLD).unseal(after)


def test_each_recipient_has_its_own_key():
    several = sealer(NEW, new_key("resources"))
    token = several.seal("resources", SECRET)
    with pytest.raises(CannotOpen):
        sealer(NEW).unseal(token)
    assert several.unseal(token) == SECRET


def test_a_recipient_without_a_key_is_named():
    with pytest.raises(BadSettings, match="no key of reporting"):
        sealer(NEW).seal("reporting", SECRET)


@pytest.mark.parametrize("place", range(5))
def test_a_change_anywhere_keeps_it_closed(place):
    parts = sealer(NEW).seal("notifications", SECRET).split(".")
    parts[place] = "AAAA" + parts[place][4:]
    with pytest.raises(CannotOpen):
        sealer(NEW).unseal(".".join(parts))


@pytest.mark.parametrize("token", ["", ".", "....", "a.b.c.d.e", "x" * 100, "e30....", "\u00e9"])
def test_garbage_stays_closed(token):
    with pytest.raises(CannotOpen) as raised:
        sealer(NEW).unseal(token)
    assert raised.value.reason == "damaged"


def test_compressed_data_is_not_unpacked():
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "zip": "DEF", "kid": NEW["kid"]}
    everything = jwe.JWERegistry(algorithms=["ECDH-ES", "A256GCM", "DEF"])
    token = jwe.encrypt_compact(header, b"a" * 100_000, jwk.import_key(NEW), registry=everything)
    with pytest.raises(CannotOpen):
        sealer(NEW).unseal(token)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"keys": []}', '{"keys": [{}]}', '{"keys": [{"kty": "oct", "k": "eA"}]}',
     json.dumps({"keys": [{key: value for key, value in OLD.items() if key != "kid"}]})],
)  # fmt: skip
def test_an_unusable_key_file_is_named_without_its_content(text):
    with pytest.raises(BadSettings, match="PDU_SEALING_KEYS_FILE") as raised:
        Sealer(text)
    assert OLD["d"] not in str(raised.value)


def test_the_public_set_holds_nothing_private():
    assert all("d" not in key for key in public_set([OLD, NEW])["keys"])
