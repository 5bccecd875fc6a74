"""How a page is made: templates, the component macros, and the frame around them."""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from pdu_portal import words
from pdu_portal.assets import Assets
from pdu_portal.form import Form
from pdu_portal.settings import Settings
from pdu_portal.shapes import Term
from pdu_portal.survey_shapes import Question

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


class Pages:
    """Every template with its macros and filters, and the files they name."""

    def __init__(self, settings: Settings) -> None:
        self.assets = Assets()
        self._frame = {"asset": self.assets.address, "settings": settings}

    def page(
        self, template: str, context: Mapping[str, object], *, status: int = 200
    ) -> HTMLResponse:
        """A whole page."""
        return HTMLResponse(self.part(template, context), status, NOT_KEPT)

    def part(self, template: str, context: Mapping[str, object]) -> str:
        """The mark-up of a template, such as one row of the board."""
        return _templates().get_template(template).render(self._frame, **context)


@functools.cache
def _templates() -> Environment:
    macros = PackageLoader("govuk_frontend_jinja")
    ours = PackageLoader("pdu_portal")
    environment = Environment(
        loader=ChoiceLoader([ours, PrefixLoader({"govuk_frontend_jinja": macros})]),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name, macro in MACROS.items():
        path = f"govuk_frontend_jinja/components/{name.replace('_', '-')}/macro.html"
        environment.globals[name] = getattr(environment.get_template(path).module, f"govuk{macro}")
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
