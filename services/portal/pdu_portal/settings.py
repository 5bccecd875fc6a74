"""What the portal is told by its environment: where it listens and where the services are."""

from typing import Literal

from pydantic import Field, HttpUrl
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
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

    demo: bool = False
    place: str = "Nottingham"
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
