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

    portal_url: HttpUrl = HttpUrl("http://127.0.0.1:8000")
    """Where browsers find these pages, and where the issuer sends people back to."""
    resources_public_url: HttpUrl | None = None
    """Where browsers find the hub, if that is not where the portal finds it."""
    issuer: str = "urn:pdu:issuer"
    client_id: str = "portal"
    client_secret: SecretStr | None = None
    cookie_key: SecretStr | None = None
    """What cookies are sealed with; the same for every copy of the portal."""

    reporting_token: SecretStr | None = None
    """Lets the live board read the journal, as any front end can that an operator gives one."""

    kept_seconds: float = Field(default=1.0, ge=0, le=60)
    """How long a page that is the same for everybody is answered again; 0 makes each anew."""

    demo: bool = False
    place: str = "Nottingham"
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""

    @property
    def secure(self) -> bool:
        """Whether browsers come over TLS only."""
        return self.env == "production" or self.portal_url.scheme == "https"

    def public_resources(self) -> HttpUrl:
        """Where browsers find the hub."""
        return self.resources_public_url or self.resources_url
