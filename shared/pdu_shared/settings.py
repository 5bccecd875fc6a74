"""What a service is told about the place it runs in, from the environment and from secret files."""

import os
import stat
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import Field, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "PDU_"
SHORTEST_SECRET = 16
PLACEHOLDERS = ("change", "default", "example", "guest", "password", "postgres", "secret")


class BadSettings(Exception):
    """A setting that keeps a service from starting; the sentence names it, never its value."""


class SecretFiles(PydanticBaseSettingsSource):
    """Reads the field FOO from the file that PDU_FOO_FILE names, if it is set."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The content of the field's file, or None when no file is named."""
        variable = variable_of(field_name) + "_FILE"
        path = os.environ.get(variable)
        if not path or field_name.endswith("_file"):
            return None, field_name, False
        if field_name in self.current_state:
            raise BadSettings(f"Set {variable_of(field_name)} or {variable}, not both.")
        production = self.current_state.get("env") == "production"
        secret = SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))
        return _read(variable, Path(path), guarded=production and secret), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Every field that has a file, with the file's content."""
        found = (
            self.get_field_value(f, name) for name, f in self.settings_cls.model_fields.items()
        )
        return {name: value for value, name, _ in found if value is not None}


class FileSettings(BaseSettings):
    """Settings whose every field FOO may also come from the file that PDU_FOO_FILE names."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the files."""
        del dotenv_settings, file_secret_settings  # no .env file is read
        return init_settings, env_settings, SecretFiles(settings_cls)


