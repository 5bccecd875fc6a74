"""How a page is made: templates, the component macros, and the frame around them."""

import copy
import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self, TypeAlias, cast

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from pdu_portal import words
from pdu_portal.areas import areas_of, works
from pdu_portal.assets import Assets
from pdu_portal.form import Form
from pdu_portal.settings import Settings
from pdu_portal.shapes import Term
from pdu_portal.survey_shapes import Question
from pdu_portal.viewer import Viewer

# Pages carry places left, forms and people's own bookings: nothing between us may keep them.
NOT_KEPT = {"Cache-Control": "no-store"}
MACROS = {
    "back_link": "BackLink",
    "button": "Button",
    "checkboxes": "Checkboxes",
    "error_summary": "ErrorSummary",
    "fieldset": "Fieldset",
    "hint": "Hint",
    "input": "Input",
    "panel": "Panel",
    "radios": "Radios",
    "select": "Select",
    "skip_link": "SkipLink",
    "summary_list": "SummaryList",
    "tag": "Tag",
    "textarea": "Textarea",
}


_Macro: TypeAlias = Callable[[Mapping[str, Any]], Markup]


class Pages:
    """Every template with its macros and filters, and the files they name."""

    def __init__(self, settings: Settings) -> None:
        self.assets = Assets()
        self._frame: dict[str, object] = {
            "asset": self.assets.address,
            "settings": settings,
            "viewer": None,
            "areas": areas_of(()),
        }

    def seen_by(self, viewer: Viewer, key: str) -> Self:
        """The same pages as this viewer sees them; `key` is for the forms of one page."""
        seen = copy.copy(self)
        seen._frame = {  # noqa: SLF001 - of ourselves
            **self._frame,
            "viewer": viewer,
            "areas": areas_of(viewer.roles),
            "works": works(viewer.roles),
            "viewers_key": key,
        }
        return seen

    def visited(self, key: str) -> Self:
        """The same pages as visitors see them, for somebody who has signed in and goes back."""
        seen = copy.copy(self)
        seen._frame = {**self._frame, "way_back": key}  # noqa: SLF001 - of ourselves
        return seen

    def page(
        self, template: str, context: Mapping[str, object], *, status: int = 200
    ) -> HTMLResponse:
        """A whole page."""
        return HTMLResponse(self.part(template, context), status, NOT_KEPT)

    def part(self, template: str, context: Mapping[str, object]) -> str:
        """The mark-up of a template, such as one row of the board."""
        return _templates().get_template(template).render(self._frame, **context)


class _Template(Template):
    """A template as it is imported by others: made once, for nobody gives one globals of its own.

    Jinja compares the globals of both each time, which was a quarter of what a page takes.
    """

    def _get_default_module(self, _ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


class _Environment(Environment):
    template_class = _Template


@functools.cache
def _templates() -> Environment:
    macros = PackageLoader("govuk_frontend_jinja")
    ours = PackageLoader("pdu_portal")
    environment = _Environment(
        loader=ChoiceLoader([ours, PrefixLoader({"govuk_frontend_jinja": macros})]),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name, macro in MACROS.items():
        path = f"govuk_frontend_jinja/components/{name.replace('_', '-')}/macro.html"
        environment.globals[name] = getattr(environment.get_template(path).module, f"govuk{macro}")
    tag, select = (cast("_Macro", environment.globals[name]) for name in ("tag", "select"))
    environment.globals |= {"tag": _made_once(tag), "narrowed_by": _narrowed_by(select)}
    for word in (
        words.clock,
        words.day,
        words.detail,
        words.costs,
        words.happened,
        words.hours,
        words.kind,
        words.lasting,
        words.local,
        words.long_day,
        words.mode,
        words.places,
        words.plain,
        words.took,
        words.waiting,
        words.where,
    ):
        environment.filters[word.__name__] = word
    environment.filters["breakable"] = _breakable
    environment.globals["choices"] = _choices
    environment.globals["ticks"] = _ticks
    return environment


def _made_once(macro: _Macro) -> _Macro:
    """The same mark-up for the same words: a page holds many tags, and few different ones."""

    @functools.lru_cache(maxsize=512)
    def made(told: tuple[tuple[str, str], ...]) -> Markup:
        return macro(dict(told))

    return lambda told: made(tuple(told.items()))


def _narrowed_by(select: _Macro) -> Callable[[str, str, str, str, Iterable[Term]], Markup]:
    """A list by which another is narrowed; most people look at the same few of them."""

    @functools.lru_cache(maxsize=256)
    def made(name: str, label: str, value: str, items: tuple[tuple[str, str], ...]) -> Markup:
        offered = [{"value": code, "text": text} for code, text in items]
        about = {"id": name, "name": name, "label": {"text": label}}
        return select({**about, "value": value, "items": offered})

    def narrowed_by(name: str, label: str, first: str, value: str, terms: Iterable[Term]) -> Markup:
        return made(name, label, value, (("", first), *((one.code, one.label) for one in terms)))

    return narrowed_by


def _choices(terms: Iterable[Term]) -> list[dict[str, str]]:
    """A list as the macros for radios and selects want it."""
    return [{"value": term.code, "text": term.label} for term in terms]


def _ticks(form: Form, question: Question) -> list[dict[str, object]]:
    """The options of a question that takes several, as the macro for checkboxes wants them."""
    return [
        {"name": name, "value": "yes", "text": term.label, "checked": form.value(name) == "yes"}
        for name, term in zip(question.fields, question.offered, strict=True)
    ]


def _breakable(name: Any) -> Markup:  # noqa: ANN401 whatever a template holds
    """A message's name that may break between its words on a narrow screen."""
    return Markup(re.sub(r"(?<=[a-z])(?=[A-Z])", "<wbr>", str(escape(name))))  # noqa: S704 escaped
