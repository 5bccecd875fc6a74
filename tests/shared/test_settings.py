"""A service learns its place from variables and files, and refuses what is unsafe in production."""

import os

import pytest
from pydantic import SecretStr, ValidationError

from pdu_shared.settings import BadSettings, Settings

STRONG = "k9Vw2rTz7QmX4pLs8NdB"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("PDU_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def secret_file(tmp_path, monkeypatch):
    def write(variable, content, mode=0o600):
        path = tmp_path / variable
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        monkeypatch.setenv(variable, str(path))
        return path

    return write


def test_a_developer_needs_to_say_nothing():
    settings = Settings()
    assert settings.env == "development"
    assert settings.http_host == "127.0.0.1"
    assert settings.issuer == "urn:pdu:issuer"


def test_a_field_comes_from_the_file_that_its_variable_names(secret_file):
    secret_file("PDU_LINK_KEY_FILE", "a secret\n")
    assert Settings().secret("link_key") == "a secret"


def test_spaces_inside_a_secret_stay_and_only_the_line_end_goes(secret_file):
    secret_file("PDU_LINK_KEY_FILE", " a secret \r\n")
    assert Settings().secret("link_key") == " a secret "


def test_the_key_file_is_kept_as_a_path_because_it_is_read_again(secret_file):
    path = secret_file("PDU_JWKS_FILE", "{}")
    assert Settings().jwks_file == path


def test_a_missing_file_is_named_with_its_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("PDU_PERSON_KEY_FILE", str(tmp_path / "absent"))
    with pytest.raises(
        BadSettings, match=r"PDU_PERSON_KEY_FILE: cannot read .*absent: No such file"
    ):
        Settings()


def test_a_file_that_is_not_text_is_refused_without_its_content(secret_file):
    secret_file("PDU_PERSON_KEY_FILE", b"\xff\xfehidden")
    with pytest.raises(BadSettings, match="is not UTF-8 text") as raised:
        Settings()
    assert "hidden" not in str(raised.value)


def test_a_value_and_a_file_for_the_same_field_are_one_too_many(secret_file, monkeypatch):
    secret_file("PDU_LINK_KEY_FILE", "one")
    monkeypatch.setenv("PDU_LINK_KEY", "two")
    with pytest.raises(BadSettings, match="Set PDU_LINK_KEY or PDU_LINK_KEY_FILE, not both"):
        Settings()


def test_unknown_variables_are_left_alone(monkeypatch):
    monkeypatch.setenv("PDU_SOMETHING_ELSE", "1")
    assert Settings().http_port == 8000


def test_a_wrong_value_is_named_but_not_repeated(monkeypatch):
    monkeypatch.setenv("PDU_HTTP_PORT", "hunter2")
    with pytest.raises(ValidationError, match="http_port") as raised:
        Settings()
    assert "hunter2" not in str(raised.value)


def test_settings_do_not_change_while_a_service_runs():
    with pytest.raises(ValidationError):
        Settings().http_port = 1


def test_the_database_password_finds_its_place_in_the_address():
    settings = Settings(
        database_url="postgresql://bookings_app@127.0.0.1:15432/pdu_bookings?sslmode=disable",
        database_password=SecretStr("p@ss/w:rd"),
    )
    assert settings.database_dsn() == (
        "postgresql://bookings_app:p%40ss%2Fw%3Ard@127.0.0.1:15432/pdu_bookings?sslmode=disable"
    )


def test_every_node_of_the_broker_gets_the_password():
    settings = Settings(
        amqp_url="amqp://bookings@one:5672/pdu, amqp://bookings@two:5672/pdu",
        amqp_password=SecretStr("x"),
    )
    assert settings.amqp_urls() == [
        "amqp://bookings:x@one:5672/pdu",
        "amqp://bookings:x@two:5672/pdu",
    ]


def test_an_address_without_a_password_stays_as_it_is():
    assert Settings(database_url="postgresql://me@h/d").database_dsn() == "postgresql://me@h/d"


def test_a_password_without_a_user_is_refused():
    settings = Settings(database_url="postgresql://h/d", database_password=SecretStr("x"))
    with pytest.raises(BadSettings, match="PDU_DATABASE_URL names no user"):
        settings.database_dsn()


def test_a_service_without_a_database_says_so_when_asked_for_it():
    with pytest.raises(BadSettings, match="PDU_DATABASE_URL is not set"):
        Settings().database_dsn()
    with pytest.raises(BadSettings, match="PDU_AMQP_URL is not set"):
        Settings().amqp_urls()
    with pytest.raises(BadSettings, match="PDU_PERSON_KEY_FILE is not set"):
        Settings().secret("person_key")


def test_secrets_do_not_show_when_settings_are_printed(secret_file):
    secret_file("PDU_LINK_KEY_FILE", STRONG)
    settings = Settings(database_url="postgresql://me:hidden@h/d")
    assert STRONG not in repr(settings)
    assert "hidden" not in repr(settings)


def test_production_accepts_a_strong_secret_that_only_its_owner_reads(secret_file):
    secret_file("PDU_LINK_KEY_FILE", STRONG)
    assert Settings(env="production").secret("link_key") == STRONG


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602])
def test_production_refuses_a_secret_that_everybody_may_touch(secret_file, monkeypatch, mode):
    secret_file("PDU_LINK_KEY_FILE", STRONG, mode)
    monkeypatch.setenv("PDU_ENV", "production")
    with pytest.raises(BadSettings, match=r"PDU_LINK_KEY_FILE: everybody may read .*0600"):
        Settings()


def test_production_lets_everybody_read_what_is_no_secret(secret_file, monkeypatch):
    secret_file("PDU_MAIL_FROM_FILE", "pdu@example.org", 0o644)
    monkeypatch.setenv("PDU_ENV", "production")
    assert Settings().mail_from == "pdu@example.org"


@pytest.mark.parametrize("weak", ["", "x7Q", "changeme-changeme-changeme", "Password1234567890"])
def test_production_refuses_empty_short_and_placeholder_secrets(weak):
    with pytest.raises(BadSettings, match="PDU_PERSON_KEY") as raised:
        Settings(env="production", person_key=SecretStr(weak))
    assert not weak or weak not in str(raised.value)


def test_production_asks_for_the_passwords_of_its_servers():
    with pytest.raises(BadSettings, match="PDU_DATABASE_PASSWORD_FILE is not set"):
        Settings(env="production", database_url="postgresql://bookings_app@h/d")
    with pytest.raises(BadSettings, match="PDU_AMQP_PASSWORD_FILE is not set"):
        Settings(env="production", amqp_url="amqp://bookings@h/pdu")
