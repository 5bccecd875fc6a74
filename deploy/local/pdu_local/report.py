"""`./pdu report`: the annual report of a project year, as a file to print or to pass on."""

from pathlib import Path
from time import perf_counter

from pdu_local.failure import USAGE, Failure
from pdu_local.figures import failure_of, reporting

FORMATS = {".pdf": "pdf", ".html": "html", ".json": "json"}
PACK = ".zip"


def report(year: str, out: Path | None, *, team: bool) -> str:
    """Write the report, or with `.zip` the evidence pack; say where and how large it is.

    Raises `Failure` with what is wrong.
    """
    path = out or Path(f"annual-report-{year}.pdf")
    if path.suffix not in {*FORMATS, PACK}:
        raise Failure(
            f"{path.name} is of no kind that a report can be.",
            f"Let its name end with {', '.join((*FORMATS, PACK))}.",
            code=USAGE,
        )
    asked = {
        "project_year": year,
        "audience": "team" if team else "published",
    }
    route = "evidence" if path.suffix == PACK else "annual"
    if path.suffix in FORMATS:
        asked["format"] = FORMATS[path.suffix]
    began = perf_counter()
    with reporting() as http:
        answer = http.get(f"/reports/{route}", params=asked)
    if answer.is_error:
        raise failure_of(answer)
    try:
        path.write_bytes(answer.content)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}.", code=USAGE) from None
    size = len(answer.content) / 1024
    for_whom = "for the team" if team else "small numbers withheld"
    return f"{path}: {size:,.0f} kB in {perf_counter() - began:.1f} s, {for_whom}."
