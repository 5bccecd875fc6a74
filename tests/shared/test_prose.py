"""Whatever somebody writes as Markdown, nothing of it runs where it is shown."""

from html.parser import HTMLParser

import pytest

from pdu_shared.prose import ATTRIBUTES, TAGS, Outline, html_of, outline_of, text_of


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Be *kind*.", "<p>Be <em>kind</em>.</p>\n"),
        ("[PDU](https://example.org)", 'href="https://example.org" rel="noopener noreferrer"'),
        ("|a|b|\n|-|-|\n|1|2|", "<td>1</td>"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
    ],
)
def test_what_is_meant_is_shown(written, shown):
    assert shown in html_of(written)


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://example.org/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](JaVaScRiPt&#58;alert(1))",
        '[x](https://example.org "onclick=alert\\(1\\)")',
        "<iframe src=https://example.org></iframe>",
        "<a href=javascript:alert(1)>x</a>",
        "<style>*{display:none}</style>",
        "```html\n<script>alert(1)</script>\n```",
    ],
)
def test_nothing_of_it_runs(written):
    for tag, attributes in tags_of(html_of(written)):
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}
        assert attributes.get("href", "https:").partition(":")[0] == "https"


def tags_of(html):
    """What a browser would find in it: each tag with its attributes."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(html)
    return found


def test_headings_begin_where_the_page_has_room_for_them():
    assert "<h3>One</h3>" in html_of("# One", top=3)
    assert "<h6>Deep</h6>" in html_of("###### Deep", top=3)


def test_a_picture_is_its_words():
    assert html_of("![Two people at a table](https://example.org/x.png)") == (
        "<p>Two people at a table</p>\n"
    )


def test_plain_text_has_every_link_written_out():
    written = "# News\n\nRead [the plan](https://example.org/plan)."
    assert text_of(written, lead=lambda url: f"{url}?source=bulletin") == (
        "News\n\nRead the plan (https://example.org/plan?source=bulletin)."
    )


@pytest.mark.parametrize(
    "as_written",
    [
        "- one\n- two\n  lines\n  - deep\n- three\n\nAfter.",
        "Before.\n\n1. one\n2. two\n\nAfter.",
        "- one\n\n- two\n\n> Somebody said this.",
    ],
)
def test_plain_text_keeps_lists_and_quotes(as_written):
    assert text_of(as_written.replace("two\n  lines", "two  \n  lines")) == as_written


def test_a_table_in_plain_text_has_a_line_for_each_row():
    written = "|a|b|\n|-|-|\n|1|[2](https://example.org)|\n\nAfter."
    assert text_of(written) == "a | b\n1 | 2 (https://example.org)\n\nAfter."


def test_the_outline_of_a_text():
    written = "## A\n[b **c**](https://example.org) ![d](https://example.org/d.png)"
    assert outline_of(written) == Outline(
        headings=((2, "A"),),
        links=(("https://example.org", "b c"),),
        pictures=(("https://example.org/d.png", "d"),),
    )
