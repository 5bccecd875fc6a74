"""Markdown that somebody wrote, as HTML that is safe to show: whatever it holds, nothing runs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from textwrap import fill
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

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
DEEPEST = 6
WIDTH = 72

Lead: TypeAlias = Callable[[str], str]
"""Where a link leads, of where it was written to lead."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a check of a text wants to know: `links` and `pictures` with the words they have."""

    headings: tuple[tuple[int, str], ...]
    links: tuple[tuple[str, str], ...]
    pictures: tuple[tuple[str, str], ...]


def html_of(markdown: str, *, top: int = 1, lead: Lead = str) -> str:
    """CommonMark with tables as HTML: no script, no style, no picture, no mark-up of its own.

    What looks like HTML in the text is shown as text, a picture as its words. Links lead out
    without telling where from. Headings begin at the level `top`.
    """
    # Both take a tenth of a second to import, and most processes render nothing.
    import nh3  # noqa: PLC0415

    tokens = _prepared(markdown, lead)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + top - 1, DEEPEST)}"
    reader = _reader()
    return nh3.clean(
        reader.renderer.render(tokens, reader.options, {}),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


def text_of(markdown: str, *, lead: Lead = str) -> str:
    """The same as plain text in short lines, every link written out."""
    plain = _Plain()
    for token in _prepared(markdown, lead):
        plain.take(token)
    return plain.said


def outline_of(markdown: str) -> Outline:
    """The headings, the links and the pictures of a text, in their order."""
    tokens = _reader().parse(markdown)
    inside = [one for token in tokens for one in token.children or ()]
    return Outline(
        headings=tuple(
            (int(token.tag[1]), _words(words))
            for token, words in pairwise(tokens)
            if token.type == "heading_open"
        ),
        links=tuple(_links(tokens)),
        pictures=tuple(
            (str(one.attrGet("src") or ""), one.content) for one in inside if one.type == "image"
        ),
    )


@dataclass(slots=True)
class _Plain:
    """A text as plain lines, as far as it has been read."""

    said: str = ""
    marks: list[str] = field(default_factory=list)
    """Of the list items and quotes that we are in; blanks once their first line is said."""
    cells: list[str] = field(default_factory=list)
    tight: bool = False
    """Whether what comes belongs closely to what was said."""

    def take(self, token: "Token") -> None:
        match token.type:
            case "inline" if self.cells:
                self.cells[-1] = _words(token, written_out=True)
            case "inline":
                self._say(_paragraph(_words(token, written_out=True), self.marks))
                self.marks = [" " * len(mark) for mark in self.marks]
            case "fence" | "code_block":
                self.tight = False
                self._say(token.content.rstrip("\n"))
            case "th_open" | "td_open":
                self.cells.append("")
            case "tr_close":
                self._say(" | ".join(self.cells))
                self.cells, self.tight = [], True
            case kind:
                self._turn(kind, token)

    def _turn(self, kind: str, token: "Token") -> None:
        if kind == "list_item_open":
            self.marks.append(f"{token.info}{token.markup} ")
        elif kind == "blockquote_open":
            self.marks.append("> ")
        elif kind in {"list_item_close", "blockquote_close"}:
            self.marks.pop()
            self.tight = kind == "list_item_close"
        elif kind == "paragraph_open":
            self.tight = self.tight and token.hidden
        elif kind in {"heading_open", "table_close"} or (kind in _LIST_ENDS and not self.marks):
            self.tight = False
        elif kind in {"bullet_list_open", "ordered_list_open"}:
            self.tight = bool(self.marks)

    def _say(self, words: str) -> None:
        gap = "" if not self.said else "\n" if self.tight else "\n\n"
        self.said += gap + words


_LIST_ENDS = frozenset({"bullet_list_close", "ordered_list_close"})


def _paragraph(words: str, marks: Sequence[str]) -> str:
    first = "".join(marks)
    return "\n".join(
        fill(
            line,
            WIDTH,
            initial_indent=first if number == 0 else " " * len(first),
            subsequent_indent=" " * len(first),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for number, line in enumerate(words.split("\n"))
    )


def _prepared(markdown: str, lead: Lead) -> "list[Token]":
    tokens = _reader().parse(markdown)
    for one in (child for token in tokens for child in token.children or ()):
        if one.type == "image":
            one.type, one.tag, one.children = "text", "", None
        elif one.type == "link_open":
            one.attrSet("href", lead(str(one.attrGet("href") or "")))
    return tokens


def _links(tokens: "Sequence[Token]") -> Iterator[tuple[str, str]]:
    for token in tokens:
        href, words = "", ""
        for one in token.children or ():
            if one.type == "link_open":
                href, words = str(one.attrGet("href") or ""), ""
            elif one.type == "link_close":
                yield href, words.strip()
            else:
                words += one.content


def _words(token: "Token", *, written_out: bool = False) -> str:
    said, href, begun = "", "", 0
    for one in token.children or ():
        match one.type:
            case "softbreak":
                said += " "
            case "hardbreak":
                said += "\n"
            case "link_open":
                href, begun = str(one.attrGet("href") or ""), len(said)
            case "link_close":
                if written_out and said[begun:] != href:
                    said += f" ({href})"
            case _:
                said += one.content
    return said


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415

    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