class Settings(FileSettings):
    """The environment of one service process; any field FOO may come from PDU_FOO_FILE instead."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    env: Literal["development", "production"] = "development"
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65535)
    database_url: str | None = Field(default=None, repr=False)
    database_password: SecretStr | None = None
    amqp_url: str | None = Field(default=None, repr=False)
    amqp_password: SecretStr | None = None
    jwks_file: Path | None = None
    jwks_url: str | None = None
    issuer: str = "urn:pdu:issuer"
    issuer_keys_file: Path | None = None
    public_url: str | None = None
    trusted_proxies: str = "127.0.0.0/8,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
    person_key: SecretStr | None = None
    sealing_keys: SecretStr | None = None
    link_key: SecretStr | None = None
    factor_key: SecretStr | None = None
    outside_issuer: str | None = None
    outside_name: str = "another account"
    outside_client_id: str = "pdu"
    outside_client_secret: SecretStr | None = None
    smtp_url: str = Field(default="smtp+plain://127.0.0.1:1025", repr=False)
    smtp_password: SecretStr | None = None
    mail_url: str | None = Field(default=None, repr=False)
    """Where letters go instead of to an SMTP server: `maildir:/folder` or `notify:https://…`."""
    notify_api_key: SecretStr | None = None
    notify_email_template: str | None = None
    sms_url: str | None = Field(default=None, repr=False)
    """Where text messages go: `folder:/folder` or `notify:https://…`; else somebody rings."""
    notify_sms_template: str | None = None
    post_url: str | None = Field(default=None, repr=False)
    """Where letters on paper go: `folder:/folder` or `notify:https://…`; else somebody posts."""
    notify_letter_template: str | None = None
    contact_phone: str | None = None
    """Where people ring who have neither e-mail nor a computer, as letters on paper say."""
    mail_from: str = "pdu@example.org"
    post_box: Path | None = None
    """Where a development post box keeps what it takes: letters of the forgotten go from there."""
    bounce_address: str | None = None
    """What letters come back to, as `name+<token>@host`; the mailbox takes what follows a plus."""
    bounce_mailbox: str | None = Field(default=None, repr=False)
    """Where they are read: `maildir:/folder` or `imaps://user@host/INBOX`."""
    bounce_password: SecretStr | None = None
    returns_secret: SecretStr | None = None
    """What the mail relay signs its notices of bounces and complaints with."""
    mail_per_second: float = Field(default=0, ge=0)
    mail_per_domain_per_minute: float = Field(default=0, ge=0)
    dkim_selector: str | None = None
    webhooks_at_home: bool = False
    """Whether webhooks may lead to this machine and to private networks."""
    portal_url: str = "http://127.0.0.1:8000"
    portal_client_secret: SecretStr | None = None
    """What our own web pages show the issuer, which knows them without being told of them."""
    hub_name: str = "Practice Development Unit"
    badge_keys: SecretStr | None = None
    files_url: str = "file:.pdu/files"
    """Where uploaded files are kept: a folder, or `s3://bucket/prefix`."""
    files_s3_endpoint: str | None = None
    """Of a store that is not Amazon's, such as MinIO or Ceph."""
    files_s3_region: str = "eu-west-2"
    files_s3_key_id: str | None = None
    files_s3_secret: SecretStr | None = None
    quiet_hours: str = Field(default="20:00-08:00", pattern=r"^(\d\d:\d\d-\d\d:\d\d)?$")
    recompute_at: str = Field(default="03:30", pattern=r"^(\d\d:\d\d)?$")
    """When, by the local clock, figures are recomputed; nothing for never."""
    second_person_publishes: bool = False

    @model_validator(mode="after")
    def _fit_for_production(self) -> "Settings":
        if self.env == "production":
            for name in type(self).model_fields:
                value = getattr(self, name)
                if isinstance(value, SecretStr):
                    _refuse_weak(variable_of(name), value.get_secret_value())
            if self.database_url and not self.database_password:
                raise BadSettings("PDU_DATABASE_PASSWORD_FILE is not set.")
            if self.amqp_url and not self.amqp_password:
                raise BadSettings("PDU_AMQP_PASSWORD_FILE is not set.")
        return self

    def database_dsn(self) -> str:
        """PDU_DATABASE_URL with its password put in; BadSettings when there is none."""
        if not self.database_url:
            raise BadSettings("PDU_DATABASE_URL is not set.")
        return _with_password("PDU_DATABASE_URL", self.database_url, self.database_password)

    def amqp_urls(self) -> list[str]:
        """One URL for each node of the broker, with the password put in."""
        if not self.amqp_url:
            raise BadSettings("PDU_AMQP_URL is not set.")
        nodes = (node.strip() for node in self.amqp_url.split(","))
        return [_with_password("PDU_AMQP_URL", node, self.amqp_password) for node in nodes if node]

    def keys_file(self) -> Path:
        """Where the issuer's public keys are; BadSettings when nobody said so."""
        if self.jwks_file is None:
            raise BadSettings("PDU_JWKS_FILE is not set.")
        return self.jwks_file

    def secret(self, name: str) -> str:
        """The value of a secret that this service cannot do without; BadSettings when missing."""
        value = getattr(self, name)
        if not isinstance(value, SecretStr) or not value.get_secret_value():
            raise BadSettings(f"{variable_of(name)}_FILE is not set, or the file is empty.")
        return value.get_secret_value()


def variable_of(field_name: str) -> str:
    """The environment variable of a field, such as PDU_HTTP_PORT of http_port."""
    return PREFIX + field_name.upper()


def _read(variable: str, path: Path, *, guarded: bool) -> str:
    try:
        if guarded and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            raise BadSettings(f"{variable}: everybody may read {path}; chmod it to 0600.")
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise BadSettings(f"{variable}: cannot read {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadSettings(f"{variable}: {path} is not UTF-8 text.") from None


def _refuse_weak(variable: str, secret: str) -> None:
    if len(secret) < SHORTEST_SECRET:
        raise BadSettings(f"{variable} is empty or too short: a secret has 16 characters or more.")
    if secret.lower().startswith(PLACEHOLDERS):
        raise BadSettings(f"{variable} looks like a placeholder: make a random one.")


def _with_password(variable: str, url: str, password: SecretStr | None) -> str:
    if password is None:
        return url
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    if not at:
        raise BadSettings(f"{variable} names no user, so its password has no place.")
    name = user.partition(":")[0]
    secret = quote(password.get_secret_value(), safe="")
    return urlunsplit(parts._replace(netloc=f"{name}:{secret}@{hosts}"))
