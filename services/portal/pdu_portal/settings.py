"""What the portal is told by its environment: where it listens and where the services are."""

from typing import Literal

from pydantic import Field, HttpUrl, SecretStr
from pydantic_settings import SettingsConfigDict

from pdu_shared.settings import FileSettings


class Settings(FileSettings):
    """One portal process; every field is an environment variable that begins with PDU_."""

    model_config = SettingsConfigDict(env_prefix="PDU_", extra="ignore", frozen=True)

    env: Literal["development", "production"] = "development"
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8000, ge=0, le=65535)

    bookings_url: HttpUrl = HttpUrl("http://127.0.0.1:8001")
    notifications_url: HttpUrl = HttpUrl("http://127.0.0.1:8002")
    reporting_url: HttpUrl = HttpUrl("http://127.0.0.1:8003")
    resources_url: HttpUrl = HttpUrl("http://127.0.0.1:8004")
    postbox_url: HttpUrl | None = None

    reporting_token: SecretStr | None = None
    """Lets the live board read the journal, as any front end can that an operator gives one."""

    demo: bool = False
    place: str = "Nottingham"
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
