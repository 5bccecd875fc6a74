"""Which way letters leave, as the settings say."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from pdu_shared.handover import Sink
from pdu_shared.maildir import Maildir
from pdu_shared.notify import Notify
from pdu_shared.settings import BadSettings, Settings
from pdu_shared.smtp import Smtp


def sink_of(settings: Settings) -> Sink:
    """The SMTP server of the settings, or what PDU_MAIL_URL names. BadSettings for neither."""
    if settings.mail_url is None:
        password = settings.smtp_password
        return Smtp(settings.smtp_url, password.get_secret_value() if password else None)
    kind, _, rest = settings.mail_url.partition(":")
    match kind:
        case "maildir":
            return Maildir(folder_of(rest, "PDU_MAIL_URL"))
        case "notify":
            if not settings.notify_email_template:
                raise BadSettings("PDU_NOTIFY_EMAIL_TEMPLATE is not set.")
            return Notify(rest, settings.secret("notify_api_key"), settings.notify_email_template)
    raise BadSettings("PDU_MAIL_URL begins with maildir: or notify:.")


def folder_of(text: str, variable: str) -> Path:
    """The folder that follows `maildir:`; BadSettings when it is not named from the root."""
    folder = Path(unquote(urlsplit(text).path))
    if not folder.is_absolute():
        raise BadSettings(f"{variable}: name the folder in full, such as maildir:/var/mail/pdu.")
    return folder
