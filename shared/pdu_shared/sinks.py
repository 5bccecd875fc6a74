"""Which way letters, and text messages, leave, as the settings say."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from pdu_shared.handover import Sink
from pdu_shared.maildir import Maildir
from pdu_shared.note import NoteSink
from pdu_shared.note_folder import NoteFolder
from pdu_shared.notify import Notify, Provider
from pdu_shared.notify_note import NotifyNotes
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


def texts_of(settings: Settings) -> NoteSink | None:
    """What takes text messages, as PDU_SMS_URL says; None where people ring instead."""
    return _notes(settings, "PDU_SMS_URL", settings.sms_url, settings.notify_sms_template)


def paper_of(settings: Settings) -> NoteSink | None:
    """What prints and posts letters, as PDU_POST_URL says; None where people do."""
    return _notes(settings, "PDU_POST_URL", settings.post_url, settings.notify_letter_template)


def _notes(
    settings: Settings, variable: str, url: str | None, template: str | None
) -> NoteSink | None:
    if url is None:
        return None
    kind, _, rest = url.partition(":")
    match kind:
        case "folder":
            return NoteFolder(folder_of(rest, variable, kind="folder"))
        case "notify":
            by = "sms" if variable == "PDU_SMS_URL" else "letter"
            if not template:
                raise BadSettings(f"PDU_NOTIFY_{by.upper()}_TEMPLATE is not set.")
            provider = Provider(rest, settings.secret("notify_api_key"), variable)
            return NotifyNotes(provider, "sms" if by == "sms" else "letter", template)
    raise BadSettings(f"{variable} begins with folder: or notify:.")


def folder_of(text: str, variable: str, kind: str = "maildir") -> Path:
    """The folder that follows `maildir:`; BadSettings when it is not named from the root."""
    folder = Path(unquote(urlsplit(text).path))
    if not folder.is_absolute():
        raise BadSettings(f"{variable}: name the folder in full, such as {kind}:/var/mail/pdu.")
    return folder
