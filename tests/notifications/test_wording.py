"""One description becomes plain text and accessible HTML, whatever titles hold."""

from html.parser import HTMLParser

import pytest
from jinja2 import DictLoader
from jinja2.exceptions import UndefinedError

from pdu_notifications import wording
from pdu_notifications.wording import Content, Section, proved, words

LINK = "https://portal.example.org/b/1abc"
NASTY = '<script>alert(1)</script> {{ 7*7 }} & "quotes"\r\nBcc: all@example.org\x00'
CONTENT = Content(
    subject="Your place",
    sections=(
        Section(heading="When", sentences=("Come & see.",), facts=(("Where", "Hermitage"),)),
        Section(manage="See or cancel your booking"),
    ),
)


class Outline(HTMLParser):
    """The tags of a page in order, and its attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = [], {}
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes.setdefault(tag, dict(attributes))


def said(content=CONTENT):
    return words(content, greeting="Hello Ana,", link=LINK)


def test_the_plain_text_says_everything():
    assert said().text == (
        "Hello Ana,\n\nWhen\n----\n\nCome & see.\n\nWhere: Hermitage\n\n"
        f"See or cancel your booking:\n{LINK}\n\n"
        "-- \nPractice Development Unit\n"
        "Practice Development Unit (PDU) provides this learning and wrote this letter.\n"
    )


def test_the_html_has_a_language_a_title_headings_in_order_and_a_real_link():
    outline = Outline(said().html)
    assert outline.attributes["html"]["lang"] == "en-GB"
    assert [tag for tag in outline.tags if tag in {"title", "main", "h1", "h2", "dl", "a"}] == [
        "title", "main", "h1", "h2", "dl", "a",
    ]  # fmt: skip
    assert outline.attributes["a"]["href"] == LINK
    assert "See or cancel your booking</a>" in said().html


def test_a_letter_fetches_nothing():
    assert not {"img", "script", "link", "iframe", "form"} & set(Outline(said().html).tags)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", ["#0b0c0c", "#0b4f8a"])
def test_text_and_links_stand_out_from_the_page(colour):
    assert colour in said().html
    assert (1 + 0.05) / (luminance(colour) + 0.05) >= 7


def test_a_nasty_title_stays_text():
    content = Content(subject=NASTY, sections=(Section(heading=NASTY, sentences=(NASTY,)),))
    html = said(content).html
    assert "<script>" not in html
    assert "{{ 7*7 }}" in html
    text = said(content).text
    assert "\r" not in text
    assert "\nBcc" not in text
    assert "\x00" not in text
    assert "\n" not in content.subject


def test_a_letter_that_needs_a_link_is_not_written_without():
    with pytest.raises(ValueError, match="needs a link"):
        words(CONTENT, greeting="Hello,", link=None)


def test_a_template_that_asks_for_what_is_not_there_fails_loudly():
    with pytest.raises(UndefinedError):
        wording._TEXT.render({})  # noqa: SLF001 - StrictUndefined is the point


def test_a_description_comes_back_from_its_row_as_it_was():
    assert Content.model_validate_json(CONTENT.model_dump_json()) == CONTENT


@pytest.mark.parametrize(
    "broken",
    [
        "{{ content.subjekt }}",
        "{{ greeting }} {{ name }}",
        "{% for one in content.sections %}{% if one.heding %}{% endif %}{% endfor %}",
        "{% if choose %}{{ chosen }}{% endif %}",
    ],
)
def test_a_template_with_a_missing_value_is_refused_at_start_up(broken):
    """The templates are proved when the module is loaded: the service does not start with this."""
    for name in ("letter.txt", "letter.html"):
        with pytest.raises(UndefinedError):
            proved(DictLoader({name: broken}), name)
