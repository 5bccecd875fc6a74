"""What a text message says: short, plain, and from whom."""

import unicodedata

FROM = "Practice Development Unit"
LONGEST = 306
"""Two parts, without the link: nobody reads more on a small telephone."""
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"',
                       "\u2013": "-", "\u2014": "-", "\u2026": "...", "\u00a0": " "})  # fmt: skip
"""Characters that make telephones count each letter twice, and what stands for them."""


def text_message(said: str, *, link: str | None) -> str:
    """The message with who writes in front, and the link behind, which is never cut."""
    plain = unicodedata.normalize("NFC", f"{FROM} (PDU): {said}").translate(PLAIN)
    if len(plain) > LONGEST:
        plain = plain[: LONGEST - 3].rsplit(" ", 1)[0].rstrip(" ,;:.") + "..."
    return f"{plain} {link}" if link else plain
