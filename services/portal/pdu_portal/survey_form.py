"""The form of a survey: what was typed, what is sent on, and where a refusal belongs.

A field is named by the part of an answer that it fills, the question, and the option:
`option:core.confidence`, `tick:fu.shared_with:managers`, `rank:ev.rank_impact:confidence`,
`number:…`, `text:…`. What counts as an answer is for resources to say.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from pdu_portal.form import Form, key_of
from pdu_portal.shapes import Refusal, Wrong
from pdu_portal.survey_shapes import DOES_NOT_APPLY, Question, Survey

# More than any answers that resources takes: 64 KiB, each byte of which may be sent as three.
LARGEST = 256 * 1024
MOST_FIELDS = 1000
CONSENTS = ("evaluation", "quote", "link")
CONSENT = "consent_evaluation"
ABOUT = ("sector", "work_field")
FIGURES = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")

AGREE_FIRST = (
    "Tick the first box if we may use your answers. "
    "If you would rather not, no answer is kept, and that is all right"
)
CHANGED = (
    "The questions have changed since you opened this page. "
    "What you typed is still here; please look through it and send it once more"
)
RANKS = "Give 1, 2, 3 and so on, each of them once"
NOT_SENT = "Your answers could not be kept. They are still here; please send them once more"
OWN_WORDS = {
    "consent": AGREE_FIRST,
    "contradiction": "Give an answer, or tick that it does not apply, but not both",
    "control-character": "There is a sign in this text that we cannot keep. Please type it again",
    "too-long": "Use no more than 4,000 letters",
    "unknown-code": "Choose one from the list, or leave it open",
    "unknown-option": "Choose from what is offered, or leave it open",
}


def read(sent: Mapping[str, str]) -> Form:
    """The form as it was sent. Nothing in it is judged here."""
    # Browsers end lines with two signs, and people count one.
    values = {name: said.replace("\r\n", "\n").strip() for name, said in sent.items()}
    return Form(key_of(sent), {name: said for name, said in values.items() if name != "key"})


def submission(form: Form) -> dict[str, object]:
    """What is sent to resources."""
    about = {name: form.value(name) for name in ABOUT if form.value(name)}
    consent = {name: form.value(f"consent_{name}") == "yes" for name in CONSENTS}
    return {"consent": consent, **about, "answers": _answers(form)}


def with_refusal(form: Form, refusal: Refusal, survey: Survey) -> Form:
    """The form with what resources said is wrong, in the order of the page."""
    errors: dict[str, str] = {}
    for name, words in _errors(form, refusal, survey):
        errors.setdefault(name, words)
    fields = [name for question in survey.questions for name in question.fields]
    order = [CONSENT, *fields, *ABOUT]
    in_order = {name: errors[name] for name in order if name in errors}
    trouble = ""
    if not in_order:
        trouble = CHANGED if refusal.errors else refusal.detail or refusal.title or NOT_SENT
    # What was refused is remembered with its key: another try is another question.
    return Form(values=form.values, errors=in_order, trouble=trouble)


def _answers(form: Form) -> list[dict[str, Any]]:
    given: dict[str, dict[str, Any]] = {}
    for name, said in form.values.items():
        part, _, about = name.partition(":")
        code, _, option = about.partition(":")
        if not (code and said):
            continue
        answer = given.setdefault(code, {"question": code})
        match part:
            case "option" | "tick" if DOES_NOT_APPLY.code in {said, option}:
                answer["not_applicable"] = True
            case "option":
                answer["options"] = [said]
            case "tick":
                answer.setdefault("options", []).append(option)
            case "rank":
                answer.setdefault("ranks", []).append({"option": option, "rank": _number(said)})
            case "number":
                answer["number"] = _number(said)
            case "text":
                answer["text"] = said
    return list(given.values())


def _number(said: str) -> float | str:
    """The number, or what was typed instead, for resources to refuse."""
    if not FIGURES.fullmatch(said):
        return said
    return float(said) if "." in said else int(said)


def _errors(form: Form, refusal: Refusal, survey: Survey) -> Iterator[tuple[str, str]]:
    questions = {question.code: question for question in survey.questions}
    sent = [questions.get(answer["question"]) for answer in _answers(form)]
    for wrong in refusal.errors:
        match wrong.pointer.split("/")[1:]:
            case ["consent", *_]:
                yield CONSENT, AGREE_FIRST
            case [name] if name in ABOUT:
                yield name, _words(wrong)
            case ["answers", place, *_] if place.isdecimal() and int(place) < len(sent):
                if question := sent[int(place)]:
                    yield _at(question, form, wrong)


def _at(question: Question, form: Form, wrong: Wrong) -> tuple[str, str]:
    if wrong.code not in OWN_WORDS:
        match question.type:
            case "ranking":
                return _out_of_order(question, form)
            case "number":
                return question.field, f"Write {question.bounds}, in figures, or leave it open"
    return question.field, _words(wrong)


def _out_of_order(question: Question, form: Form) -> tuple[str, str]:
    """Where places stop being an order, and how: one is given twice, or one is left out."""
    said = [(_number(form.value(name)), name) for name in question.fields]
    given = [(number, name) for number, name in said if isinstance(number, int)]
    times = Counter(place for place, _ in given)
    if twice := min((place for place in times if times[place] > 1), default=None):
        *_, last = (name for place, name in given if place == twice)
        return last, f"More than one thing is number {twice}. Choose which comes first"
    for number, (place, name) in enumerate(sorted(given), start=1):
        if place != number:
            return name, f"Nothing is number {number}. Give 1, 2, 3 and so on, without a gap"
    return question.field, RANKS


def _words(wrong: Wrong) -> str:
    return OWN_WORDS.get(wrong.code) or wrong.detail or "Look at this once more, please"
