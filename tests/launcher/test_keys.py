"""Secrets are made once, stay with their owner, and are missed when they go."""

import json

import pytest

from pdu_local.failure import Failure
from pdu_local.secret_files import lay_out
from pdu_shared.platform import BROKER_USERS, DATABASE_ROLES


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


def test_only_notifications_can_open_what_is_sealed(tmp_path):
    lay_out(tmp_path, anew=True)

    private = {
        path.parent.name
        for path in tmp_path.rglob("sealing_keys.json")
        if any("d" in key for key in json.loads(path.read_text())["keys"])
    }
    assert private == {"notifications"}


def test_reporting_knows_no_key_of_persons(tmp_path):
    lay_out(tmp_path, anew=True)

    assert {path.parent.name for path in tmp_path.rglob("person_key")} == {
        "platform",
        "bookings",
        "notifications",
        "resources",
    }


@pytest.mark.parametrize("name", ["issuer_key.json", "person_key", "sealing_key.json", "link_key"])
def test_a_lost_key_is_not_replaced_while_data_depends_on_it(tmp_path, name):
    lay_out(tmp_path, anew=True)
    (tmp_path / "platform" / name).unlink()

    with pytest.raises(Failure, match=r"is missing[\s\S]+--fresh"):
        lay_out(tmp_path, anew=False)


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_a_damaged_key_ends_in_a_sentence_and_the_way_out(tmp_path, text):
    lay_out(tmp_path, anew=True)
    (tmp_path / "platform" / "issuer_key.json").write_text(text)

    with pytest.raises(Failure, match=r"is damaged[\s\S]+--fresh"):
        lay_out(tmp_path, anew=False)


def test_a_lost_password_is_made_again(tmp_path):
    lay_out(tmp_path, anew=True)
    lost = tmp_path / "bookings" / "database_password"
    lost.unlink()

    passwords = lay_out(tmp_path, anew=False)

    assert lost.read_text() == passwords.database["bookings_app"]
