"""Markdown that somebody wrote, as HTML that is safe to show: whatever it holds, nothing runs."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

TAGS = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("hr", "i", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td"),
        *("th", "thead", "tr", "ul"),
    }
)
SCHEMES = frozenset({"https", "http", "mailto", "tel"})
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align", "scope"},
}


def html_of(markdown: str) -> str:
    """CommonMark with tables as HTML: no script, no style, no picture, no mark-up of its own.

    What looks like HTML in the text is shown as text. Links lead out without telling where from.
    """
    # Both take a tenth of a second to import, and most processes render nothing.
    import nh3  # noqa: PLC0415

    return nh3.clean(
        _reader().render(markdown),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415

    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
