"""Whatever somebody writes as Markdown, nothing of it runs where it is shown."""

from html.parser import HTMLParser

import pytest

from pdu_resources.prose import ATTRIBUTES, TAGS, html_of


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
