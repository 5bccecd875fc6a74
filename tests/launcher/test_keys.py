"""Secrets are made once, stay with their owner, and are missed when they go."""

import json

import pytest

from pdu_local.failure import Failure
from pdu_local.secret_files import hand_out, issuer_keys, make, rotate_issuer
from pdu_shared.issuer_keys import signing_key
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES
from pdu_shared.tokens import new_issuer_key


def lay_out(folder, *, anew):
    passwords = make(folder, anew=anew)
    hand_out(folder)
    return passwords


def modes(folder):
    return {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}


def test_nobody_else_may_read_a_secret(tmp_path):
    folder = tmp_path / "secrets"

    lay_out(folder, anew=True)

    assert modes(folder) == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())} == {0o700}


def test_every_role_and_user_has_a_password_of_its_own(tmp_path):
    passwords = lay_out(tmp_path, anew=True)

    assert set(passwords.database) == set(DATABASE_ROLES)
    assert set(passwords.broker) == set(BROKER_USERS)
    all_of_them = [*passwords.database.values(), *passwords.broker.values()]
    assert len(set(all_of_them)) == len(all_of_them)
    assert min(map(len, all_of_them)) >= 32


def test_the_same_secrets_are_found_the_next_time(tmp_path):
    first = lay_out(tmp_path, anew=True)
    kept = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}

    assert lay_out(tmp_path, anew=False) == first
    assert kept == {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}


def test_what_is_sealed_for_somebody_only_they_can_open(tmp_path):
    lay_out(tmp_path, anew=True)

    opens = {
        (path.parent.name, key["kid"].partition(".")[0])
        for path in tmp_path.rglob("sealing_keys.json")
        for key in json.loads(path.read_text())["keys"]
        if "d" in key
    }
    recipients = ("notifications", "bookings", "resources")
    assert opens == {(name, name) for name in recipients}


def test_reporting_knows_no_key_of_persons(tmp_path):
    lay_out(tmp_path, anew=True)

    assert {path.parent.name for path in tmp_path.rglob("person_key")} == {
        "platform",
        "bookings",
        "notifications",
        "resources",
    }


def test_no_service_can_make_links_of_another(tmp_path):
    lay_out(tmp_path, anew=True)

    keys = {path.parent.name: path.read_text() for path in tmp_path.glob("*/link_key")}
    assert keys.keys() == {"bookings", "notifications", "resources"}
    assert len(set(keys.values())) == len(keys)


@pytest.mark.parametrize(
    "name", ["issuer_keys.json", "person_key", "sealing_key.json", "bookings_link_key"]
)
def test_a_lost_key_is_not_replaced_while_data_depends_on_it(tmp_path, name):
    lay_out(tmp_path, anew=True)
    (tmp_path / "platform" / name).unlink()

    with pytest.raises(Failure, match=r"is missing[\s\S]+--fresh"):
        lay_out(tmp_path, anew=False)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_damaged_key_ends_in_a_sentence_and_the_way_out(tmp_path, text):
    lay_out(tmp_path, anew=True)
    (tmp_path / "platform" / "issuer_keys.json").write_text(text)

    with pytest.raises(Failure, match=r"is damaged[\s\S]+--fresh"):
        lay_out(tmp_path, anew=False)


def test_a_lost_password_is_made_again(tmp_path):
    lay_out(tmp_path, anew=True)
    lost = tmp_path / "bookings" / "database_password"
    lost.unlink()

    passwords = lay_out(tmp_path, anew=False)

    assert lost.read_text() == passwords.database["bookings_app"]


def kids(path):
    return {key["kid"] for key in json.loads(path.read_text())["keys"]}


def test_the_key_of_an_older_checkout_goes_on_to_sign(tmp_path):
    lay_out(tmp_path, anew=True)
    platform = tmp_path / "platform"
    old = new_issuer_key()
    (platform / "issuer_keys.json").unlink()
    (platform / "issuer_key.json").write_text(json.dumps(old))

    lay_out(tmp_path, anew=False)

    assert signing_key(issuer_keys(tmp_path))["kid"] == old["kid"]


def test_after_a_rotation_the_key_that_was_known_signs_and_the_old_one_is_believed(tmp_path):
    lay_out(tmp_path, anew=True)
    jwks = tmp_path / "bookings" / "jwks.json"
    before, was = kids(jwks), signing_key(issuer_keys(tmp_path))["kid"]

    signs = rotate_issuer(tmp_path, compromised=False)

    assert signs in before - {was}
    assert kids(jwks) > before
    assert "issuer_keys.json" not in {path.name for path in (tmp_path / "bookings").iterdir()}


def test_a_compromised_key_is_believed_no_more(tmp_path):
    lay_out(tmp_path, anew=True)
    jwks = tmp_path / "reporting" / "jwks.json"
    before = kids(jwks)

    rotate_issuer(tmp_path, compromised=True)

    assert not kids(jwks) & before
