"""A token is believed when the issuer signed it for us and now, and never otherwise."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from joserfc import jwk, jwt

from pdu_shared.access import Caller, Role
from pdu_shared.identity import random_person_id
from pdu_shared.problems import Unauthenticated
from pdu_shared.settings import BadSettings
from pdu_shared.tokens import Keys, mint, new_issuer_key, public_jwks

BOOKINGS = "pdu-bookings"
ISSUER_KEY = new_issuer_key()
COORDINATOR = Caller(
    sub=random_person_id(),
    client_id="portal",
    roles=frozenset({Role.COORDINATOR, Role.MEMBER}),
    organisation_id=uuid4(),
    scope=frozenset({"bookings:write"}),
)


@pytest.fixture
def jwks(tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(public_jwks(ISSUER_KEY)))
    return path


@pytest.fixture
def keys(jwks):
    return Keys(jwks, audience=BOOKINGS)


def now():
    return datetime.now(UTC)


def token(caller=COORDINATOR, key=ISSUER_KEY, audiences=(BOOKINGS,), **said):
    return mint(key, caller, audiences=audiences, **said)


def signed(claims=None, header=None, key=ISSUER_KEY, without=()):
    """A token with everything right but what the test names."""
    moment = int(now().timestamp())
    whole = {
        "iss": "urn:pdu:issuer", "aud": [BOOKINGS], "sub": str(uuid4()), "client_id": "portal",
        "roles": ["member"], "scope": "", "iat": moment, "exp": moment + 600, "jti": "1",
    } | (claims or {})  # fmt: skip
    for name in without:
        del whole[name]
    head = {"alg": "ES256", "typ": "at+jwt", "kid": key["kid"]} | (header or {})
    return jwt.encode(head, whole, jwk.import_key(key), algorithms=[head["alg"]])


def refused(keys, text, reason, at=None):
    with pytest.raises(Unauthenticated) as raised:
        keys.verify(text, at or now())
    assert raised.value.reason == reason


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_what_was_minted_is_what_is_read(keys):
    assert keys.verify(token(), now()) == COORDINATOR
    assert keys.verify(signed(), now()).roles == {Role.MEMBER}


def test_a_token_names_all_services_it_is_for(jwks):
    text = token(audiences=[BOOKINGS, "pdu-reporting"])
    for audience in (BOOKINGS, "pdu-reporting"):
        assert Keys(jwks, audience=audience).verify(text, now()) == COORDINATOR


def test_a_machine_has_no_person_behind_it(keys):
    machine = Caller(client_id="kiosk", roles=frozenset({Role.INTEGRATION}))
    assert keys.verify(token(machine), now()) == machine


def test_roles_of_a_later_version_are_left_out(keys):
    text = signed({"roles": ["member", "astronaut", 7]})
    assert keys.verify(text, now()).roles == {Role.MEMBER}


def test_an_edwards_key_works_as_well(tmp_path):
    key = jwk.OKPKey.generate_key("Ed25519", auto_kid=True).as_dict(private=True)
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(public_jwks(ISSUER_KEY, key)))
    assert Keys(path, audience=BOOKINGS).verify(token(key=key), now()) == COORDINATOR


def test_a_token_lives_ten_minutes_and_half_a_minute_for_slow_clocks(keys):
    text = token()
    assert keys.verify(text, now() + timedelta(minutes=10, seconds=25))
    refused(keys, text, "expired", now() + timedelta(minutes=10, seconds=31))


def test_a_token_that_was_good_before_still_expires(keys):
    text = token(lifetime=timedelta(seconds=1))
    assert keys.verify(text, now())
    refused(keys, text, "expired", now() + timedelta(seconds=60))


def test_a_token_seen_before_is_believed_again_and_never_mixed_up_with_another(keys):
    text, other = token(), signed()
    for _ in range(2):
        assert keys.verify(text, now()) == COORDINATOR
        assert keys.verify(other, now()).roles == {Role.MEMBER}


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "urn:someone:else"}, "issuer"),
        ({"aud": ["pdu-reporting"]}, "audience"),
        ({"aud": "pdu-bookings2"}, "audience"),
        ({"exp": 1}, "expired"),
        ({"exp": "tomorrow"}, "claims"),
        ({"nbf": 4102444800}, "not_yet_valid"),
        ({"iat": 4102444800}, "not_yet_valid"),
        ({"sub": "not a uuid"}, "malformed"),
        ({"scope": 5}, "malformed"),
        ({"roles": 5}, "malformed"),
    ],
)
def test_a_wrong_claim_is_refused_with_its_reason(keys, claims, reason):
    refused(keys, signed(claims), reason)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("iss", "issuer"),
        ("aud", "audience"),
        ("exp", "claims"),
        ("sub", "claims"),
        ("scope", "claims"),
    ],
)
def test_a_missing_claim_is_refused(keys, name, reason):
    refused(keys, signed(without=[name]), reason)


@pytest.mark.parametrize("kind", ["JWT", "id+jwt", ""])
def test_a_token_of_another_type_is_refused(keys, kind):
    refused(keys, signed(header={"typ": kind}), "type")


def test_a_stranger_with_our_key_id_is_refused(keys):
    refused(keys, signed(key=new_issuer_key() | {"kid": ISSUER_KEY["kid"]}), "signature")


def test_an_unknown_key_id_is_refused(keys):
    refused(keys, signed(key=new_issuer_key()), "unknown_key")


def test_a_key_that_the_token_brings_along_is_not_used(keys):
    stranger = jwk.ECKey.generate_key("P-256", auto_kid=True)
    brought = stranger.as_dict(private=False)
    text = signed(header={"jwk": brought}, key=stranger.as_dict(private=True))
    refused(keys, text, "unknown_key")


def test_a_token_without_signature_is_refused(keys):
    head, body, _ = token().split(".")
    refused(keys, f"{head}.{body}.", "signature")
    unsigned = part({"alg": "none", "typ": "at+jwt", "kid": ISSUER_KEY["kid"]})
    with pytest.raises(Unauthenticated) as raised:
        keys.verify(f"{unsigned}.{body}.", now())
    assert raised.value.reason in {"algorithm", "unknown_key"}


def test_the_public_key_is_no_password(keys):
    public = jwk.import_key(ISSUER_KEY).as_pem(private=False)
    head = part({"alg": "HS256", "typ": "at+jwt", "kid": ISSUER_KEY["kid"]})
    text = f"{head}.{token().split('.')[1]}"
    signature = hmac.digest(public, text.encode(), "sha256")
    text += "." + base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    with pytest.raises(Unauthenticated) as raised:
        keys.verify(text, now())
    assert raised.value.reason in {"algorithm", "unknown_key"}


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "e30.e30.e30", "\u00e9", "x" * 200_000])
def test_garbage_is_refused(keys, text):
    with pytest.raises(Unauthenticated):
        keys.verify(text, now())


def test_a_changed_body_is_refused(keys):
    head, _, signature = token().split(".")
    refused(keys, f"{head}.{part({'sub': 'x'})}.{signature}", "signature")


def test_new_keys_are_found_without_a_restart(jwks):
    keys, other = Keys(jwks, audience=BOOKINGS), new_issuer_key()
    jwks.write_text(json.dumps(public_jwks(other)))
    assert keys.verify(token(), now()) == COORDINATOR
    later = now() + timedelta(seconds=6)
    assert keys.verify(token(key=other), later) == COORDINATOR
    refused(keys, token(), "unknown_key", later)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"keys": []}', b'{"keys": [1]}', b"\xff"])
def test_a_key_file_damaged_later_leaves_the_old_keys_in_use(jwks, content):
    keys = Keys(jwks, audience=BOOKINGS)
    jwks.write_bytes(content)
    assert keys.verify(token(), now() + timedelta(seconds=6)) == COORDINATOR


def test_a_key_file_lost_later_leaves_the_old_keys_in_use(jwks):
    keys = Keys(jwks, audience=BOOKINGS)
    jwks.unlink()
    assert keys.verify(token(), now() + timedelta(seconds=6)) == COORDINATOR


def test_a_key_file_missing_at_the_start_is_named(tmp_path):
    with pytest.raises(BadSettings, match=r"PDU_JWKS_FILE: cannot use .*absent.json: No such file"):
        Keys(tmp_path / "absent.json", audience=BOOKINGS)


def test_a_shared_secret_is_no_public_key(tmp_path):
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [{"kty": "oct", "k": "aGVsbG8", "kid": "1"}]}))
    with pytest.raises(BadSettings, match="no usable JWK set"):
        Keys(path, audience=BOOKINGS)


def test_the_public_set_holds_nothing_private():
    assert "d" in ISSUER_KEY
    assert all("d" not in key for key in public_jwks(ISSUER_KEY)["keys"])
