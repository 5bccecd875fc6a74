"""What is taken as an e-mail address."""

from email_validator import EmailNotValidError, validate_email


def one_address(text: str) -> str:
    """The one e-mail address that the text is, its host in lower case; ValueError otherwise.

    No display name, no second address, no comment, no folded line (RFC 5321 §4.1.2, RFC 6531).
    """
    try:
        return validate_email(text, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        # The library's words repeat parts of what was typed.
        raise ValueError("Write one e-mail address, such as name@example.org.") from None
