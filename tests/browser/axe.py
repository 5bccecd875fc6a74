"""What axe finds wrong with a page, and whether a page reaches beyond its screen."""

import json

import pytest

STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
BEYOND = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LARGE = "html { font-size: 212.5% }"
ROOMY = "* { line-height: 1.5 !important; letter-spacing: .12em !important }"
SPACED = "* { word-spacing: .16em !important }"
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}


def violations(page, *, only: tuple[str, ...] | None = STANDARDS) -> list[tuple[str, str]]:
    """Each rule that the page breaks, and where it first does."""
    script, look = _looking(only)
    page.evaluate(script)
    return _told(page.evaluate(look))


async def violations_of(page) -> list[tuple[str, str]]:
    """The same for a page whose browser is driven asynchronously."""
    script, look = _looking(STANDARDS)
    await page.evaluate(script)
    return _told(await page.evaluate(look))


def _looking(only: tuple[str, ...] | None) -> tuple[str, str]:
    axe = pytest.importorskip("axe_playwright_python.base", reason="axe is missing")
    # To describe all that is well takes axe longer than to find what is not.
    options = {
        "preload": False,
        "resultTypes": ["violations"],
        **({"runOnly": only} if only else {}),
    }
    return axe.AXE_SCRIPT, f"axe.run({json.dumps(options)}).then((all) => all.violations)"


def _told(found: list[dict]) -> list[tuple[str, str]]:
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


def too_wide(page) -> list[str]:
    """In which of its shapes the page scrolls sideways: it is loaded once, and wears each in turn.

    The page was opened with `bypass_csp=True`.
    """
    page.set_viewport_size(NARROW)
    beyond = [style for style in ("", ROOMY, SPACED) if _reaches_beyond(page, style)]
    page.set_viewport_size(WIDE)
    return beyond + [LARGE] * _reaches_beyond(page, LARGE)


def _reaches_beyond(page, style: str) -> bool:
    worn = page.add_style_tag(content=style) if style else None
    beyond = page.evaluate(BEYOND)
    if worn:
        worn.evaluate("(it) => it.remove()")
    return beyond > 0
