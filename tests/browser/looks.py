"""What is wrong with a page for whoever has no mouse, chose their own colours, or prints it."""

PAPER = {"width": 680, "height": 960}
"""As wide as a sheet of A4 between its margins."""

# A group of radio buttons is one stop, at the one that is chosen.
STOPS = """
const stops = () => {
    const all = [...document.querySelectorAll(
        "a[href], button, input, select, textarea, summary, video, audio, [tabindex]")];
    const groups = new Set();
    return all.filter((one) => {
        if (one.disabled || one.tabIndex < 0) return false;
        if (!one.checkVisibility({ visibilityProperty: true })) return false;
        if (one.type !== "radio") return true;
        const group = all.filter((other) => other.name === one.name && other.form === one.form);
        const stop = group.find((other) => other.checked) ?? group[0];
        return one === stop;
    });
};
const told = (one) => one.outerHTML.slice(0, 160);
"""
FOCUS = (
    "() => {"
    + STOPS
    + """
    const wrong = [];
    for (const one of stops()) {
        one.focus({ focusVisible: true });
        const worn = [one, one.closest("label")].filter(Boolean).map((it) => getComputedStyle(it));
        const box = one.getBoundingClientRect();
        const dock = document.querySelector(".dock");
        const over = dock && !dock.contains(one) ? dock.getBoundingClientRect() : null;
        const behind = over && box.top >= over.top && box.bottom <= over.bottom;
        const ringed = (it) => it.outlineStyle !== "none" && parseFloat(it.outlineWidth) >= 2;
        if (document.activeElement !== one) wrong.push("takes no focus: " + told(one));
        else if (!worn.some(ringed)) wrong.push("nobody sees that it has focus: " + told(one));
        else if (behind || box.bottom <= 0 || box.top >= innerHeight)
            wrong.push("out of sight: " + told(one));
        else if (box.left < -1 || box.right > innerWidth + 1) wrong.push("cut off: " + told(one));
    }
    return wrong;
}"""
)
MARKED = "() => {" + STOPS + "stops().forEach((one, at) => { one.dataset.stop = at; }); }"
TABBED = """() => {
    const at = document.activeElement?.dataset?.stop;
    return at === undefined ? null : Number(at);
}"""
COLOURLESS = """() => {
    const drawn = (one) => {
        if (one.children.length || one.textContent.trim() || one.closest("svg")) return false;
        if (!one.matches("span, div, i, b") || !one.checkVisibility()) return false;
        const worn = getComputedStyle(one), box = one.getBoundingClientRect();
        if (box.width < 4 || box.height < 4) return false;
        return worn.forcedColorAdjust !== "none" && worn.borderStyle === "none";
    };
    const same = (one) => {
        const among = one.closest("ul, ol, nav, p, div").querySelectorAll("a, button");
        const other = [...among].find((it) => it !== one && !it.hasAttribute("aria-current"));
        if (!other) return false;
        const [mine, theirs] = [getComputedStyle(one), getComputedStyle(other)];
        const looks = ["color", "backgroundColor", "borderStyle", "fontWeight"];
        return looks.every((look) => mine[look] === theirs[look]);
    };
    const lost = [...document.querySelectorAll("main *")].filter(drawn);
    const alike = [...document.querySelectorAll("[aria-current]")].filter(same);
    return [...lost, ...alike].map((one) => one.outerHTML.slice(0, 160));
}"""
PRINTED = """() => {
    const shown = (chosen) => [...document.querySelectorAll(chosen)].filter(
        (one) => one.checkVisibility());
    const beyond = (one) => one.scrollWidth > one.clientWidth + 1
        || one.getBoundingClientRect().right > innerWidth + 1;
    const sticks = (one) => ["fixed", "sticky"].includes(getComputedStyle(one).position);
    return [
        ...shown(".site-nav, .account, button, .govuk-button, .govuk-skip-link"),
        ...shown(".scroll, table").filter(beyond),
        ...shown("body *").filter(sticks),
    ].map((one) => one.outerHTML.slice(0, 160));
}"""
CUT = """() => [...document.querySelectorAll("body *")].filter((one) => {
    const scrolls = "input, svg *, .govuk-visually-hidden, .scroll *";
    if (!one.checkVisibility() || one.matches(scrolls)) return false;
    const worn = getComputedStyle(one);
    const hides = (how) => ["hidden", "clip"].includes(how);
    return (hides(worn.overflowX) && one.scrollWidth > one.clientWidth + 1)
        || (hides(worn.overflowY) && one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 160))"""


def without_a_mouse(page) -> list[str]:
    """What takes no focus, shows none, or cannot be seen when it has it."""
    # What is focused after a key was pressed is ringed.
    page.keyboard.press("Tab")
    return page.evaluate(FOCUS)


def out_of_order(page) -> list[object]:
    """Where the Tab key goes another way than the page is read, or does not go on."""
    page.evaluate(f"{{ document.activeElement.blur(); window.scrollTo(0, 0); ({MARKED})() }}")
    last = page.evaluate("document.querySelectorAll('[data-stop]').length")
    page.evaluate("getSelection().setPosition(document.body, 0)")
    went: list[object] = []
    # A day is typed in three parts, and a player has knobs of its own.
    for _ in range(last * 3 + 9):
        page.keyboard.press("Tab")
        at = page.evaluate(TABBED)
        went += [at] if went[-1:] != [at] else []
        if at == last - 1 or at is None:
            break
    return [] if went == list(range(last)) else went


def in_forced_colours(page) -> list[str]:
    """What only its colour tells, when whoever reads has chosen the colours."""
    page.emulate_media(forced_colors="active")
    found = page.evaluate(COLOURLESS) + without_a_mouse(page)
    page.emulate_media(forced_colors="none")
    return found


def on_paper(page) -> list[str]:
    """What is printed and only works on a screen, and what is wider than the paper."""
    before = page.viewport_size
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    found = page.evaluate(PRINTED)
    page.emulate_media(media="screen")
    page.set_viewport_size(before)
    return found
